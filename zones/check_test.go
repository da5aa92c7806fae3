package zones_test

import (
	"net/netip"
	"testing"

	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/zones"
)

// TestCheckPlans: the views of every plan are what views must be.
func TestCheckPlans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, p := model.DrawPlan(t)
		for _, view := range p.Views() {
			if err := view.Check(); err != nil {
				t.Fatalf("%v\n%s", err, m.YAML())
			}
		}
	})
}

// TestCheck takes a view that is all right, and changes one thing about it.
func TestCheck(t *testing.T) {
	addr := netip.MustParseAddr
	tests := []struct {
		name   string
		change func(*zones.View)
		want   string
	}{
		{"nothing", func(*zones.View) {}, ""},
		{"a quote in the VPC's name", func(v *zones.View) { v.Name = "a'b" }, `view "a'b": its name has more in it than letters, digits, hyphens, underscores and dots`},
		{"zones in another order", func(v *zones.View) { v.Zones[0], v.Zones[1] = v.Zones[1], v.Zones[0] }, `view "apps": zone "endpoints.neo4j.io." is not in order`},
		{"the same zone twice", func(v *zones.View) { v.Zones[1].Origin = v.Zones[0].Origin }, `view "apps": zone "endpoints.neo4j.io." is not in order`},
		{"a relative origin", func(v *zones.View) { v.Zones[1].Origin = "x" }, `view "apps": zone "x": its origin is not an absolute, lower-case name of a host`},
		{"the root", func(v *zones.View) { v.Zones[0].Origin = "." }, `view "apps": zone ".": its origin is not an absolute, lower-case name of a host`},
		{"capitals", func(v *zones.View) { v.Zones[1].Owners[0].Name = "*.X.example." }, `view "apps": zone "x.example.": owner "*.X.example.": it is neither an absolute, lower-case name of a host nor a wildcard above one`},
		{"a line feed", func(v *zones.View) { v.Zones[1].Owners[1].Name = "a\nb.x.example." }, `view "apps": zone "x.example.": owner "a\nb.x.example.": it is neither an absolute, lower-case name of a host nor a wildcard above one`},
		{"an owner elsewhere", func(v *zones.View) { v.Zones[1].Owners[1].Name = "xx.example." }, `view "apps": zone "x.example.": owner "xx.example.": it is not in the zone`},
		{"owners in another order", func(v *zones.View) { v.Zones[1].Owners[0].Name = "z.x.example." }, `view "apps": zone "x.example.": owner "x.example." is not in order`},
		{"an owner without addresses", func(v *zones.View) { v.Zones[1].Owners[1].Addrs = nil }, `view "apps": zone "x.example.": owner "x.example.": it has no address`},
		{"IPv6 first", func(v *zones.View) {
			v.Zones[1].Owners[1].Addrs = []netip.Addr{addr("fd00::1"), addr("10.0.0.1")}
		}, `view "apps": zone "x.example.": owner "x.example.": address 10.0.0.1 is not in order`},
		{"an IPv4 address in an IPv6 one", func(v *zones.View) { v.Zones[1].Owners[1].Addrs = []netip.Addr{addr("::ffff:10.0.0.1")} }, `view "apps": zone "x.example.": owner "x.example.": ::ffff:10.0.0.1 is not an address of a record`},
		{"a region that ends a comment", func(v *zones.View) { v.Zones[1].Owners[1].Region = "east\n" }, `view "apps": zone "x.example.": owner "x.example.": region "east\n" has more in it than letters, digits, hyphens, underscores and dots`},
		{"no table", func(v *zones.View) { v.Zones[0].Endpoints.Table = nil }, `view "apps": zone "endpoints.neo4j.io.": it has individual records without a table of custom endpoints`},
		{"an endpoint of two labels", func(v *zones.View) { v.Zones[0].Endpoints.Table.Endpoints[1].Label = "b.c" }, `view "apps": zone "endpoints.neo4j.io.": custom endpoint "b.c" is not a lower-case label of a host`},
		{"endpoints in another order", func(v *zones.View) { v.Zones[0].Endpoints.Table.Endpoints[1].Label = "a" }, `view "apps": zone "endpoints.neo4j.io.": custom endpoint "a" is not in order`},
		{"an unknown region", func(v *zones.View) { v.Zones[0].Endpoints.Table.Endpoints[1].Region = 1 }, `view "apps": zone "endpoints.neo4j.io.": custom endpoint "b" is in region 1 of 1`},
		{"a link in another order", func(v *zones.View) {
			v.Zones[0].Endpoints.Links[0].Addrs = []netip.Addr{addr("10.0.0.2"), addr("10.0.0.1")}
		}, `view "apps": zone "endpoints.neo4j.io.": address 10.0.0.1 is not in order`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			view := twoZones()
			tt.change(&view)
			got := ""
			if err := view.Check(); err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("error %s\n want %s", got, tt.want)
			}
		})
	}
}

// twoZones returns a view with individual records and with a wildcard.
func twoZones() zones.View {
	east := zones.Addresses{Region: "east", Addrs: []netip.Addr{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("fd00::1")}}
	return zones.View{Name: "apps", TTL: 30, Zones: []zones.Zone{
		{Origin: "endpoints.neo4j.io.", Endpoints: &zones.Individual{
			Table: &zones.EndpointTable{Endpoints: []zones.Endpoint{{Label: "a"}, {Label: "b"}}},
			Links: []zones.Addresses{east},
		}},
		{Origin: "x.example.", Owners: []zones.Owner{{Name: "*.x.example.", Addresses: east}, {Name: "x.example.", Addresses: east}}},
	}}
}
