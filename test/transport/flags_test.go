package transport_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/test/peers/coredns"
)

// TestFlags: recursion is available (RA) where it is desired (RD) and a plugin of the
// server block recurses, in replies of every kind: nslookup and host leave a server that
// says otherwise. The rules of the plugin header for responses are for ours, too.
func TestFlags(t *testing.T) {
	forward := "forward . " + peers.Public(t).String() + "\n"
	kinds := []struct{ name, rcode string }{
		{"foo.endpoints.neo4j.io. A", "NOERROR"},
		{"bar.endpoints.neo4j.io. AAAA", "NOERROR"}, // NODATA
		{"nobody.endpoints.neo4j.io. A", "NXDOMAIN"},
		{"endpoints.neo4j.io. SOA", "NOERROR"},
		{"foo.endpoints.neo4j.io. ANY", "NOERROR"},
	}
	for _, tt := range []struct {
		name, further    string
		desired, without string // flags where recursion is desired, and where it is not
	}{
		{"nothing recurses", coredns.Upstream, " aa rd", " aa"},
		{"forward", forward, " aa rd ra", " aa"},
		{"forward behind the cache", "cache\n" + forward, " aa rd ra", " aa"},
		{"header sets RA", "header {\nresponse set ra\n}\n" + coredns.Upstream, " aa rd ra", " aa ra"},
		{"header clears RA", "header {\nresponse clear ra\n}\n" + forward, " aa rd", " aa"},
		{"header clears AA", "header {\nresponse clear aa\nresponse set rd\n}\n" + forward, " rd ra", " rd"},
		{"header is about queries", "header {\nquery set rd\n}\n" + coredns.Upstream, " aa rd", " aa"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := startServerBeside(t, tt.further)
			for _, kind := range kinds {
				for _, tr := range transports {
					for desired, flags := range map[bool]string{true: tt.desired, false: tt.without} {
						query := parseQuestion(kind.name)
						query.RecursionDesired = desired
						reply, _ := tr.ask(t, s, appsClient, query)
						if diff := cmp.Diff(kind.rcode+flags, lines(reply)[0]); diff != "" {
							t.Errorf("%s over %s, RD %t (-want +got):\n%s", kind.name, tr.name, desired, diff)
						}
					}
				}
			}
		})
	}
}

// TestFlagsTruncated: what is cut, or slipped by the rate limit, has the flags of what
// would be whole, with the fast path and without.
func TestFlagsTruncated(t *testing.T) {
	for _, fastpath := range []string{"1", "off"} {
		t.Run("fastpath "+fastpath, func(t *testing.T) {
			s := startServerWith(t, "fastpath "+fastpath+"\nratelimit 1 slip 1\n", "forward . "+peers.Public(t).String()+"\n")
			const want = "NOERROR aa tc rd ra"
			long := new(dns.Msg).SetQuestion("n100.endpoints.neo4j.io.", dns.TypeA).SetEdns0(4096, false)
			cut, octets := transports[0].ask(t, s, manyClient, long)
			if diff := cmp.Diff(want, lines(cut)[0]); diff != "" || len(cut.Answer) == 0 || octets > 1232 {
				t.Errorf("a reply that is cut, with %d records and %d octets (-want +got):\n%s", len(cut.Answer), octets, diff)
			}
			short := new(dns.Msg).SetQuestion("foo.endpoints.neo4j.io.", dns.TypeA).SetEdns0(4096, false)
			for range 3 { // the first has the second's account, if the machine is not too slow
				slipped, _ := transports[0].ask(t, s, appsClient, short)
				if len(slipped.Answer) > 0 {
					continue
				}
				if diff := cmp.Diff([]string{want}, lines(slipped)); diff != "" || slipped.IsEdns0().UDPSize() != 1232 {
					t.Errorf("a reply that is slipped, payload size %d (-want +got):\n%s", slipped.IsEdns0().UDPSize(), diff)
				}
				return
			}
			t.Skip("the machine is too slow for a rate of 1 a second")
		})
	}
}
