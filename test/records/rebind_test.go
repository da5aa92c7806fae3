package records_test

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/test/peers/coredns"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

const rebindTopology = `regions:
  east: {orchestras: ["0000"]}
  west: {orchestras: ["0042"], extra_names: [graph.example.org]}
vpcs:
  apps:
    links: {east: [10.0.0.1, "fd00::1"], west: [10.0.0.2]}
custom_endpoints: {sales-ab12-cd34: east, stock-ab12-cd34: west}
`

// rebindNames have private addresses, which protection from rebinding takes away.
var rebindNames = map[string]string{
	"production-orch-0000.neo4j.io.": "[10.0.0.1]", "abcd1234.production-orch-0000.neo4j.io.": "[10.0.0.1]",
	"abcd1234.production-orch-0042.neo4j.io.": "[10.0.0.2]", "sales-ab12-cd34.endpoints.neo4j.io.": "[10.0.0.1]",
	"a-stock-ab12-cd34.endpoints.neo4j.io.": "[10.0.0.2]", "other-xy98-zz76.endpoints.neo4j.io.": fromDNS, "api.neo4j.io.": fromDNS,
	"graph.example.org.": "[10.0.0.2]", "below.graph.example.org.": fromDNS, "example.org.": fromDNS, "below.sales-ab12-cd34.endpoints.neo4j.io.": nothing,
}

// serverOfOurs is the server in exports, in whose place tests put one on loopback.
var serverOfOurs = netip.MustParseAddr("10.0.0.53")

// behind are resolvers with protection from rebinding, and what sends them to our server.
var behind = []struct {
	name, format string
	// exemption is what the export has so that the protection leaves its domains alone.
	exemption *regexp.Regexp
	// at is how the resolver writes an address with a port, for Sprintf.
	at string
	// public is what becomes of public answers: dnsmasq takes the address that stands for
	// them (RFC 5737) for one of a private network.
	public string
	peer   func(text string, public netip.AddrPort) peers.Peer
}{
	{
		name: "dnsmasq", format: "dnsmasq-forward", exemption: regexp.MustCompile(`(?m)^rebind-domain-ok=.*$`), at: "%s#%d", public: nothing,
		peer: func(text string, public netip.AddrPort) peers.Peer {
			return peers.Dnsmasq(peers.Resolving{Upstream: public, Files: map[string]string{"dnsmasq.conf": "stop-dns-rebind\n" + text}})
		},
	},
	{
		name: "Unbound", format: "unbound-forward", exemption: regexp.MustCompile(`(?m)^\tprivate-domain: .*$`), at: "%s@%d", public: fromDNS,
		peer: func(text string, public netip.AddrPort) peers.Peer { // which has private-address
			return peers.Unbound(peers.Resolving{Upstream: public, Files: map[string]string{"unbound.conf": text}})
		},
	},
	{
		name: "BIND", format: "bind-forward", exemption: regexp.MustCompile(`except-from \{[^}]*\};`), at: "%s port %d", public: fromDNS,
		peer: func(text string, public netip.AddrPort) peers.Peer {
			exceptions := regexp.MustCompile(`except-from (\{[^}]*\})`).FindString(text)
			return peers.BINDResolver(peers.Resolving{Upstream: public, Files: map[string]string{
				"named.conf": text, "named-options.conf": "deny-answer-addresses { 10.0.0.0/8; fd00::/8; } " + exceptions + ";\n",
			}})
		},
	},
}

// TestRebinding: a resolver with protection from rebinding gives the view's answers by the
// export for it, and would not without its exemptions.
func TestRebinding(t *testing.T) {
	public := peers.Public(t)
	ours := startOurs(t, public)
	for _, tt := range behind {
		for _, shape := range []zones.Shape{zones.ShapePerName, zones.ShapeOneZone} {
			t.Run(tt.name+" "+string(shape), func(t *testing.T) {
				text := strings.ReplaceAll(exportTo(t, tt.format, shape, nil), serverOfOurs.String(), fmt.Sprintf(tt.at, ours.Addr(), ours.Port()))
				if !tt.exemption.MatchString(text) {
					t.Fatalf("there is no exemption:\n%s", text)
				}
				server := peers.Start(t, tt.peer(text, public))[0]
				for name, want := range rebindNames {
					got := answered(t, server.Addr, name, dns.TypeA)
					if want == fromDNS && got == tt.public {
						continue // which an exempted domain's names below are not
					}
					if got != want {
						t.Errorf("%s: %s, want %s", name, got, want)
					}
				}
				bare := peers.Start(t, tt.peer(tt.exemption.ReplaceAllString(text, ""), public))[0]
				if got := answered(t, bare.Addr, "sales-ab12-cd34.endpoints.neo4j.io.", dns.TypeA); got != nothing {
					t.Errorf("without exemptions it answers %s: it protects from nothing", got)
				}
			})
		}
	}
}

// TestStubDomains: a CoreDNS with the stub domains of an export gives the view's answers,
// and asks public DNS for all else.
func TestStubDomains(t *testing.T) {
	public := peers.Public(t)
	ours := startOurs(t, public)
	for _, shape := range []zones.Shape{zones.ShapePerName, zones.ShapeOneZone} {
		t.Run(string(shape), func(t *testing.T) {
			at := peers.FreePort(t, peers.Loopback())
			text := exportTo(t, "coredns-forward", shape, map[string]string{"port": strconv.Itoa(int(at.Port()))})
			text = strings.ReplaceAll(text, serverOfOurs.String(), ours.String())
			text = strings.ReplaceAll(text, "\terrors\n", "\terrors\n\tbind "+at.Addr().String()+"\n") // tests use loopback alone
			coredns.Start(t, text+coredns.Block(at, "forward . "+public.String()+"\n"))
			for name, want := range rebindNames {
				if got := answered(t, at, name, dns.TypeA); got != want {
					t.Errorf("%s: %s, want %s", name, got, want)
				}
			}
		})
	}
}

// startOurs starts our server for the topology, with public DNS behind it.
func startOurs(t *testing.T, public netip.AddrPort) netip.AddrPort {
	t.Helper()
	path := filepath.Join(t.TempDir(), "topology.yaml")
	if err := os.WriteFile(path, []byte(rebindTopology), 0o600); err != nil {
		t.Fatal(err)
	}
	at := peers.FreePort(t, peers.Loopback())
	coredns.Start(t, coredns.Block(at, "auralink "+path+" {\nfallthrough\n}\nforward . "+public.String()+"\n"))
	return at
}

// exportTo writes the one file of a format that sends clients to our server.
func exportTo(t *testing.T, format string, shape zones.Shape, values map[string]string) string {
	t.Helper()
	p, _, err := plan.Read(strings.NewReader(rebindTopology))
	if err != nil {
		t.Fatal(err)
	}
	f, _ := all.Named(format)
	files, err := f.Files(p.Views()[0], formats.Options{Shape: shape, Servers: []netip.Addr{serverOfOurs}, Values: values})
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for file := range files {
		if err := file.Write(&text, 1); err != nil {
			t.Fatal(err)
		}
	}
	return text.String()
}
