package auralink_test

import (
	"fmt"
	"testing"

	_ "github.com/coredns/coredns/plugin/transfer" // the directive transfer
	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"
)

// TestTransferUDP: a secondary that asks over UDP for what has changed is told the zone's
// SOA, by which it knows whether to come back over TCP (RFC 1995, section 2), if it may
// transfer the zone. With and without the fast path that is the same.
func TestTransferUDP(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many servers")
	}
	const (
		zone = "production-orch-0000.neo4j.io."
		soa  = "NOERROR aa: SOA"
	)
	for _, tt := range []struct {
		name, directives, network, ask string
		want                           string
	}{
		{"an older version", "to *", "udp", zone + " IXFR 1", soa},
		{"a newer version", "to *", "udp", zone + " IXFR 2800000000", soa},
		{"version 0", "to *", "udp", zone + " IXFR 0", soa},
		{"with an OPT record", "to *", "udp", zone + " IXFR 1 EDNS", soa},
		{"by one who may", "to 127.0.0.1", "udp", zone + " IXFR 1", soa},
		{"by one who may not", "to 192.0.2.1", "udp", zone + " IXFR 1", "REFUSED"},
		{"without a version", "to *", "udp", zone + " IXFR", "FORMERR"},
		{"of no zone", "to *", "udp", "x." + zone + " IXFR 1", "REFUSED"},
		{"all of it", "to *", "udp", zone + " AXFR", "REFUSED"}, // RFC 5936, section 4.2
		{"without a version, over TCP", "to *", "tcp", zone + " IXFR", "FORMERR"},
		{"an older version, over TCP", "to *", "tcp", zone + " IXFR 1", "NOERROR aa: SOA NS A A SOA"},
		{"a newer version, over TCP", "to *", "tcp", zone + " IXFR 2800000000", "NOERROR: SOA"}, // CoreDNS's own
	} {
		for _, fastpath := range []string{"1", "off"} {
			t.Run(fmt.Sprintf("%s, fastpath %s", tt.name, fastpath), func(t *testing.T) {
				port, _, _ := startFast(t, ".:PORT {\nauralink topology.yaml {\nfastpath "+fastpath+"\n}\ntransfer neo4j.io {\n"+tt.directives+"\n}\n}")
				client := &dns.Client{Net: tt.network}
				reply, _, err := client.Exchange(transferRequest(t, tt.ask), "127.0.0.1:"+port)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tt.want, brief(reply)); diff != "" {
					t.Errorf("(-want +got):\n%s\n%s", diff, reply)
				}
			})
		}
	}
}

// transferRequest reads "NAME TYPE [SERIAL [EDNS]]".
func transferRequest(t *testing.T, text string) *dns.Msg {
	t.Helper()
	var name, qtype, edns string
	var serial uint32
	n, _ := fmt.Sscanf(text, "%s %s %d %s", &name, &qtype, &serial, &edns)
	if n < 2 {
		t.Fatalf("no request: %q", text)
	}
	r := new(dns.Msg).SetQuestion(name, dns.StringToType[qtype])
	r.RecursionDesired = false
	if n > 2 {
		r.Ns = []dns.RR{&dns.SOA{Hdr: dns.RR_Header{Name: name, Rrtype: dns.TypeSOA, Class: dns.ClassINET}, Ns: ".", Mbox: ".", Serial: serial}}
	}
	if edns != "" {
		r.SetEdns0(1232, false)
	}
	return r
}

// brief returns the rcode, whether the reply is authoritative, and the types of the
// records in the answer section.
func brief(m *dns.Msg) string {
	line := dns.RcodeToString[m.Rcode]
	if m.Authoritative {
		line += " aa"
	}
	for i, rr := range m.Answer {
		if i == 0 {
			line += ":"
		}
		line += " " + dns.TypeToString[rr.Header().Rrtype]
	}
	return line
}
