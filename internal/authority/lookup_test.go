package authority_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/wire"
	"github.com/auralink/auralink/zones"
)

// compileText makes the table of a topology.
func compileText(t *testing.T, text string) *authority.Table {
	t.Helper()
	p, findings, err := plan.Read(strings.NewReader(text))
	if err != nil {
		t.Fatalf("planning: %v\n%s", err, findings.Report())
	}
	table, err := authority.Compile(p.Views(), 7)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// reply answers a question from the named view in zone-file form: the response
// code and the records of both sections, or the kind of an answer without.
func reply(t *testing.T, table *authority.Table, vpc, name string, qtype uint16) []string {
	t.Helper()
	view, ok := table.ViewNamed(vpc)
	if !ok {
		t.Fatalf("no view %q", vpc)
	}
	var buf [wire.MaxName]byte
	packed, err := wire.Pack(&buf, name)
	if err != nil {
		t.Fatal(err)
	}
	answer := table.Lookup(view, packed, qtype)
	if answer.Outcome == zones.NotOurs {
		return []string{"not ours"}
	}
	m := answer.Reply(new(dns.Msg).SetQuestion(name, qtype), 0)
	if !m.Authoritative || !m.Response || m.RecursionAvailable {
		t.Errorf("header of the reply: %+v", m.MsgHdr)
	}
	lines := []string{dns.RcodeToString[m.Rcode]}
	for _, rr := range m.Answer {
		lines = append(lines, strings.ReplaceAll(rr.String(), "\t", " "))
	}
	for _, rr := range m.Ns {
		lines = append(lines, "authority: "+strings.ReplaceAll(rr.String(), "\t", " "))
	}
	return lines
}

const soaData = " 30 IN SOA ns.auralink.invalid. hostmaster.auralink.invalid. 7 900 300 86400 30"

const lookupTopology = `
regions:
  east:
    orchestras: ["0000"]
    extra_names: ["*.example.org", deep.a.b.example.org, single.example.net]
  west:
    orchestras: ["0042", orch.example.org]
  north: {orchestras: ["0077"]}
vpcs:
  one:
    clients: [10.1.0.0/16]
    links: {east: [10.0.0.1, 10.0.0.2, "fd00::1"]}
  two:
    clients: [10.2.0.0/16, 10.1.9.0/24, "fd00:2::/32"]
    links: {east: [10.0.0.3], west: ["fd00::4"]}
  rest: {}
custom_endpoints: {e1: east, a-e2: east, e3: east, w1: west, n1: north}
`

func TestLookup(t *testing.T) {
	table := compileText(t, lookupTopology)
	orchestra := "authority: production-orch-0000.neo4j.io." + soaData
	endpoints := "authority: endpoints.neo4j.io." + soaData
	extra := "authority: example.org." + soaData
	tests := []struct {
		what, vpc, name string
		qtype           uint16
		want            []string
	}{
		{"apex", "one", "production-orch-0000.neo4j.io.", dns.TypeA, []string{
			"NOERROR", "production-orch-0000.neo4j.io. 30 IN A 10.0.0.1", "production-orch-0000.neo4j.io. 30 IN A 10.0.0.2",
		}},
		{"apex, AAAA", "one", "production-orch-0000.neo4j.io.", dns.TypeAAAA, []string{
			"NOERROR", "production-orch-0000.neo4j.io. 30 IN AAAA fd00::1",
		}},
		{"apex, SOA", "one", "production-orch-0000.neo4j.io.", dns.TypeSOA, []string{
			"NOERROR", "production-orch-0000.neo4j.io." + soaData,
		}},
		{"apex, NS", "one", "production-orch-0000.neo4j.io.", dns.TypeNS, []string{
			"NOERROR", orchestra,
		}},
		{"apex without addresses, NS", "two", "example.org.", dns.TypeNS, []string{"NOERROR", extra}},
		{"apex of individual records, NS", "two", "endpoints.neo4j.io.", dns.TypeNS, []string{"NOERROR", endpoints}},
		{"apex, ANY", "one", "production-orch-0000.neo4j.io.", dns.TypeANY, []string{
			"NOERROR", `production-orch-0000.neo4j.io. 30 IN HINFO "RFC8482" ""`,
		}},
		{"wildcard", "two", "x.production-orch-0000.neo4j.io.", dns.TypeA, []string{
			"NOERROR", "x.production-orch-0000.neo4j.io. 30 IN A 10.0.0.3",
		}},
		{"wildcard, letter case", "two", "X.Production-Orch-0000.NEO4J.io.", dns.TypeA, []string{
			"NOERROR", "X.Production-Orch-0000.NEO4J.io. 30 IN A 10.0.0.3",
		}},
		{"wildcard, several labels", "two", "x.y.z.production-orch-0000.neo4j.io.", dns.TypeA, []string{
			"NOERROR", "x.y.z.production-orch-0000.neo4j.io. 30 IN A 10.0.0.3",
		}},
		{"wildcard, its own name", "two", "*.production-orch-0000.neo4j.io.", dns.TypeA, []string{
			"NOERROR", "*.production-orch-0000.neo4j.io. 30 IN A 10.0.0.3",
		}},
		{"wildcard, a dot within a label", "two", `x\.y.production-orch-0000.neo4j.io.`, dns.TypeA, []string{
			"NOERROR", `x\.y.production-orch-0000.neo4j.io. 30 IN A 10.0.0.3`,
		}},
		{"a dot within a label is no boundary", "two", `x\.production-orch-0000.neo4j.io.`, dns.TypeA, []string{"not ours"}},
		{"wildcard without the type", "two", "x.production-orch-0000.neo4j.io.", dns.TypeAAAA, []string{"NOERROR", orchestra}},
		{"wildcard, HTTPS", "two", "x.production-orch-0000.neo4j.io.", dns.TypeHTTPS, []string{"NOERROR", orchestra}},
		{"wildcard, SOA", "two", "x.production-orch-0000.neo4j.io.", dns.TypeSOA, []string{"NOERROR", orchestra}},
		{"IPv6 only", "two", "x.production-orch-0042.neo4j.io.", dns.TypeAAAA, []string{
			"NOERROR", "x.production-orch-0042.neo4j.io. 30 IN AAAA fd00::4",
		}},
		{"orchestra that is not linked", "one", "x.production-orch-0042.neo4j.io.", dns.TypeA, []string{"not ours"}},
		{"above all zones", "one", "neo4j.io.", dns.TypeA, []string{"not ours"}},
		{"the root", "one", ".", dns.TypeNS, []string{"not ours"}},
		{"beside all zones", "one", "api.neo4j.io.", dns.TypeA, []string{"not ours"}},
		{"a name that ends alike", "one", "xproduction-orch-0000.neo4j.io.", dns.TypeA, []string{"not ours"}},
		{"a VPC without links", "rest", "x.production-orch-0000.neo4j.io.", dns.TypeA, []string{"not ours"}},

		{"endpoint", "two", "e1.endpoints.neo4j.io.", dns.TypeA, []string{"NOERROR", "e1.endpoints.neo4j.io. 30 IN A 10.0.0.3"}},
		{"endpoint with a prefix", "two", "D-e1.endpoints.neo4j.io.", dns.TypeA, []string{"NOERROR", "D-e1.endpoints.neo4j.io. 30 IN A 10.0.0.3"}},
		{"endpoint with a fifth prefix", "two", "e-e1.endpoints.neo4j.io.", dns.TypeA, []string{"NXDOMAIN", endpoints}},
		{"endpoint with two prefixes", "two", "a-a-e1.endpoints.neo4j.io.", dns.TypeA, []string{"NXDOMAIN", endpoints}},
		{"endpoint whose label has a prefix", "two", "a-e2.endpoints.neo4j.io.", dns.TypeA, []string{"NOERROR", "a-e2.endpoints.neo4j.io. 30 IN A 10.0.0.3"}},
		{"… with a prefix more", "two", "a-a-e2.endpoints.neo4j.io.", dns.TypeA, []string{"NOERROR", "a-a-e2.endpoints.neo4j.io. 30 IN A 10.0.0.3"}},
		{"… and with one less", "two", "e2.endpoints.neo4j.io.", dns.TypeA, []string{"NXDOMAIN", endpoints}},
		{"endpoint without the type", "two", "e1.endpoints.neo4j.io.", dns.TypeAAAA, []string{"NOERROR", endpoints}},
		{"endpoint, ANY", "two", "e1.endpoints.neo4j.io.", dns.TypeANY, []string{"NOERROR", `e1.endpoints.neo4j.io. 30 IN HINFO "RFC8482" ""`}},
		{"below an endpoint", "two", "x.e1.endpoints.neo4j.io.", dns.TypeA, []string{"NXDOMAIN", endpoints}},
		{"undeclared endpoint", "two", "nobody.endpoints.neo4j.io.", dns.TypeA, []string{"NXDOMAIN", endpoints}},
		{"below an undeclared endpoint", "two", "e1.nobody.endpoints.neo4j.io.", dns.TypeA, []string{"NXDOMAIN", endpoints}},
		{"endpoint of a region that is not linked", "two", "n1.endpoints.neo4j.io.", dns.TypeA, []string{"not ours"}},
		{"… with a prefix", "two", "b-n1.endpoints.neo4j.io.", dns.TypeA, []string{"not ours"}},
		{"… and below it", "two", "x.n1.endpoints.neo4j.io.", dns.TypeA, []string{"not ours"}},
		{"the parent of the endpoints", "two", "endpoints.neo4j.io.", dns.TypeA, []string{"NOERROR", endpoints}},
		{"the parent, SOA", "two", "endpoints.neo4j.io.", dns.TypeSOA, []string{"NOERROR", "endpoints.neo4j.io." + soaData}},
		{"the parent, ANY", "two", "endpoints.neo4j.io.", dns.TypeANY, []string{"NOERROR", `endpoints.neo4j.io. 30 IN HINFO "RFC8482" ""`}},
		{"a literal wildcard among individual endpoints", "two", "*.endpoints.neo4j.io.", dns.TypeA, []string{"NXDOMAIN", endpoints}},

		{"extra wildcard", "two", "x.example.org.", dns.TypeA, []string{"NOERROR", "x.example.org. 30 IN A 10.0.0.3"}},
		{"extra wildcard, its parent", "two", "example.org.", dns.TypeA, []string{"NOERROR", extra}},
		{"empty non-terminal", "two", "b.example.org.", dns.TypeA, []string{"NOERROR", extra}},
		{"empty non-terminal, ANY", "two", "a.b.example.org.", dns.TypeANY, []string{"NOERROR", extra}},
		{"no wildcard below an empty non-terminal", "two", "x.b.example.org.", dns.TypeA, []string{"NXDOMAIN", extra}},
		{"below a name", "two", "x.deep.a.b.example.org.", dns.TypeA, []string{"NXDOMAIN", extra}},
		{"a zone below a wildcard", "two", "x.orch.example.org.", dns.TypeAAAA, []string{"NOERROR", "x.orch.example.org. 30 IN AAAA fd00::4"}},
		{"a wildcard that would swallow another region's orchestra", "one", "x.example.org.", dns.TypeA, []string{"not ours"}},
		{"single name", "one", "single.example.net.", dns.TypeAAAA, []string{"NOERROR", "single.example.net. 30 IN AAAA fd00::1"}},
		{"beside a single name", "one", "other.example.net.", dns.TypeA, []string{"not ours"}},
		{"below a single name", "one", "x.single.example.net.", dns.TypeA, []string{"not ours"}},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, reply(t, table, tt.vpc, tt.name, tt.qtype)); diff != "" {
				t.Errorf("%s %s from %s (-want +got):\n%s", tt.name, dns.TypeToString[tt.qtype], tt.vpc, diff)
			}
		})
	}
}

func TestViewFor(t *testing.T) {
	tests := []struct {
		name, client, want string
	}{
		{"in a range", "10.1.0.1", "one"},
		{"in another", "10.2.255.255", "two"},
		{"the longest prefix wins", "10.1.9.1", "two"},
		{"IPv6", "fd00:2::1", "two"},
		{"IPv4-mapped", "::ffff:10.1.9.1", "two"},
		{"with a zone", "fd00:2::1%eth0", "two"},
		{"in none", "192.0.2.1", "rest"},
		{"IPv6 in none", "2001:db8::1", "rest"},
	}
	table := compileText(t, lookupTopology)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			id, ok := table.ViewFor(netip.MustParseAddr(tt.client))
			if !ok || table.View(id).Name != tt.want {
				t.Errorf("view %d (%v), want %s", id, ok, tt.want)
			}
		})
	}
	without := compileText(t, strings.Replace(lookupTopology, "rest: {}", "rest: {clients: [10.3.0.0/16]}", 1))
	if id, ok := without.ViewFor(netip.MustParseAddr("192.0.2.1")); ok {
		t.Errorf("a client of no VPC has view %q", without.View(id).Name)
	}
	if _, ok := without.ViewFor(netip.Addr{}); ok {
		t.Error("no address has a view")
	}
}

func TestCompileRefuses(t *testing.T) {
	prefix := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	tests := []struct {
		name  string
		views []zones.View
		want  string
	}{
		{"two of one name", []zones.View{{Name: "a", Clients: prefix}, {Name: "a"}}, `two views are called "a"`},
		{"one range in two", []zones.View{{Name: "a", Clients: prefix}, {Name: "b", Clients: prefix}}, `clients 10.0.0.0/8 are in views "a" and "b"`},
		{"two without clients", []zones.View{{Name: "a"}, {Name: "b"}}, `views "a" and "b" have no clients`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := authority.Compile(tt.views, 1)
			if err == nil || err.Error() != tt.want {
				t.Errorf("error %v, want %s", err, tt.want)
			}
		})
	}
}
