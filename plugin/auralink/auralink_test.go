package auralink

import (
	"context"
	"fmt"
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
	a, _ := newLoaded(t, strings.Replace(oneLink, "[10.0.0.1]", "[10.0.0.1, 10.0.0.2, 10.0.0.3]", 1))
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
	a, _ := newLoaded(t, oneLink)
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
	a, path := newLoaded(t, oneLink)
	if diff := cmp.Diff([]string{"neo4j.io.", "db.example.org."}, a.CacheBypassZones()); diff != "" {
		t.Errorf("zones (-want +got):\n%s", diff)
	}
	more := strings.Replace(oneLink, "db.example.org", "db.example.net", 1)
	write(t, path, more)
	if _, err := a.load(a.served.Load(), start); err != nil {
		t.Errorf("with the cache behind: %v", err)
	}
	a.caches.zones = a.CacheBypassZones()
	_, err := a.load(a.served.Load(), start)
	if err == nil || !strings.Contains(err.Error(), `the new zone "db.example.net."`) {
		t.Errorf("with the cache ahead: %v", err)
	}
	write(t, path, strings.Replace(oneLink, `"0000"`, `"0000", "0042"`, 1))
	if _, err := a.load(a.served.Load(), start); err != nil {
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

// TestMetrics: gauges follow what is served, and two server blocks with one
// topology do not collide.
func TestMetrics(t *testing.T) {
	a, path := newLoaded(t, oneLink)
	set := newInstanceSet()
	set.add(a)
	set.add(a)
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(set)
	gather := func() string {
		families, err := registry.Gather()
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, family := range families {
			for _, metric := range family.GetMetric() {
				fmt.Fprintf(&b, "%s", family.GetName())
				for _, label := range metric.GetLabel() {
					fmt.Fprintf(&b, " %s=%s", label.GetName(), strings.Replace(label.GetValue(), path, "PATH", 1))
				}
				fmt.Fprintf(&b, " %v\n", metric.GetGauge().GetValue())
			}
		}
		return b.String()
	}
	want := `coredns_auralink_last_reload_success_timestamp_seconds topology=PATH 1.7e+09
coredns_auralink_last_reload_successful topology=PATH 1
coredns_auralink_view_links topology=PATH view=apps 1
coredns_auralink_view_mode mode=wildcard reason=single-link topology=PATH view=apps 1
`
	if diff := cmp.Diff(want, gather()); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
	write(t, path, strings.Replace(oneLink, "apps", "batch", 1))
	if !polled(a) {
		t.Fatal("not reloaded")
	}
	if got := gather(); strings.Contains(got, "apps") || !strings.Contains(got, "view=batch") {
		t.Errorf("after a VPC was renamed:\n%s", got)
	}
	set.remove(a)
	if got := gather(); got != "" {
		t.Errorf("after the instance was stopped:\n%s", got)
	}
}
