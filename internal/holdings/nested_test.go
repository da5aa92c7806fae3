package holdings_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones"
)

// TestNestedZones: of a name in a zone that is within another one, servers answer from the
// closest zone alone, as BIND, NSD, Knot and Unbound do: whatever the zone above has of it
// counts no more, in whichever order the two files are read.
func TestNestedZones(t *testing.T) {
	right, wrong := netip.MustParseAddr("10.10.10.10"), netip.MustParseAddr("10.20.10.10")
	type zone struct {
		file, origin string
		addrs        []netip.Addr // of name
	}
	const name = "sales.endpoints.neo4j.io."
	above := func(addrs ...netip.Addr) zone { return zone{"above", "endpoints.neo4j.io.", addrs} }
	below := func(addrs ...netip.Addr) zone { return zone{"below", name, addrs} }
	for _, tt := range []struct {
		what  string
		all   []zone
		want  zones.Outcome
		addrs []netip.Addr
	}{
		{"the zone below has no address", []zone{above(right), below()}, zones.NoData, nil},
		{"the zone below leads elsewhere", []zone{above(right), below(wrong)}, zones.Positive, []netip.Addr{wrong}},
		{"the zone below is right", []zone{above(wrong), below(right)}, zones.Positive, []netip.Addr{right}},
		{"one zone alone", []zone{above(right)}, zones.Positive, []netip.Addr{right}},
		{"two files of one zone", []zone{above(right), {"more", "endpoints.neo4j.io.", nil}}, zones.Positive, []netip.Addr{right}},
	} {
		for _, reversed := range []bool{false, true} {
			b := holdings.NewBuilder()
			for i := range tt.all {
				z := tt.all[i]
				if reversed {
					z = tt.all[len(tt.all)-1-i]
				}
				at := holdings.Place{File: z.file, Line: 1}
				b.ReadAs(holdings.Source{File: z.file, Kind: "zone"})
				b.OfZone(z.file, z.origin, false)
				b.Claim(holdings.Claim{Origin: z.origin, Zone: true, Miss: holdings.NXDomain, Place: at})
				b.Add(z.origin, holdings.Data{TTL: holdings.NoTTL}, at)
				if len(z.addrs) > 0 {
					b.Add(name, holdings.Data{Addrs: z.addrs, TTL: 30}, at)
				}
			}
			got := b.Set().Resolve(name, dns.TypeA)
			if got.Outcome != tt.want || len(got.Addrs) != len(tt.addrs) || len(tt.addrs) > 0 && got.Addrs[0] != tt.addrs[0] {
				t.Errorf("%s, reversed %t: %v %v, want %v %v", tt.what, reversed, got.Outcome, got.Addrs, tt.want, tt.addrs)
			}
		}
	}
}

// TestRules: a response policy is asked first, as in Cloud DNS and in resolvers with RPZ:
// at most one rule decides a name, that of the longest name, and what it passes on is
// answered as if there were no rules.
func TestRules(t *testing.T) {
	b := holdings.NewBuilder()
	rules, zone := holdings.Place{File: "rules", Line: 1}, holdings.Place{File: "zone", Line: 1}
	b.Claim(holdings.Claim{Origin: "e.test.", Zone: true, Miss: holdings.NXDomain, Place: zone})
	for name, d := range map[string]holdings.Data{
		"e.test.": at("10.0.0.9"), "x.e.test.": at("10.0.0.1"), "y.e.test.": at("10.0.0.2"), "b.deep.e.test.": at("10.0.0.3"), "p.e.test.": at("10.0.0.4"),
		"*.w.e.test.": at("10.0.0.5"),
	} {
		b.AddIn("e.test.", name, d, zone)
	}
	pass := holdings.Data{Action: holdings.Passthru, TTL: holdings.NoTTL}
	for name, d := range map[string]holdings.Data{
		"*.e.test.": at("10.1.0.1"), "y.e.test.": at("10.1.0.2"), "p.e.test.": pass, "q.e.test.": pass, "*.w.e.test.": pass, "o.test.": pass,
	} {
		b.AddRule(name, d, rules)
	}
	set := b.Set()
	for _, tt := range []struct {
		name string
		want zones.Outcome
		addr string
	}{
		{"e.test.", zones.Positive, "10.0.0.9"},
		{"x.e.test.", zones.Positive, "10.1.0.1"}, // the wildcard's rule, and not the zone's record
		{"y.e.test.", zones.Positive, "10.1.0.2"},
		{"deep.e.test.", zones.Positive, "10.1.0.1"}, // which is no name of a zone's
		{"b.deep.e.test.", zones.Positive, "10.1.0.1"},
		{"p.e.test.", zones.Positive, "10.0.0.4"},
		{"q.e.test.", zones.NXDomain, ""},
		{"z.w.e.test.", zones.Positive, "10.0.0.5"},
		{"o.test.", zones.NotOurs, ""},
		{"other.test.", zones.NotOurs, ""},
	} {
		got := set.Resolve(tt.name, dns.TypeA)
		if got.Outcome != tt.want || fmt.Sprint(got.Addrs) != fmt.Sprintf("[%s]", tt.addr) {
			t.Errorf("%s: %v %v, want %v %s", tt.name, got.Outcome, got.Addrs, tt.want, tt.addr)
		}
	}
	seen := make(map[string]int)
	for e := range set.All() {
		seen[e.Name()]++
	}
	if seen["y.e.test."] != 1 || seen["p.e.test."] != 1 || len(seen) != 9 {
		t.Errorf("names are told more than once: %v", seen)
	}
}
