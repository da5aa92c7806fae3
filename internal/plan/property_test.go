package plan_test

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/internal/plan"
)

// TestOneRule: in no VPC may a name lead to another region than its own.
// Wildcards are tested by names that they match.
func TestOneRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, p := model.DrawPlan(t)
		for i, v := range m.VPCs {
			for _, name := range m.Names() {
				for _, addr := range model.Resolve(p.VPCs[i].View, name).Addrs {
					if !m.Allowed(v, name, addr) {
						t.Fatalf("VPC %s: %s leads to %s; it may be in %q\n%s", v.Name, name, addr, m.RegionsOf(name), m.YAML())
					}
				}
			}
		}
	})
}

// TestDeclaredNamesResolve: safety alone would be had by answering nothing.
// Every declared name of a linked region leads to all addresses of its link.
func TestDeclaredNamesResolve(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, p := model.DrawPlan(t)
		for i, v := range m.VPCs {
			for name, region := range declared(m) {
				got := model.Resolve(p.VPCs[i].View, name).Addrs
				want := slices.SortedFunc(slices.Values(v.Links[region]), netip.Addr.Compare)
				if diff := cmp.Diff(fmt.Sprint(want), fmt.Sprint(got)); diff != "" {
					t.Fatalf("VPC %s: %s of %s (-want +got):\n%s\n%s", v.Name, name, region, diff, m.YAML())
				}
			}
		}
	})
}

// declared returns the names that a file declares one by one, and names that
// drivers ask for below orchestras, each with its region.
func declared(m model.Topology) map[string]string {
	names := maps.Collect(m.Declared())
	for _, r := range m.Regions {
		for _, orchestra := range r.Orchestras {
			host := model.OrchestraHost(orchestra)
			names["abcd1234."+host] = r.Name
			names["p-c466fb81-f37e-0001."+host] = r.Name
		}
	}
	return names
}

// TestEqualTopologies: the order of a file does not matter.
func TestEqualTopologies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, p := model.DrawPlan(t)
		shuffled := model.Topology{
			Regions:   rapid.Permutation(m.Regions).Draw(t, "regions"),
			VPCs:      rapid.Permutation(m.VPCs).Draw(t, "VPCs"),
			Endpoints: rapid.Permutation(m.Endpoints).Draw(t, "endpoints"),
		}
		for i := range shuffled.Regions {
			r := &shuffled.Regions[i]
			r.Orchestras = rapid.Permutation(r.Orchestras).Draw(t, "orchestras")
			r.Extra = rapid.Permutation(r.Extra).Draw(t, "extra names")
		}
		again, _, err := plan.Read(strings.NewReader(shuffled.YAML()))
		if err != nil {
			t.Fatalf("planning the shuffled topology: %v", err)
		}
		opts := cmp.Comparer(func(a, b netip.Addr) bool { return a == b })
		prefixes := cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })
		if diff := cmp.Diff(p, again, opts, prefixes); diff != "" {
			t.Fatalf("plans differ (-file +shuffled):\n%s", diff)
		}
	})
}

// TestSecondLink: linking a second region by other addresses turns the wildcard
// into individual records, and no declared name of the first region moves.
func TestSecondLink(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.IntRange(1, 4).Draw(t, "addresses of the first link")
		before := model.Topology{
			Regions: []model.Region{{Name: "east", Orchestras: []string{"0000"}}, {Name: "west", Orchestras: []string{"0042"}}},
			VPCs:    []model.VPC{{Name: "v", Links: map[string][]netip.Addr{"east": addrs(1, first)}}},
		}
		for _, label := range rapid.SliceOfDistinct(rapid.StringMatching(`[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?`), rapid.ID).Draw(t, "labels") {
			before.Endpoints = append(before.Endpoints, model.Endpoint{Label: label, Region: "east"})
		}
		after := before
		after.VPCs = []model.VPC{{Name: "v", Links: map[string][]netip.Addr{"east": addrs(1, first), "west": addrs(2, 1)}}}

		p, q := mustPlan(t, before), mustPlan(t, after)
		if p.VPCs[0].Endpoints.Mode != plan.Wildcard {
			t.Fatalf("one link: %+v", p.VPCs[0].Endpoints)
		}
		if q.VPCs[0].Endpoints.Mode != plan.Individual || q.VPCs[0].Endpoints.Reason != plan.SeveralLinks {
			t.Fatalf("two links: %+v", q.VPCs[0].Endpoints)
		}
		for name, region := range declared(before) {
			if region != "east" {
				continue
			}
			before, after := model.Resolve(p.VPCs[0].View, name), model.Resolve(q.VPCs[0].View, name)
			if diff := cmp.Diff(fmt.Sprint(before.Addrs), fmt.Sprint(after.Addrs)); diff != "" {
				t.Fatalf("%s moves (-one link +two):\n%s", name, diff)
			}
		}
		if got := model.Resolve(q.VPCs[0].View, "undeclared.endpoints.neo4j.io").Addrs; got != nil {
			t.Fatalf("an undeclared endpoint still leads to %s", got)
		}
	})
}

func mustPlan(t *rapid.T, m model.Topology) *plan.Plan {
	p, findings, err := plan.Read(strings.NewReader(m.YAML()))
	if err != nil {
		t.Fatalf("planning: %v\n%s", err, findings.Report())
	}
	return p
}

func addrs(network byte, n int) []netip.Addr {
	list := make([]netip.Addr, n)
	for i := range list {
		list[i] = netip.AddrFrom4([4]byte{10, network, 0, byte(i + 1)})
	}
	return list
}
