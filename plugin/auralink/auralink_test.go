package auralink

import (
	"context"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/coredns/coredns/plugin/cache"
	"github.com/coredns/coredns/plugin/pkg/dnstest"
	"github.com/coredns/coredns/plugin/test"
	"github.com/coredns/coredns/plugin/transfer"
	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"
	"github.com/prometheus/client_golang/prometheus"
)

var (
	_ cache.ZoneBypasser   = (*Auralink)(nil)
	_ transfer.Transferer  = (*Auralink)(nil)
	_ prometheus.Collector = (*instanceSet)(nil)
)

// wrapped is how the proxy protocol passes an address on.
type wrapped struct{ net.Addr }

func (w wrapped) Unwrap() net.Addr { return w.Addr }

// other is an address of a transport that we do not know.
type other string

func (o other) Network() string { return "other" }
func (o other) String() string  { return string(o) }

func TestAddrPort(t *testing.T) {
	tests := []struct {
		name string
		addr net.Addr
		want string
	}{
		{"UDP", &net.UDPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 5}, "10.0.0.1:5"},
		{"TCP over IPv6", &net.TCPAddr{IP: net.ParseIP("fd00::1"), Port: 5}, "[fd00::1]:5"},
		{"IPv4-mapped", &net.UDPAddr{IP: net.ParseIP("::ffff:10.0.0.1"), Port: 5}, "10.0.0.1:5"},
		{"with a zone", &net.UDPAddr{IP: net.ParseIP("fe80::1"), Zone: "eth0", Port: 5}, "[fe80::1%eth0]:5"},
		{"wrapped", wrapped{&net.UDPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 5}}, "10.0.0.1:5"},
		{"another transport", other("10.0.0.1:5"), "10.0.0.1:5"},
		{"no address", other("pipe"), ""},
		{"nothing", nil, ""},
		{"UDP without an address", &net.UDPAddr{Port: 5}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := addrPort(tt.addr)
			text := ""
			if got.Addr().IsValid() {
				text = strings.Replace(got.String(), "::ffff:", "", 1)
				text = strings.NewReplacer("[10.0.0.1]", "10.0.0.1").Replace(text)
			}
			if text != tt.want {
				t.Errorf("%q, want %q", text, tt.want)
			}
		})
	}
}

// TestRotation: each answer has all addresses, and each address comes first in
// its share of them.
func TestRotation(t *testing.T) {
	a := newLoaded(t, strings.Replace(oneLink, "[10.0.0.1]", "[10.0.0.1, 10.0.0.2, 10.0.0.3]", 1))
	first := make(map[string]int)
	for id := range 3000 {
		r := new(dns.Msg).SetQuestion("x.production-orch-0000.neo4j.io.", dns.TypeA)
		r.Id = uint16(id)
		w := dnstest.NewRecorder(&test.ResponseWriter{})
		if _, err := a.ServeDNS(context.Background(), w, r); err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, rr := range w.Msg.Answer {
			all = append(all, rr.(*dns.A).A.String())
		}
		first[all[0]]++
		slices.Sort(all)
		if diff := cmp.Diff([]string{"10.0.0.1", "10.0.0.2", "10.0.0.3"}, all); diff != "" {
			t.Fatalf("addresses (-want +got):\n%s", diff)
		}
	}
	for addr, n := range first {
		if n < 900 || n > 1100 {
			t.Errorf("%s came first in %d of 3000 answers", addr, n)
		}
	}
}

// TestSharedAnswers: what later plugins do to a reply must not reach the table.
func TestSharedAnswers(t *testing.T) {
	a := newLoaded(t, oneLink)
	ask := func(name string, qtype uint16) *dns.Msg {
		w := dnstest.NewRecorder(&test.ResponseWriter{})
		if _, err := a.ServeDNS(context.Background(), w, new(dns.Msg).SetQuestion(name, qtype)); err != nil {
			t.Fatal(err)
		}
		return w.Msg
	}
	for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeSOA, dns.TypeNS, dns.TypeANY} {
		name := "production-orch-0000.neo4j.io."
		before := ask(name, qtype)
		want := before.Copy()
		for _, rr := range append(before.Answer, before.Ns...) {
			rr.Header().Ttl, rr.Header().Name = 1, "changed."
			switch rr := rr.(type) {
			case *dns.A:
				rr.A[len(rr.A)-1]++
			case *dns.SOA:
				rr.Serial++
			}
		}
		after := ask(name, qtype)
		after.Id = want.Id
		if diff := cmp.Diff(want.String(), after.String()); diff != "" {
			t.Errorf("%s after its reply was changed (-before +after):\n%s", dns.TypeToString[qtype], diff)
		}
	}
}

func TestCacheBypassZones(t *testing.T) {
	a := newLoaded(t, oneLink)
	if diff := cmp.Diff([]string{"neo4j.io.", "db.example.org."}, a.CacheBypassZones()); diff != "" {
		t.Errorf("zones (-want +got):\n%s", diff)
	}
	more := read(t, strings.Replace(oneLink, "db.example.org", "db.example.net", 1))
	if err := a.Check(more); err != nil {
		t.Errorf("with the cache behind: %v", err)
	}
	a.caches.zones = a.CacheBypassZones()
	err := a.Check(more)
	if err == nil || !strings.Contains(err.Error(), `the new zone "db.example.net."`) {
		t.Errorf("with the cache ahead: %v", err)
	}
	if err := a.Check(read(t, strings.Replace(oneLink, `"0000"`, `"0000", "0042"`, 1))); err != nil {
		t.Errorf("with the cache ahead and a new orchestra: %v", err)
	}
}

func TestCacheComesFirst(t *testing.T) {
	for _, tt := range []struct {
		directives string
		want       bool
	}{
		{"errors auralink cache forward", false},
		{"errors cache auralink forward", true},
		{"errors auralink forward", false},
	} {
		if got := cacheComesFirst(strings.Fields(tt.directives)); got != tt.want {
			t.Errorf("%s: %v", tt.directives, got)
		}
	}
}
