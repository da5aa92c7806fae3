package exports_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/zones"
)

// TestCloudRoundTrip: what a cloud has after an export is exactly the view, and
// whatever is asked of it, no name leads to another region than its own.
func TestCloudRoundTrip(t *testing.T) {
	for _, c := range clouds {
		t.Run(c.format, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { checkRoundTrip(t, c) })
		})
	}
}

// checkRoundTrip draws a topology, and reads back what is written of it.
func checkRoundTrip(t *rapid.T, c cloud) {
	m, p := model.DrawPlan(t)
	shape := rapid.SampledFrom(c.shapes()).Draw(t, "shape")
	for i, view := range p.Views() {
		files, refusal := c.export(t, view, shape)
		if refusal != nil {
			if c.format != "cloudformation" || len(c.wanted(view, shape).Zones) > 0 {
				t.Fatalf("VPC %s: %v", view.Name, refusal)
			}
			continue
		}
		got := c.read(t, files)
		if diff := cmp.Diff(c.wanted(view, shape), got); diff != "" {
			t.Fatalf("VPC %s (-view +%s):\n%s", view.Name, c.format, diff)
		}
		checkRule(t, m, m.VPCs[i], got)
		checkSiblings(t, m, view, shape, got)
	}
}

// checkRule asks for all names, in each way in which a cloud may read wildcards.
func checkRule(t *rapid.T, m model.Topology, vpc model.VPC, d deployment) {
	for _, name := range m.Names() {
		for _, rrtype := range []string{"A", "AAAA"} {
			for _, resolve := range []func(rrsetKey) ([]string, bool){d.strict, d.lenient} {
				addrs, _ := resolve(rrsetKey{Name: name + ".", Type: rrtype})
				for _, addr := range parsedAddrs(t, addrs) {
					if !m.Allowed(vpc, name, addr) {
						t.Fatalf("%s leads to %s in VPC %s, and lives in %v", name, addr, vpc.Name, m.RegionsOf(name))
					}
				}
			}
		}
	}
}

// checkSiblings: Aura's public names are never captured, nor are undeclared custom
// endpoints where each has a zone, or a rule, of its own.
func checkSiblings(t *rapid.T, m model.Topology, view zones.View, shape zones.Shape, d deployment) {
	public := []string{"neo4j.io.", "api.neo4j.io.", "console.neo4j.io.", "production-orch-9999.neo4j.io."}
	individual := slices.ContainsFunc(view.Zones, func(z zones.Zone) bool { return z.Endpoints != nil })
	if individual && shape != zones.ShapeOneZone {
		public = append(public, "undeclared.endpoints.neo4j.io.", "endpoints.neo4j.io.")
		for _, e := range m.Endpoints {
			if len(vpcNamed(m, view.Name).Links[e.Region]) == 0 {
				public = append(public, e.Label+".endpoints.neo4j.io.")
			}
		}
	}
	for _, name := range public {
		if _, captured := d.lenient(rrsetKey{Name: name, Type: "A"}); captured {
			t.Fatalf("%s is captured in VPC %s", name, view.Name)
		}
	}
}

func vpcNamed(m model.Topology, name string) model.VPC {
	return m.VPCs[slices.IndexFunc(m.VPCs, func(v model.VPC) bool { return v.Name == name })]
}

// strict resolves a name as RFC 4592 has it: a wildcard answers for no name that
// exists, nor below one that does. It also says whether the cloud answers for the
// name at all, be it with NXDOMAIN.
func (d deployment) strict(key rrsetKey) ([]string, bool) {
	origin, set, captured := d.nearest(key.Name)
	if !captured || origin == "" {
		return d.lenient(key) // rules have no zones in which names could exist
	}
	exists := map[string]bool{origin: true}
	for k := range set {
		for name := k.Name; name != origin; _, name, _ = strings.Cut(name, ".") {
			exists[name] = true
		}
	}
	if exists[key.Name] {
		return set[key].Addrs, true
	}
	encloser := key.Name
	for !exists[encloser] {
		_, encloser, _ = strings.Cut(encloser, ".")
	}
	return set[rrsetKey{"*." + encloser, key.Type}].Addrs, true
}

// lenient resolves a name by the longest owner that matches, as a response policy
// does: the name itself, else the nearest wildcard above it.
func (d deployment) lenient(key rrsetKey) ([]string, bool) {
	_, set, captured := d.nearest(key.Name)
	for owner, above := key.Name, key.Name; ; owner = "*." + above {
		if set.has(owner) {
			return set[rrsetKey{owner, key.Type}].Addrs, true
		}
		if _, above, _ = strings.Cut(above, "."); above == "" {
			return nil, captured && len(d.Zones) > 0
		}
	}
}

func (r records) has(name string) bool {
	_, v4 := r[rrsetKey{name, "A"}]
	_, v6 := r[rrsetKey{name, "AAAA"}]
	return v4 || v6
}

// nearest returns the private zone with the longest origin at or above a name, or
// the rules.
func (d deployment) nearest(name string) (origin string, set records, captured bool) {
	if len(d.Zones) == 0 {
		return "", d.Rules, true
	}
	for ; name != ""; _, name, _ = strings.Cut(name, ".") {
		if set, ok := d.Zones[name]; ok {
			return name, set, true
		}
	}
	return "", nil, false
}

// TestCloudLimits: what a target does not take is refused, with what to use
// instead, and what it just takes is not.
func TestCloudLimits(t *testing.T) {
	tests := []struct {
		name, format string
		shape        zones.Shape
		view         zones.View
		refused      string
	}{
		{"50 endpoints in a template", "cloudformation", zones.ShapePerName, endpointsView(50, 1), ""},
		{"51 endpoints in a template", "cloudformation", zones.ShapePerName, endpointsView(51, 1), "more than 250 zones"},
		{"100 endpoints in one zone of a template", "cloudformation", zones.ShapeOneZone, endpointsView(100, 1), ""},
		{"101 endpoints in one zone of a template", "cloudformation", zones.ShapeOneZone, endpointsView(101, 1), "one change of Route 53"},
		{"500 addresses in one zone of a template", "cloudformation", zones.ShapeOneZone, endpointsView(50, 2), ""},
		{"510 addresses in one zone of a template", "cloudformation", zones.ShapeOneZone, endpointsView(51, 2), "one change of Route 53"},
		{"an empty template", "cloudformation", zones.ShapePerName, zones.View{Name: "apps", TTL: 30}, "at least one resource"},
		{"many change batches", "route53", zones.ShapeOneZone, endpointsView(1000, 3), ""},
		{"200 endpoints in an import", "gcp-record-sets", zones.ShapeOneZone, endpointsView(200, 1), ""},
		{"201 endpoints in an import", "gcp-record-sets", zones.ShapeOneZone, endpointsView(201, 1), "1000 record sets"},
		{"201 endpoints, each its own import", "gcp-record-sets", zones.ShapePerName, endpointsView(201, 1), ""},
		{"200 endpoints in Azure", "azure-zone", zones.ShapePerName, endpointsView(200, 1), ""},
		{"201 endpoints in Azure", "azure-zone", zones.ShapePerName, endpointsView(201, 1), "more than 1000 zones"},
		{"5,000 endpoints in one zone of Azure", "azure-zone", zones.ShapeOneZone, endpointsView(5000, 1), ""},
		{"5,001 endpoints in one zone of Azure", "azure-zone", zones.ShapeOneZone, endpointsView(5001, 1), "more than 25000 record sets"},
		{"20 addresses in Azure", "azure-arm", zones.ShapePerName, endpointsView(1, 20), ""},
		{"21 addresses in Azure", "azure-arm", zones.ShapePerName, endpointsView(1, 21), "21 A records"},
		{"53 endpoints in a template of Azure", "azure-arm", zones.ShapePerName, endpointsView(53, 1), ""},
		{"54 endpoints in a template of Azure", "azure-arm", zones.ShapePerName, endpointsView(54, 1), "800 resources"},
		{"one label in Azure", "azure-zone", zones.ShapePerName, wildcardView("internal."), "1 labels"},
		{"34 labels in Azure", "azure-zone", zones.ShapePerName, wildcardView(strings.Repeat("a.", 34)), ""},
		{"35 labels in Azure", "azure-zone", zones.ShapePerName, wildcardView(strings.Repeat("a.", 35)), "35 labels"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := cloudNamed(t, tt.format)
			files, refusal := c.export(t, tt.view, tt.shape)
			switch {
			case tt.refused == "" && refusal != nil:
				t.Fatalf("refused: %v", refusal)
			case tt.refused == "":
				if diff := cmp.Diff(c.wanted(tt.view, tt.shape), c.read(t, files)); diff != "" {
					t.Errorf("(-view +%s):\n%s", tt.format, diff)
				}
			case refusal == nil || !strings.Contains(refusal.Error(), tt.refused):
				t.Errorf("refusal %v, want one with %q", refusal, tt.refused)
			case refusal.Instead == "":
				t.Error("the refusal does not say what to use instead")
			}
		})
	}
}

func cloudNamed(tb testing.TB, format string) cloud {
	tb.Helper()
	i := slices.IndexFunc(clouds, func(c cloud) bool { return c.format == format })
	if i < 0 {
		tb.Fatalf("%s is not a cloud's format", format)
	}
	return clouds[i]
}

// endpointsView returns a view of n custom endpoints with the same IPv4 addresses.
func endpointsView(n, addrs int) zones.View {
	link := zones.Addresses{Region: "aws-us-east-1"}
	for i := range addrs {
		link.Addrs = append(link.Addrs, netip.AddrFrom4([4]byte{10, 0, 0, byte(i + 1)}))
	}
	table := &zones.EndpointTable{Prefixes: []string{"a-", "b-", "c-", "d-"}}
	for i := range n {
		table.Endpoints = append(table.Endpoints, zones.Endpoint{Label: fmt.Sprintf("endpoint-%06d", i)})
	}
	return zones.View{Name: "apps", TTL: 30, Zones: []zones.Zone{{
		Origin: "endpoints.neo4j.io.", Endpoints: &zones.Individual{Table: table, Links: []zones.Addresses{link}},
	}}}
}

// wildcardView returns a view of one wildcard.
func wildcardView(origin string) zones.View {
	link := zones.Addresses{Region: "aws-us-east-1", Addrs: endpointsView(1, 1).Zones[0].Endpoints.Links[0].Addrs}
	return zones.View{Name: "apps", TTL: 30, Zones: []zones.Zone{{
		Origin: origin, Owners: []zones.Owner{{Name: "*." + origin, Addresses: link}},
	}}}
}
