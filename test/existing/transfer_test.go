package existing_test

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/test/peers/coredns"
	"github.com/auralink/auralink/zones"
)

// silentServer returns the address of a socket that never answers.
func silentServer(t *testing.T) netip.AddrPort {
	t.Helper()
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(peers.Loopback(), 0)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn.LocalAddr().(*net.UDPAddr).AddrPort()
}

// secret is that of the key of all servers here.
const secret = "c2VjcmV0IG9mIHRoZSB0ZXN0cyBvZiBhdXJhbGluaw=="

// withKey returns a peer that gives its zones only to those who have the key.
func withKey(peer peers.Peer) peers.Peer {
	configure := peer.Configure
	peer.Configure = func(at netip.AddrPort) peers.Setup {
		setup := configure(at)
		switch peer.Name {
		case "BIND":
			setup.Files["named.conf"] = fmt.Sprintf("key transfer { algorithm hmac-sha256; secret %q; };\n", secret) +
				strings.Replace(setup.Files["named.conf"], "options {", "options {\n  allow-transfer { key transfer; };", 1)
		case "Knot":
			keys := fmt.Sprintf("key:\n  - id: transfer\n    algorithm: hmac-sha256\n    secret: %s\n"+
				"acl:\n  - id: transfer\n    key: transfer\n    action: transfer\n", secret)
			setup.Files["knot.conf"] = keys + strings.Replace(setup.Files["knot.conf"], "  - id: default\n", "  - id: default\n    acl: transfer\n", 1)
		}
		return setup
	}
	return peer
}

func key(t *testing.T, text string) *existing.Key {
	t.Helper()
	k, err := existing.ParseKey(text)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestTransferEqual: what BIND and Knot give to those who have the key is what
// the plan wants, in either shape.
func TestTransferEqual(t *testing.T) {
	for name, topology := range numbered(t) {
		for _, shape := range shapes {
			t.Run(fmt.Sprintf("%s %s", name, shape), func(t *testing.T) {
				vpc := planned(t, topology)
				if len(vpc.View.Zones) == 0 {
					t.Skip("a server without zones refuses everything, which another test shows")
				}
				loaded := exported(t, vpc.View, shape)
				servers := []peers.Peer{withKey(peers.Knot(loaded)), withKey(peers.BIND(loaded))}
				if !slices.Contains(withAllServers, name) {
					servers = servers[:1]
				}
				for _, server := range peers.Start(t, servers...) {
					found, err := existing.Transfer(t.Context(), existing.Server{
						Address: server.Addr.String(), Timeout: existing.DefaultTimeout, Key: key(t, "hmac-sha256:transfer:"+secret),
					}, vpc.View)
					if err != nil {
						t.Fatalf("%s: %v", server.Peer.Name, err)
					}
					if d := cmp.Diff("", compared(vpc, found.Set)); d != "" {
						t.Errorf("%s (-want +got):\n%s", server.Peer.Name, d)
					}
				}
			})
		}
	}
}

// TestTransferStaleWildcard: the zone with the wildcard is found beside the zones
// of single names that took its place.
func TestTransferStaleWildcard(t *testing.T) {
	vpc := planned(t, twoLinks)
	loaded := append(exported(t, vpc.View, zones.ShapePerName), exported(t, planned(t, oneLink).View, zones.ShapePerName)[0])
	server := peers.Start(t, withKey(peers.Knot(loaded)))[0]
	found, err := existing.Transfer(t.Context(), existing.Server{
		Address: server.Addr.String(), Timeout: existing.DefaultTimeout, Key: key(t, "hmac-sha256:transfer:"+secret),
	}, vpc.View)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff("flip endpoints.neo4j.io.\nremoved *.endpoints.neo4j.io.\n", compared(vpc, found.Set)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestTransferProblems: each way in which a transfer fails is said in a sentence.
func TestTransferProblems(t *testing.T) {
	vpc := planned(t, oneLink)
	loaded := exported(t, vpc.View, zones.ShapePerName)
	servers := peers.Start(t, withKey(peers.BIND(loaded)), withKey(peers.Knot(loaded)), peers.NSD(nil))
	bind, knot, nothing := servers[0].Addr, servers[1].Addr, servers[2].Addr
	other := "b3RoZXI="
	badKey := "the server does not accept the key (NOTAUTH): are name, algorithm and secret the ones it has, and is the time right?"
	tests := []struct {
		name, key string
		at        netip.AddrPort
		want      string
	}{
		{
			"BIND without a key", "", bind,
			"asking ADDR for the transfer of zone endpoints.neo4j.io: the server refuses (REFUSED): it does not serve this client, or this name; --source chooses the address to ask from",
		},
		{
			"Knot without a key", "", knot,
			"asking ADDR for the transfer of zone endpoints.neo4j.io: the server is not authoritative for it (NOTAUTH)",
		},
		{"BIND, another secret", "hmac-sha256:transfer:" + other, bind, "asking ADDR for the start of zone endpoints.neo4j.io: " + badKey},
		{"Knot, another secret", "hmac-sha256:transfer:" + other, knot, "asking ADDR for the start of zone endpoints.neo4j.io: " + badKey},
		{"BIND, another name", "hmac-sha256:other:" + secret, bind, "asking ADDR for the start of zone endpoints.neo4j.io: " + badKey},
		{"Knot, another algorithm", "hmac-sha512:transfer:" + secret, knot, "asking ADDR for the start of zone endpoints.neo4j.io: " + badKey},
		{"none of the zones", "", nothing, "ADDR: the server refuses all zones of the view, 2 of 2: does it have them, and may this client ask?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := existing.Server{Address: tt.at.String(), Timeout: existing.DefaultTimeout}
			if tt.key != "" {
				s.Key = key(t, tt.key)
			}
			view := vpc.View
			view.Zones = view.Zones[:1] // one at a time: the first error is told
			if tt.at == nothing {
				view = vpc.View
			}
			_, err := existing.Transfer(t.Context(), s, view)
			if err == nil {
				t.Fatal("no error")
			}
			if d := cmp.Diff(strings.ReplaceAll(tt.want, "ADDR", tt.at.String()), err.Error()); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
	_, err := existing.Transfer(t.Context(), existing.Server{Address: nothing.String(), Timeout: existing.DefaultTimeout}, vpc.View)
	if !errors.Is(err, existing.ErrNoZones) {
		t.Errorf("error %v", err)
	}
}

// TestTransferOurs: our own server gives the zones of a pinned VPC.
func TestTransferOurs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "topology.yaml")
	if err := os.WriteFile(path, []byte(twoLinks), 0o600); err != nil {
		t.Fatal(err)
	}
	vpc := planned(t, twoLinks)
	var origins []string
	for _, zone := range vpc.View.Zones {
		origins = append(origins, zone.Origin)
	}
	at := peers.FreePort(t, peers.Loopback())
	coredns.Start(t, coredns.Block(at, fmt.Sprintf("auralink %s\ntransfer %s {\nto *\n}\n", path, strings.Join(origins, " "))))
	found, err := existing.Transfer(t.Context(), existing.Server{Address: at.String(), Timeout: existing.DefaultTimeout}, vpc.View)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff("", compared(vpc, found.Set)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
