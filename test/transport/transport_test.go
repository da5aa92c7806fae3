package transport_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/peers/coredns"
)

// longestName has 255 octets on the wire.
var longestName = strings.Repeat(strings.Repeat("l", 63)+".", 3) + strings.Repeat("l", 31) + ".production-orch-0000.neo4j.io."

// TestAnswers: each question has one answer, whatever it comes by.
func TestAnswers(t *testing.T) {
	const soa = " 30 IN SOA ns.auralink.invalid. hostmaster.auralink.invalid. 0 900 300 86400 30"
	s := startServer(t)
	for _, tt := range []struct {
		name, ask string
		want      []string
	}{
		{
			name: "a custom endpoint", ask: "foo.endpoints.neo4j.io. A",
			want: []string{"NOERROR aa rd", "answer: foo.endpoints.neo4j.io. 30 IN A 10.0.0.1"},
		},
		{
			name: "its prefixed name, in mixed case", ask: "A-Foo.EndPoints.Neo4j.IO. AAAA",
			want: []string{"NOERROR aa rd", "answer: A-Foo.EndPoints.Neo4j.IO. 30 IN AAAA fd00::1"},
		},
		{
			name: "several addresses", ask: "p-c466fb81-f37e-0001.x.production-orch-0042.neo4j.io. A",
			want: []string{
				"NOERROR aa rd",
				"answer: p-c466fb81-f37e-0001.x.production-orch-0042.neo4j.io. 30 IN A 10.0.1.1",
				"answer: p-c466fb81-f37e-0001.x.production-orch-0042.neo4j.io. 30 IN A 10.0.1.2",
			},
		},
		{
			name: "no data", ask: "production-orch-0042.neo4j.io. HTTPS",
			want: []string{"NOERROR aa rd", "authority: production-orch-0042.neo4j.io." + soa},
		},
		{
			name: "no such name", ask: "nobody.endpoints.neo4j.io. A",
			want: []string{"NXDOMAIN aa rd", "authority: endpoints.neo4j.io." + soa},
		},
		{
			name: "the longest name", ask: longestName + " A",
			want: []string{"NOERROR aa rd", "answer: " + longestName + " 30 IN A 10.0.0.1"},
		},
		{
			name: "octets that no host name has", ask: `\000\\\.\"\255\032.production-orch-0000.neo4j.io. A`,
			want: []string{"NOERROR aa rd", `answer: \000\\\.\"\255\ .production-orch-0000.neo4j.io. 30 IN A 10.0.0.1`},
		},
		{name: "a name that is not ours", ask: "api.neo4j.io. A", want: []string{"went on"}},
		{name: "an orchestra that is not linked", ask: "x.production-orch-9999.neo4j.io. A", want: []string{"went on"}},
		{name: "a zone transfer", ask: "endpoints.neo4j.io. AXFR", want: []string{"REFUSED rd"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			query := parseQuestion(tt.ask)
			for _, tr := range transports {
				reply, _ := tr.ask(t, s, appsClient, query)
				if diff := cmp.Diff(tt.want, lines(reply)); diff != "" {
					t.Errorf("over %s (-want +got):\n%s", tr.name, diff)
				}
				if reply.Id != query.Id || !reply.Response || len(reply.Question) != 1 || !equalQuestions(reply.Question[0], query.Question[0]) {
					t.Errorf("over %s: the header and question are not those of an answer:\n%s", tr.name, reply)
				}
			}
		})
	}
}

// parseQuestion reads "NAME TYPE".
func parseQuestion(text string) *dns.Msg {
	name, qtype, _ := strings.Cut(text, " ")
	return new(dns.Msg).SetQuestion(name, dns.StringToType[qtype])
}

// equalQuestions compares two questions whose names may be escaped otherwise.
func equalQuestions(a, b dns.Question) bool {
	return a.Qtype == b.Qtype && a.Qclass == b.Qclass && pack(a.Name) == pack(b.Name)
}

// pack returns a name's octets, with their case.
func pack(name string) string {
	var buf [255]byte
	end, err := dns.PackDomainName(name, buf[:], 0, nil, false)
	if err != nil {
		return err.Error()
	}
	return string(buf[:end])
}

// lines returns what a message says: its rcode and flags, and the records of all
// sections but OPT, those of a section sorted and an SOA without its serial.
func lines(m *dns.Msg) []string {
	if coredns.IsUpstreams(m) {
		return []string{"went on"}
	}
	head := dns.RcodeToString[m.Rcode]
	if m.Rcode == dns.RcodeBadVers {
		head = "BADVERS" // TSIG's BADSIG has the same number, and the library knows it by that
	}
	for _, flag := range []struct {
		name string
		set  bool
	}{{"aa", m.Authoritative}, {"tc", m.Truncated}, {"rd", m.RecursionDesired}, {"ra", m.RecursionAvailable}} {
		if flag.set {
			head += " " + flag.name
		}
	}
	all := []string{head}
	for _, section := range []struct {
		name string
		rrs  []dns.RR
	}{{"answer", m.Answer}, {"authority", m.Ns}, {"additional", m.Extra}} {
		var records []string
		for _, rr := range section.rrs {
			if rr.Header().Rrtype == dns.TypeOPT {
				continue
			}
			if soa, ok := rr.(*dns.SOA); ok {
				soa.Serial = 0
			}
			records = append(records, section.name+": "+strings.ReplaceAll(rr.String(), "\t", " "))
		}
		slices.Sort(records)
		all = append(all, records...)
	}
	return all
}

// TestViews: a client gets its own VPC's addresses, whatever it asks over.
func TestViews(t *testing.T) {
	s := startServer(t)
	for _, tt := range []struct {
		name string
		from netip.Addr
		want []string
	}{
		{"a client of apps", appsClient, []string{"NOERROR aa rd", "answer: bar.endpoints.neo4j.io. 30 IN A 10.0.1.1", "answer: bar.endpoints.neo4j.io. 30 IN A 10.0.1.2"}},
		{"a client of batch", batchClient, []string{"NOERROR aa rd", "answer: bar.endpoints.neo4j.io. 30 IN A 10.1.1.1"}},
		{"a client of many, which does not link the region", manyClient, []string{"went on"}},
		{"a client of no VPC", foreignClient, []string{"went on"}},
	} {
		for _, tr := range transports {
			t.Run(fmt.Sprintf("%s over %s", tt.name, tr.name), func(t *testing.T) {
				reply, _ := tr.ask(t, s, tt.from, new(dns.Msg).SetQuestion("bar.endpoints.neo4j.io.", dns.TypeA))
				if diff := cmp.Diff(tt.want, lines(reply)); diff != "" {
					t.Errorf("answer (-want +got):\n%s", diff)
				}
			})
		}
	}
}
