//go:build linux

package matrix_test

import (
	"crypto/x509"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/test/peers/coredns"
)

// Who stands in front of the server, and who only says so.
var (
	balancer  = netip.MustParseAddr("127.90.0.1")
	forwarder = netip.MustParseAddr("127.91.0.1")
	outsiders = []netip.Addr{
		netip.MustParseAddr("127.43.7.7"), // of the VPC wild
		netip.MustParseAddr("127.41.7.7"), // of the VPC branch
		netip.MustParseAddr("127.92.0.1"), // of none
	}
)

// ports are where one way of serving is asked, over each transport.
type ports struct{ plain, tls, https, quic netip.AddrPort }

// serving is our server: directly, directly without the fast path, and behind balancers.
type serving struct{ fast, slow, proxied ports }

// start starts the server. Every way has the same topology, so that all differ only in
// how a client comes.
func start(t *testing.T) serving {
	t.Helper()
	dir := t.TempDir()
	topology := filepath.Join(dir, "topology.yaml")
	write(t, topology, topologyText())
	certificate, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	peers.Certify(t, x509.Certificate{NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}, certificate, key)
	var corefile strings.Builder
	serve := func(fastpath, further string) (p ports) {
		lines := fmt.Sprintf("%sauralink %s {\nfastpath %s\ntrust_ecs %s\nstrangers pass\n}\n%s", further, topology, fastpath, forwarder, coredns.Upstream)
		secure := "tls " + certificate + " " + key + "\n" + lines
		for _, block := range []struct {
			at     *netip.AddrPort
			scheme string
			lines  string
		}{{&p.plain, "", lines}, {&p.tls, "tls://", secure}, {&p.https, "https://", secure}, {&p.quic, "quic://", secure}} {
			*block.at = peers.FreePort(t, peers.Loopback())
			corefile.WriteString(block.scheme + coredns.Block(*block.at, block.lines))
		}
		return p
	}
	s := serving{
		fast:    serve("2", ""),
		slow:    serve("off", ""),
		proxied: serve("2", fmt.Sprintf("proxyproto {\nallow %s/32\nudp_session_tracking 1m\n}\n", balancer)),
	}
	coredns.Start(t, corefile.String())
	return s
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
