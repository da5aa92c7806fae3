package authority_test

import (
	"net/netip"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/wire"
	"github.com/auralink/auralink/zones"
)

// TestAllocatesNothing asks a question of every kind, from the packet and the
// client's address to the reply.
func TestAllocatesNothing(t *testing.T) {
	tests := []struct {
		what, name string
		qtype      uint16
		kind       zones.Outcome
		status     authority.EndpointStatus
	}{
		{"apex", "production-orch-0000.neo4j.io.", dns.TypeA, zones.Positive, authority.NoEndpoint},
		{"apex, SOA", "production-orch-0000.neo4j.io.", dns.TypeSOA, zones.Positive, authority.NoEndpoint},
		{"apex, ANY", "production-orch-0000.neo4j.io.", dns.TypeANY, zones.Minimal, authority.NoEndpoint},
		{"wildcard", "X.y.production-orch-0000.neo4j.io.", dns.TypeA, zones.Positive, authority.NoEndpoint},
		{"wildcard, no such type", "x.production-orch-0000.neo4j.io.", dns.TypeHTTPS, zones.NoData, authority.NoEndpoint},
		{"empty non-terminal", "b.example.org.", dns.TypeA, zones.NoData, authority.NoEndpoint},
		{"no such name", "x.b.example.org.", dns.TypeA, zones.NXDomain, authority.NoEndpoint},
		{"endpoint", "e1.endpoints.neo4j.io.", dns.TypeA, zones.Positive, authority.Linked},
		{"endpoint, prefixed", "D-e1.endpoints.neo4j.io.", dns.TypeA, zones.Positive, authority.Linked},
		{"endpoint, declared with a prefix", "a-e2.endpoints.neo4j.io.", dns.TypeA, zones.Positive, authority.Linked},
		{"endpoint, no such type", "e1.endpoints.neo4j.io.", dns.TypeAAAA, zones.NoData, authority.Linked},
		{"endpoint, ANY", "e1.endpoints.neo4j.io.", dns.TypeANY, zones.Minimal, authority.Linked},
		{"endpoint of a region that is not linked", "n1.endpoints.neo4j.io.", dns.TypeA, zones.NotOurs, authority.Unlinked},
		{"undeclared endpoint", "a-nobody.endpoints.neo4j.io.", dns.TypeA, zones.NXDomain, authority.Undeclared},
		{"not ours", "api.neo4j.io.", dns.TypeA, zones.NotOurs, authority.NoEndpoint},
		{"the root", ".", dns.TypeA, zones.NotOurs, authority.NoEndpoint},
	}
	table := compileText(t, lookupTopology)
	client := netip.MustParseAddrPort("[::ffff:10.1.9.1]:5353")
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			packet, reply := packQuery(t, tt.name, tt.qtype, 1232), make([]byte, 512)
			var answer authority.Answer
			allocs := testing.AllocsPerRun(100, func() {
				var q wire.Query
				view, ok := table.ViewFor(client.Addr())
				if !q.Parse(packet) || !ok {
					t.Fatalf("name %q; view of %s: %v", tt.name, client, ok)
				}
				answer = table.Lookup(view, q.Name(), q.Type)
				if answer.Outcome != zones.NotOurs && answer.WriteReply(reply, &q, client) == 0 {
					t.Fatal("no reply")
				}
			})
			if answer.Outcome != tt.kind || answer.Endpoint != tt.status {
				t.Errorf("answer %s, endpoint status %d; want %s, %d", answer.Outcome, answer.Endpoint, tt.kind, tt.status)
			}
			if allocs != 0 {
				t.Errorf("%v allocations", allocs)
			}
		})
	}
}

// TestPackAllocatesNothing packs names and what is none. Only a name with an
// escape costs an allocation, in the library.
func TestPackAllocatesNothing(t *testing.T) {
	for _, text := range []string{"", ".", "A.Name.example.", "no..name.", "relative"} {
		t.Run(text, func(t *testing.T) {
			allocs := testing.AllocsPerRun(100, func() {
				var buf [wire.MaxName]byte
				_, _ = wire.Pack(&buf, text)
			})
			if allocs != 0 {
				t.Errorf("%v allocations", allocs)
			}
		})
	}
}
