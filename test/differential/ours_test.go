package differential_test

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/fastpath"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/test/peers/coredns"
)

// ours is our own server with one topology. Over UDP the fast path answers, over
// TCP the slow one.
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
	if runtime.GOOS == "linux" {
		t.Cleanup(func() { o.checkFast(t, vpcs) })
	}
	return o
}

// checkFast makes sure that the fast path answered what was asked over UDP, if any VPC
// has something to be asked for. Over TCP it did not.
func (o ours) checkFast(t *testing.T, vpcs []topology.VPC) {
	status := fastpath.Opened()
	answered, linked := uint64(0), false
	for _, vpc := range vpcs {
		at := o.pinned[vpc.Name].String()
		one, ok := status[at]
		if !ok {
			t.Errorf("VPC %s: no fast path on %s", vpc.Name, at)
		}
		answered += one.Counts.Answered
		linked = linked || len(vpc.Links) > 0
	}
	if linked && answered == 0 && !t.Skipped() {
		t.Error("the fast path answered nothing")
	}
}
