package holdings_test

import (
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
