package auralink

import (
	"context"
	"testing"
	"time"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/pkg/transport"
	"github.com/coredns/coredns/plugin/test"
	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/alias"
)

// TestPassageAsks: the server is asked as often and as long as one answer may take, and
// not at all for somebody who makes an answer of his own of it.
func TestPassageAsks(t *testing.T) {
	answering := func(result func(w dns.ResponseWriter, r *dns.Msg)) context.Context {
		config := &dnsserver.Config{Zone: ".", Transport: transport.DNS}
		config.AddPlugin(func(plugin.Handler) plugin.Handler {
			return plugin.HandlerFunc(func(ctx context.Context, w dns.ResponseWriter, r *dns.Msg) (int, error) {
				result(w, r)
				return dns.RcodeSuccess, nil
			})
		})
		return context.WithValue(t.Context(), dnsserver.Key{}, serverOf(t, config))
	}
	whole := answering(func(w dns.ResponseWriter, r *dns.Msg) { _ = w.WriteMsg(new(dns.Msg).SetReply(r)) })
	packed := answering(func(w dns.ResponseWriter, r *dns.Msg) {
		packet, _ := new(dns.Msg).SetReply(r).Pack()
		_, _ = w.Write(packet)
		_ = w.Close() // the client goes on to wait for its answer
		w.Hijack()
	})
	silent := answering(func(dns.ResponseWriter, *dns.Msg) {})
	const name = "foo.endpoints.neo4j.io."
	tests := []struct {
		name    string
		ctx     context.Context
		transit transit
		want    string
	}{
		{"a client", whole, transit{}, "answer"},
		{"an answer in octets", packed, transit{}, "answer"},
		{"nobody answers", silent, transit{}, "nothing"},
		{"no server", t.Context(), transit{}, "nothing"},
		{"one of ours, seven deep", whole, transit{asks: maxAsks - 1, until: time.Now().Add(time.Hour)}, "answer"},
		{"one of ours, eight deep", whole, transit{asks: maxAsks, until: time.Now().Add(time.Hour)}, "nothing"},
		{"too late", whole, transit{asks: 1, until: time.Now().Add(-time.Second)}, "nothing"},
		{"a plugin behind us", whole, transit{behind: true}, "placeholder"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := &closing{ResponseWriter: &test.ResponseWriter{}}
			request := new(dns.Msg).SetQuestion("alias.test.", dns.TypeTXT).SetEdns0(1232, true)
			p := &passage{ResponseWriter: w, ctx: tt.ctx, request: request, transit: tt.transit}
			got := "nothing"
			if m := p.ask(name, dns.TypeAAAA); m != nil {
				if diff := cmp.Diff([]dns.Question{{Name: name, Qtype: dns.TypeAAAA, Qclass: dns.ClassINET}}, m.Question); diff != "" {
					t.Errorf("question (-want +got):\n%s", diff)
				}
				got = "answer"
				if len(m.Answer) == 1 && m.Answer[0].Header().Rrtype == alias.TypePlaceholder {
					got = "placeholder"
				}
			}
			if got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			if w.closed || request.Question[0].Name != "alias.test." {
				t.Errorf("the client is gone: %t; its request is\n%s", w.closed, request)
			}
		})
	}
}

// closing is a client that notices when it is sent away.
type closing struct {
	dns.ResponseWriter
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }
func (c *closing) Hijack()      { c.closed = true }

// written is what a client was sent.
type written struct {
	dns.ResponseWriter
	messages []*dns.Msg
	packets  [][]byte
}

func (w *written) WriteMsg(m *dns.Msg) error { w.messages = append(w.messages, m); return nil }

func (w *written) Write(packet []byte) (int, error) {
	w.packets = append(w.packets, packet)
	return len(packet), nil
}

// TestPassageOctets: what is written as octets is led as well, and nothing else is
// changed; that there is no message is passed on.
func TestPassageOctets(t *testing.T) {
	a := newLoaded(t, oneLink)
	w := &written{ResponseWriter: &test.ResponseWriter{}}
	request := new(dns.Msg).SetQuestion("alias.test.", dns.TypeA)
	p := &passage{
		ResponseWriter: w, ctx: t.Context(), request: request, question: request.Question[0],
		neighbours: &neighbours{instances: []*Auralink{a}},
	}
	reply := func(target string) []byte {
		m := new(dns.Msg).SetReply(request)
		m.Answer = []dns.RR{test.CNAME("alias.test. 60 IN CNAME " + target)}
		packet, err := m.Pack()
		if err != nil {
			t.Fatal(err)
		}
		return packet
	}
	for _, packet := range [][]byte{reply("www.test."), {1, 2, 3}, reply("x.production-orch-0000.neo4j.io.")} {
		if n, err := p.Write(packet); n != len(packet) || err != nil {
			t.Errorf("%d of %d octets written, %v", n, len(packet), err)
		}
	}
	if len(w.packets) != 2 || len(w.messages) != 1 || w.messages[0].Rcode != dns.RcodeServerFailure {
		t.Errorf("%d packets and the messages %v were written", len(w.packets), w.messages)
	}
	if err := p.WriteMsg(nil); err != nil || len(w.messages) != 2 || w.messages[1] != nil {
		t.Errorf("no message: %v, %v", err, w.messages)
	}
}

// BenchmarkPassage is what it costs to look at an answer of another plugin.
func BenchmarkPassage(b *testing.B) {
	a := planned(b, fixedTopology(b))
	next := plugin.HandlerFunc(func(_ context.Context, w dns.ResponseWriter, r *dns.Msg) (int, error) {
		return dns.RcodeSuccess, w.WriteMsg(forwarded)
	})
	request := new(dns.Msg).SetQuestion("www.example.com.", dns.TypeA).SetEdns0(1232, false)
	for _, bc := range []struct {
		name       string
		neighbours *neighbours
	}{{"none", nil}, {"led", &neighbours{instances: []*Auralink{a}}}} {
		b.Run(bc.name, func(b *testing.B) {
			w := &discarding{ResponseWriter: &test.ResponseWriter{}}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := bc.neighbours.pass(b.Context(), passing{name: pluginName, next: next}, w, request); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

type discarding struct{ dns.ResponseWriter }

func (discarding) WriteMsg(*dns.Msg) error { return nil }

// forwarded is an answer as resolvers give it for names in a content network.
var forwarded = func() *dns.Msg {
	m := new(dns.Msg).SetQuestion("www.example.com.", dns.TypeA)
	m.Answer = []dns.RR{
		test.CNAME("www.example.com. 60 IN CNAME www.example.com.cdn.example.com."),
		test.CNAME("www.example.com.cdn.example.com. 60 IN CNAME e1234.a.cdn.example.net."),
		test.A("e1234.a.cdn.example.com. 20 IN A 192.0.2.1"),
		test.A("e1234.a.cdn.example.com. 20 IN A 192.0.2.2"),
	}
	return m
}()
