package resolvers_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/test/peers/coredns"
)

// parentZone is the zone above ours, as a resolver has it that was given delegations.
const parentZone = `$ORIGIN neo4j.io.
@ 60 IN SOA ns hostmaster 1 900 300 86400 1
@ 60 IN NS ns
ns 60 IN A ` + parentAddr + `
aura 60 IN A ` + ourAddr + `
production-orch-0042 60 IN NS aura
endpoints 60 IN NS aura
`

// ourZones are those that a resolver in front of our server sends to it.
var ourZones = []string{"production-orch-0042.neo4j.io", "endpoints.neo4j.io"}

// perZone writes a stanza for each of the zones.
func perZone(stanza string, zones ...string) string {
	var b strings.Builder
	for _, zone := range zones {
		b.WriteString(strings.ReplaceAll(stanza, "ZONE", zone))
	}
	return b.String()
}

const (
	bindForward    = `zone "ZONE" { type forward; forward only; forwarders { ` + ourAddr + `; }; };` + "\n"
	bindStaticStub = `zone "ZONE" { type static-stub; server-addresses { ` + ourAddr + `; }; forwarders { }; };` + "\n"
	bindStub       = `zone "ZONE" { type stub; primaries { ` + ourAddr + `; }; forwarders { }; };` + "\n"
	bindDelegation = `zone "neo4j.io" { type static-stub; server-addresses { ` + parentAddr + `; }; forwarders { }; };` + "\n"

	unboundOptions    = "server:\n  private-domain: neo4j.io\n"
	unboundForward    = "forward-zone:\n  name: ZONE\n  forward-addr: " + ourAddr + "\n"
	unboundStub       = "stub-zone:\n  name: ZONE\n  stub-addr: " + ourAddr + "\n"
	unboundPrimed     = unboundStub + "  stub-prime: yes\n"
	unboundDelegation = "stub-zone:\n  name: neo4j.io\n  stub-addr: " + parentAddr + "\n"
)

// TestBehindResolvers: a real resolver that sends questions to our server has its
// answers, whatever it was asked before, above all for name servers. But one that has to
// learn first who the name servers are cannot (docs/dns.md).
func TestBehindResolvers(t *testing.T) {
	needNamespace(t)
	startPublic(t)
	startOurs(t, "")
	parent := filepath.Join(t.TempDir(), "neo4j.io.zone")
	writeFile(t, parent, parentZone)
	coredns.Start(t, coredns.Block(at(parentAddr), "file "+parent+" neo4j.io\n"))
	for _, tt := range []struct {
		name   string
		peer   peers.Peer
		lost   bool // it has no answers
		others bool // it asks our server for other names, too
	}{
		{name: "BIND, forward", peer: bind(perZone(bindForward, ourZones...), "")},
		{name: "BIND, forward all of neo4j.io", peer: bind(perZone(bindForward, "neo4j.io"), ""), others: true},
		{name: "BIND, static-stub", peer: bind(perZone(bindStaticStub, ourZones...), "")},
		{name: "BIND, static-stub for all of neo4j.io", peer: bind(perZone(bindStaticStub, "neo4j.io"), ""), others: true},
		{name: "BIND, delegation", peer: bind(bindDelegation, "")},
		{name: "BIND, delegation, strict minimization", peer: bind(bindDelegation, "qname-minimization strict;")},
		{name: "BIND, delegation, no minimization", peer: bind(bindDelegation, "qname-minimization off;")},
		{name: "BIND, stub", peer: bind(perZone(bindStub, ourZones...), ""), lost: true},
		{name: "Unbound, forward-zone", peer: unbound(perZone(unboundForward, ourZones...))},
		{name: "Unbound, forward-zone for all of neo4j.io", peer: unbound(perZone(unboundForward, "neo4j.io")), others: true},
		{name: "Unbound, stub-zone", peer: unbound(perZone(unboundStub, ourZones...))},
		{name: "Unbound, stub-zone for all of neo4j.io", peer: unbound(perZone(unboundStub, "neo4j.io")), others: true},
		{name: "Unbound, delegation", peer: unbound(unboundDelegation)},
		{name: "Unbound, stub-prime", peer: unbound(perZone(unboundPrimed, ourZones...)), lost: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			resolver := peers.Start(t, tt.peer)[0]
			if tt.lost {
				wantAnswer(t, resolver.Addr, "db.production-orch-0042.neo4j.io. A", "SERVFAIL")
				return
			}
			for _, round := range []string{"x", "y"} {
				if round == "y" {
					time.Sleep(1500 * time.Millisecond) // longer than the topology's TTL: all is forgotten
				}
				wantAnswer(t, resolver.Addr, "production-orch-0042.neo4j.io. NS", "NOERROR")
				wantAnswer(t, resolver.Addr, "endpoints.neo4j.io. NS", "NOERROR")
				wantAnswer(t, resolver.Addr, "production-orch-0042.neo4j.io. A", "NOERROR 10.20.10.10")
				wantAnswer(t, resolver.Addr, round+".db.production-orch-0042.neo4j.io. A", "NOERROR 10.20.10.10")
				wantAnswer(t, resolver.Addr, round+".db.production-orch-0042.neo4j.io. AAAA", "NOERROR")
				wantAnswer(t, resolver.Addr, "a-foo.endpoints.neo4j.io. A", "NOERROR 10.20.10.10")
				wantAnswer(t, resolver.Addr, round+"-nobody.endpoints.neo4j.io. A", "NXDOMAIN")
				if tt.others {
					wantAnswer(t, resolver.Addr, round+".api.neo4j.io. A", "NOERROR "+publicAnswer)
				}
			}
		})
	}
}

func bind(zones, options string) peers.Peer {
	return peers.BINDResolver(peers.Resolving{
		Files:    map[string]string{"named.conf": zones, "named-options.conf": options},
		Upstream: at(publicAddr),
	})
}

func unbound(zones string) peers.Peer {
	return peers.Unbound(peers.Resolving{Files: map[string]string{"unbound.conf": unboundOptions + zones}})
}

// wantAnswer asks a resolver, and compares the rcode and addresses of the answer.
func wantAnswer(t *testing.T, resolver netip.AddrPort, ask, want string) {
	t.Helper()
	name, qtype, _ := strings.Cut(ask, " ")
	// A resolver that finds no server gives up late.
	client := &dns.Client{Timeout: 30 * time.Second}
	reply, _, err := client.Exchange(new(dns.Msg).SetQuestion(name, dns.StringToType[qtype]), resolver.String())
	if err != nil {
		t.Fatalf("%s: %v", ask, err)
	}
	got := dns.RcodeToString[reply.Rcode]
	for _, rr := range reply.Answer {
		if a, ok := rr.(*dns.A); ok {
			got += " " + a.A.String()
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", ask, diff)
	}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
