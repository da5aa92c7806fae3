package auralink

import (
	"context"
	"net/netip"
	"slices"
	"testing"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin/metrics"
	"github.com/coredns/coredns/plugin/metrics/vars"
	"github.com/coredns/coredns/plugin/test"
	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/common/expfmt"

	"github.com/auralink/auralink/internal/fastpath"
	"github.com/auralink/auralink/internal/ratelimit"
)

func packed(tb testing.TB, name string, qtype uint16, size uint16) []byte {
	tb.Helper()
	m := new(dns.Msg).SetQuestion(name, qtype)
	if size > 0 {
		m.SetEdns0(size, true)
	}
	packet, err := m.Pack()
	if err != nil {
		tb.Fatal(err)
	}
	return packet
}

// TestRespondAllocatesNothing: nothing is allocated for a query, whatever becomes
// of it, and whatever counts and limits it.
func TestRespondAllocatesNothing(t *testing.T) {
	for _, tc := range []struct {
		name, qname string
		qtype       uint16
		disposition fastpath.Disposition
		limited     bool
	}{
		{name: "address", qname: "x.production-orch-0000.neo4j.io.", qtype: dns.TypeA, disposition: fastpath.Answered},
		{name: "no data", qname: "foo.endpoints.neo4j.io.", qtype: dns.TypeTXT, disposition: fastpath.Answered},
		{name: "undeclared", qname: "nobody.endpoints.neo4j.io.", qtype: dns.TypeA, disposition: fastpath.Answered},
		{name: "not ours", qname: "example.com.", qtype: dns.TypeA, disposition: fastpath.Missed},
		{name: "not plain", qname: "x.production-orch-0000.neo4j.io.", qtype: dns.TypeAXFR, disposition: fastpath.Missed},
		{name: "limited", qname: "x.production-orch-0000.neo4j.io.", qtype: dns.TypeA, disposition: fastpath.Dropped, limited: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := planned(t, fixedTopology(t))
			if tc.limited {
				var err error
				if a.options.Limiter, err = ratelimit.New(ratelimit.Config{Rate: 1, IPv4Bits: 24, IPv6Bits: 56}); err != nil {
					t.Fatal(err)
				}
			}
			r := reporting(a, "dns://alloc")
			client := netip.MustParseAddrPort("10.0.0.7:5353")
			packet, buf := packed(t, tc.qname, tc.qtype, 1232), make([]byte, fastpath.MaxReply)
			disposition := fastpath.Missed
			respond := func() {
				r.Begin()
				_, disposition = r.Respond(buf, packet, client)
				r.End()
			}
			respond() // makes what is made once
			if got := testing.AllocsPerRun(1000, respond); got != 0 {
				t.Errorf("%v allocations per query", got)
			}
			if disposition != tc.disposition {
				t.Errorf("disposition %d, want %d", disposition, tc.disposition)
			}
		})
	}
}

// TestReportsAsPrometheus: a query is counted in CoreDNS's metrics as the plugin
// prometheus counts it, of each type that is counted at all.
func TestReportsAsPrometheus(t *testing.T) {
	a := planned(t, fixedTopology(t))
	m := metrics.New("localhost:0")
	m.AddZone(".")
	compared := 0
	for _, client := range []netip.AddrPort{packetClients[0], packetClients[1], packetClients[5], packetClients[6]} {
		for qtype := range uint16(300) {
			for _, name := range []string{"x.production-orch-0000.neo4j.io.", "x.foo.endpoints.neo4j.io.", "nobody.endpoints.neo4j.io."} {
				for _, size := range []uint16{0, 1232} {
					if sameReports(t, a, m, packed(t, name, qtype, size), client) {
						compared++
					}
				}
			}
		}
	}
	// Of 4 clients, 12 types and 3 names, with EDNS and without: but for answers of many
	// addresses that do not fit without.
	if want := 4*12*3*2 - 4; compared != want {
		t.Errorf("%d questions were answered, want %d", compared, want)
	}
	var err error
	if a.options.Limiter, err = ratelimit.New(ratelimit.Config{Rate: 1, IPv4Bits: 24, IPv6Bits: 56}); err != nil {
		t.Fatal(err)
	}
	limited := packed(t, "x.production-orch-0000.neo4j.io.", dns.TypeA, 1232)
	answerOctets(a, limited, packetClients[0]) // takes what the client has
	if !sameReports(t, a, m, limited, packetClients[0]) {
		t.Error("a query that is dropped was not counted")
	}
}

// sameReports compares what the fast path reports of a query with what prometheus does,
// and tells whether the fast path takes it at all.
func sameReports(t *testing.T, a *Auralink, m *metrics.Metrics, packet []byte, client netip.AddrPort) bool {
	t.Helper()
	resetReports()
	r := reporting(a, "dns://:53") // as in newServer
	r.Begin()
	_, disposition := r.Respond(make([]byte, fastpath.MaxReply), packet, client)
	r.End()
	if disposition == fastpath.Missed {
		return false
	}
	fast := reports(t)
	resetReports()
	slow := reportsOf(t, m, a, packet, client)
	if diff := cmp.Diff(slow, fast); diff != "" {
		t.Errorf("%q of %s (-prometheus +ours):\n%s", packet, client, diff)
	}
	return true
}

// reportsOf has prometheus report a query, in front of our ServeDNS.
func reportsOf(t *testing.T, m *metrics.Metrics, a *Auralink, packet []byte, client netip.AddrPort) []string {
	t.Helper()
	m.Next = a
	request := new(dns.Msg)
	if err := request.Unpack(packet); err != nil {
		t.Fatal(err)
	}
	ctx := context.WithValue(context.Background(), dnsserver.Key{}, newServer(t, a))
	if _, err := m.ServeDNS(ctx, &test.ResponseWriter{RemoteIP: client.Addr().String()}, request); err != nil {
		t.Fatal(err)
	}
	return reports(t)
}

func resetReports() {
	for _, vec := range []interface{ Reset() }{
		vars.RequestCount, vars.RequestDo, vars.RequestSize, vars.ResponseSize, vars.ResponseRcode, vars.RequestDuration,
	} {
		vec.Reset()
	}
}

// reports returns what CoreDNS's metrics say, but for how long things took.
func reports(t *testing.T) []string {
	t.Helper()
	var all []string
	for name, c := range map[string]prometheus.Collector{
		"requests_total": vars.RequestCount, "do_requests_total": vars.RequestDo, "responses_total": vars.ResponseRcode,
		"request_size_bytes": vars.RequestSize, "response_size_bytes": vars.ResponseSize,
	} {
		text, err := testutil.CollectAndFormat(c, expfmt.TypeTextPlain, "coredns_dns_"+name)
		if err != nil {
			t.Fatal(err)
		}
		if len(text) == 0 && name != "do_requests_total" {
			t.Errorf("nothing was counted in %s", name)
		}
		all = append(all, string(text))
	}
	slices.Sort(all)
	all = append(all, string(rune('0'+testutil.CollectAndCount(vars.RequestDuration))))
	return all
}
