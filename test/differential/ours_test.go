package differential_test

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/test/peers/coredns"
)

// ours is our own server with one topology.
type ours struct {
	// pinned answers as one VPC, whoever asks: by the VPC's name.
	pinned map[string]netip.AddrPort
	// byClient answers each client as the VPC that it is in.
	byClient netip.AddrPort
}

// startOurs starts a CoreDNS with a server block for each VPC, and one for all.
func startOurs(t *testing.T, text string, vpcs []topology.VPC) ours {
	t.Helper()
	path := filepath.Join(t.TempDir(), "topology.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	o := ours{pinned: make(map[string]netip.AddrPort), byClient: peers.FreePort(t, peers.Loopback())}
	var corefile strings.Builder
	corefile.WriteString(coredns.Block(o.byClient, "auralink "+path+"\n"+coredns.Upstream))
	for _, vpc := range vpcs {
		at := peers.FreePort(t, peers.Loopback())
		o.pinned[vpc.Name] = at
		corefile.WriteString(coredns.Block(at, fmt.Sprintf("auralink %s {\nvpc %s\n}\n%s", path, vpc.Name, coredns.Upstream)))
	}
	coredns.Start(t, corefile.String())
	return o
}
