package auralink

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/coredns/coredns/plugin/metrics"
	"github.com/coredns/coredns/plugin/pkg/dnstest"
	"github.com/coredns/coredns/plugin/test"
	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/follow"
	"github.com/auralink/auralink/internal/serve"
)

// errorsOf returns the extended errors of a message, each as a line.
func errorsOf(m *dns.Msg) string {
	opt := m.IsEdns0()
	if opt == nil {
		return ""
	}
	var lines []string
	for _, option := range opt.Option {
		ede, ok := option.(*dns.EDNS0_EDE)
		if !ok {
			lines = append(lines, "another option: "+option.String())
			continue
		}
		lines = append(lines, fmt.Sprintf("%d %s", ede.InfoCode, ede.ExtraText))
	}
	return strings.Join(lines, "; ")
}

// TestExplained: each answer says why it is what it is, over UDP with the same octets by
// both ways, where the client has EDNS and there is room. What would fit without is not
// cut for it.
func TestExplained(t *testing.T) {
	held := fmt.Errorf("topology: %w", &follow.HeldError{})
	tests := []struct {
		problem error
		name    string
		qtype   uint16
		want    string
	}{
		{nil, "foo.endpoints.neo4j.io.", dns.TypeA, ""},
		{nil, "x.foo.endpoints.neo4j.io.", dns.TypeA, ""},
		{nil, "nobody.endpoints.neo4j.io.", dns.TypeA, "0 custom endpoint not in the topology"},
		{nil, "x.nobody.endpoints.neo4j.io.", dns.TypeTXT, "0 custom endpoint not in the topology"},
		{held, "foo.endpoints.neo4j.io.", dns.TypeA, "3 " + serve.TextHeld},
		{held, "foo.endpoints.neo4j.io.", dns.TypeHTTPS, "3 " + serve.TextHeld},
		{held, "endpoints.neo4j.io.", dns.TypeSOA, "3 " + serve.TextHeld},
		{held, "foo.endpoints.neo4j.io.", dns.TypeANY, "3 " + serve.TextHeld},
		{held, "x.foo.endpoints.neo4j.io.", dns.TypeA, "19 " + serve.TextHeld},
		{held, "nobody.endpoints.neo4j.io.", dns.TypeA, "0 custom endpoint not in the topology; 19 " + serve.TextHeld},
		{errors.New("line 7"), "x.production-orch-0000.neo4j.io.", dns.TypeAAAA, "3 " + serve.TextUntaken},
	}
	a, pipe := serving(t, fixedTopology(t))
	m := metrics.New("localhost:0")
	m.AddZone(".")
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s %s, %v", tt.name, dns.TypeToString[tt.qtype], tt.problem), func(t *testing.T) {
			a.Doubt(tt.problem)
			for _, client := range packetClients[:3] {
				for _, size := range []uint16{0, 512, 1232} {
					packet := packed(t, tt.name, tt.qtype, size)
					reply := new(dns.Msg)
					if err := reply.Unpack(pipe.ask(t, packet, client)); err != nil {
						t.Fatal(err)
					}
					want := tt.want
					if size == 0 {
						want = ""
					}
					if got := errorsOf(reply); got != want || reply.Truncated {
						t.Errorf("size %d: %q, want %q, truncated %t", size, got, want, reply.Truncated)
					}
					if !sameOctets(t, a, pipe, packet, client) {
						t.Error("the fast path does not answer")
					}
					if !client.Addr().Is4In6() {
						sameReports(t, a, m, packet, client)
					}
				}
			}
		})
	}
}

// TestExplainedWhereItFits: of replies of all lengths and for all sizes that clients
// take, none is cut for an explanation, none is longer than may be, and all that the
// fast path answers have the octets of CoreDNS's.
func TestExplainedWhereItFits(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many servers")
	}
	p := fixedTopology(t)
	for _, manner := range []string{"plain", "a smaller bufsize", "a greater bufsize"} {
		a := planned(t, p)
		pipe := served(t, mannered(t, a, manner, false))
		with, without, fast := 0, 0, 0
		for _, client := range packetClients[5:10] { // of the VPCs with many addresses
			for _, name := range []string{"x.production-orch-0000.neo4j.io.", strings.Repeat("l.", 90) + "production-orch-0000.neo4j.io.", strings.Repeat("l.", 97) + "production-orch-0000.neo4j.io.", "www.example.net."} {
				for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeTXT} {
					for size := uint16(512); size < 1600; size += 13 {
						packet := packed(t, name, qtype, size)
						a.Doubt(nil)
						plain := pipe.ask(t, packet, client)
						a.Doubt(errors.New("x"))
						reply := pipe.ask(t, packet, client)
						if sameOctets(t, a, pipe, packet, client) {
							fast++
						}
						was, is := new(dns.Msg), new(dns.Msg)
						if was.Unpack(plain) != nil || is.Unpack(reply) != nil {
							t.Fatal("no message")
						}
						if len(reply) > int(max(size, 512)) || is.Truncated != was.Truncated || len(is.Answer) != len(was.Answer) {
							t.Fatalf("%s %s of %s, size %d: %d octets with %d records, were %d with %d", name, dns.TypeToString[qtype], client, size,
								len(reply), len(is.Answer), len(plain), len(was.Answer))
						}
						if errorsOf(is) == "" {
							without++
						} else {
							with++
						}
					}
				}
			}
		}
		t.Logf("%s: %d explained, %d not, %d by the fast path", manner, with, without, fast)
		if with == 0 || without == 0 || fast == 0 {
			t.Errorf("%s: %d explained, %d not, %d by the fast path", manner, with, without, fast)
		}
	}
}

// TestRefusedAloud: a stranger who is refused is told why, unless a plugin ahead would
// take that for a reply without records.
func TestRefusedAloud(t *testing.T) {
	for _, tt := range []struct {
		ahead []string
		count int
		edns  bool
		want  string
	}{
		{[]string{"prometheus", "errors", "log", "acl"}, 4, true, "18 no VPC has the client 192.0.2.7"},
		{nil, 0, true, "18 no VPC has the client 192.0.2.7"},
		{nil, 0, false, ""},
		{[]string{"dns64"}, 1, true, ""},
		{[]string{"siit"}, 1, true, ""},
		{[]string{"errors"}, 2, true, ""},
		{[]string{"nobodyknows"}, 1, true, ""},
	} {
		t.Run(strings.Join(tt.ahead, " "), func(t *testing.T) {
			a := newLoaded(t, twoVPCs)
			a.options.Strangers = serve.RefuseStrangers
			a.refusesAloud = allIndifferent(tt.ahead, tt.count)
			a.strangers.printf = func(string, ...any) {}
			r := new(dns.Msg).SetQuestion("www.example.com.", dns.TypeA)
			if tt.edns {
				r.SetEdns0(1232, false)
			}
			w := dnstest.NewRecorder(&from{ResponseWriter: test.ResponseWriter{}, addr: &net.UDPAddr{IP: net.IP{192, 0, 2, 7}, Port: 53}})
			rcode, err := a.ServeDNS(context.Background(), w, r)
			got := []any{rcode, err, ""}
			if w.Msg != nil {
				got = []any{w.Msg.Rcode, err, errorsOf(w.Msg)}
			}
			if diff := cmp.Diff([]any{dns.RcodeRefused, error(nil), tt.want}, got); diff != "" {
				t.Errorf("response code, error, explanation (-want +got):\n%s", diff)
			}
			if (w.Msg != nil) != (tt.want != "") || w.Msg != nil && rcode != dns.RcodeSuccess {
				t.Errorf("written: %t, and returned %s", w.Msg != nil, dns.RcodeToString[rcode])
			}
		})
	}
}

// from is a client at an address.
type from struct {
	test.ResponseWriter
	addr net.Addr
}

func (f *from) RemoteAddr() net.Addr { return f.addr }
