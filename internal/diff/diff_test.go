package diff_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/internal/plan"
)

// header declares the regions of all topologies in this file.
const header = `
regions:
  east: {orchestras: ["0000"]}
  west: {orchestras: ["0042"]}
  north: {}
`

const (
	oneLink = header + `
vpcs:
  apps: {links: {east: [10.10.10.10]}}
custom_endpoints: {foo: east}
`
	unlinked = header + `
vpcs:
  apps: {links: {east: [10.10.10.10]}}
custom_endpoints: {foo: east, bar: west}
`
	twoLinks = header + `
vpcs:
  apps: {links: {east: [10.10.10.10], west: [10.20.10.10]}}
custom_endpoints: {foo: east, bar: west}
`
	noEndpoints = header + `
vpcs:
  apps: {links: {east: [10.10.10.10], west: [10.20.10.10]}}
`
	barInEast = header + `
vpcs:
  apps: {links: {east: [10.10.10.10], west: [10.20.10.10]}}
custom_endpoints: {foo: east, bar: east}
`
	barForgotten = header + `
vpcs:
  apps: {links: {east: [10.10.10.10]}}
custom_endpoints: {foo: east}
`
	eastRecreated = header + `
vpcs:
  apps: {links: {east: [10.10.10.99], west: [10.20.10.10]}}
custom_endpoints: {foo: east, bar: west}
`
	swapped = header + `
vpcs:
  apps: {links: {east: [10.20.10.10], west: [10.10.10.10]}}
custom_endpoints: {foo: east, bar: west}
`
	slower = header + `
vpcs:
  apps: {links: {east: [10.10.10.10], west: [10.20.10.10]}}
custom_endpoints: {foo: east, bar: west}
ttl: 300
`
	noLinks = header + `
vpcs:
  apps: {links: {}}
custom_endpoints: {foo: east, bar: west}
`
)

// sideOf returns a side as the plan of a topology's only VPC has it.
func sideOf(t testing.TB, topology string) diff.Side {
	t.Helper()
	p := planOf(t, topology)
	return diff.Side{Set: holdings.FromView(p.VPCs[0].View), Regions: diff.RegionsOf(p.VPCs[0].Links)}
}

func planOf(t testing.TB, topology string) *plan.Plan {
	t.Helper()
	p, findings, err := plan.Read(strings.NewReader(topology))
	if err != nil {
		t.Fatalf("%v\n%s", err, findings.Report())
	}
	return p
}

// TestCompare says what changes between two revisions of a topology, what of it
// is dangerous, and which guards it trips.
func TestCompare(t *testing.T) {
	tests := []struct {
		name          string
		before, after string
		want          string
	}{
		{"nothing", twoLinks, twoLinks, "14/14 +0 -0 ~0 ttl0"},
		{
			"a second link", oneLink, twoLinks,
			"3/14 +12 -1 ~0 ttl0; endpoints.neo4j.io. to 10 individual; " +
				"5 move, 0 of their own",
		},
		{"a second link, no endpoints yet", oneLink, noEndpoints, "3/4 +2 -1 ~0 ttl0; endpoints.neo4j.io. to 0 individual"},
		{"back to one link, the endpoint still known", twoLinks, unlinked, "14/7 +0 -7 ~0 ttl0; bulk"},
		{
			"back to one link, the endpoint forgotten", twoLinks, barForgotten,
			"14/3 +1 -12 ~0 ttl0; endpoints.neo4j.io. to wildcard from 10; 5 move, 5 of their own; wildcard; region",
		},
		{"an endpoint declared in another region", twoLinks, barInEast, "14/14 +0 -0 ~5 ttl0; 5 move, 5 of their own; region"},
		{"an endpoint of the link recreated", twoLinks, eastRecreated, "14/14 +0 -0 ~7 ttl0"},
		{"the links' addresses swapped", twoLinks, swapped, "14/14 +0 -0 ~14 ttl0; 14 move, 14 of their own; region"},
		{"a TTL", twoLinks, slower, "14/14 +0 -0 ~0 ttl14"},
		{"no links any more", twoLinks, noLinks, "14/0 +0 -14 ~0 ttl0; empty; bulk"},
		{"a few names gone", oneLink, noLinks, "3/0 +0 -3 ~0 ttl0; empty"},
		{"first links", noLinks, twoLinks, "0/14 +14 -0 ~0 ttl0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := summary(diff.Compare(sideOf(t, tt.before), sideOf(t, tt.after)))
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// summary says a report in a line.
func summary(r *diff.Report) string {
	c := r.Counts
	parts := []string{fmt.Sprintf("%d/%d +%d -%d ~%d ttl%d", c.Before, c.After, c.Added, c.Removed, c.Changed, c.TTL)}
	for _, f := range r.Flips {
		if f.ToWildcard {
			parts = append(parts, fmt.Sprintf("%s to wildcard from %d", f.Family, f.Names))
		} else {
			parts = append(parts, fmt.Sprintf("%s to %d individual", f.Family, f.Names))
		}
	}
	if c.Moves > 0 {
		parts = append(parts, fmt.Sprintf("%d move, %d of their own", c.Moves, c.OwnMoves))
	}
	for _, v := range r.Tally("apps").Violations() {
		parts = append(parts, string(v.Code))
	}
	return strings.Join(parts, "; ")
}

// TestWildcardMoves: a wildcard has a record of its own.
func TestWildcardMoves(t *testing.T) {
	before := sideOf(t, header+"vpcs: {apps: {links: {east: [10.10.10.10]}}}")
	after := sideOf(t, header+"vpcs: {apps: {links: {west: [10.20.10.10]}}}")
	got := diff.Compare(before, after).Tally("apps").Violations()
	want := []guard.Violation{{Code: "region", VPC: "apps", Message: "1 of 3 names would lead to another region: *.endpoints.neo4j.io (east → west)"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestCountsAreComplete: what is listed adds up to what is counted, and a
// comparison the other way round has the opposite changes.
func TestCountsAreComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, p := model.DrawPlan(t)
		_, q := model.DrawPlan(t)
		before, after := side(p), side(q)
		there, back := diff.Compare(before, after), diff.Compare(after, before)
		listed := make(map[diff.Kind]int)
		moves, own := 0, 0
		for c := range there.Changes() {
			listed[c.Kind]++
			if c.Moves() {
				moves++
				if c.Own() {
					own++
				}
			}
		}
		c := there.Counts
		got := diff.Counts{
			Before: c.Before, After: c.After, Added: listed[diff.Added], Removed: listed[diff.Removed],
			Changed: listed[diff.Changed], TTL: listed[diff.TTL], Leaks: listed[diff.Leaks], Hides: listed[diff.Hides],
			Moves: moves, OwnMoves: own, Lost: c.Lost,
		}
		if c != got {
			t.Fatalf("counts %+v, listed %+v", c, got)
		}
		if c.After-c.Before != c.Added-c.Removed {
			t.Fatalf("counts do not add up: %+v", c)
		}
		if b := back.Counts; c.Added != b.Removed || c.Removed != b.Added || c.Changed != b.Changed {
			t.Fatalf("there %+v, back %+v", c, b)
		}
		if same := diff.Compare(before, before); !same.Same() || len(same.Flips) > 0 {
			t.Fatalf("compared with itself: %+v", same.Counts)
		}
	})
}

func side(p *plan.Plan) diff.Side {
	return diff.Side{Set: holdings.FromView(p.VPCs[0].View), Regions: diff.RegionsOf(p.VPCs[0].Links)}
}

// owners is how many names the first VPC has. A comparison does not count those that
// a wildcard of both sides makes needless.
func owners(p *plan.Plan) int {
	n := 0
	for _, zone := range p.VPCs[0].View.Zones {
		for range zone.All() {
			n++
		}
	}
	return n
}

// giveWay reports whether all names of the first VPC are wildcards for which there are to be
// individual records.
func giveWay(before, after *plan.Plan) bool {
	individual := make(map[string]bool)
	for _, d := range append(after.VPCs[0].Extra, after.VPCs[0].Endpoints) {
		individual["*."+d.Family] = d.Mode == plan.Individual
	}
	for _, zone := range before.VPCs[0].View.Zones {
		for owner := range zone.All() {
			if !individual[owner.Name] {
				return false
			}
		}
	}
	return true
}

// TestTallyOfJudge: what names alone trip is tripped where the plans are judged,
// which know more of the names. Names do not tell whether a wildcard comes back, or
// is new over names that were there.
func TestTallyOfJudge(t *testing.T) {
	codes := []guard.Code{guard.CodeWildcard, guard.CodeRegion, guard.CodeEmpty, guard.CodeBulk}
	tripsAll(t, codes, func(t *rapid.T) []guard.Violation {
		_, p := model.DrawPlan(t)
		_, q := model.DrawPlan(t)
		judged := make(map[guard.Code]bool)
		for _, v := range guard.Judge(p, q) {
			judged[v.Code] = judged[v.Code] || v.VPC == p.VPCs[0].Name
		}
		compared := diff.Compare(side(p), side(q))
		tripped := compared.Tally(p.VPCs[0].Name).Violations()
		for _, v := range tripped {
			if v.Code == guard.CodeBulk && compared.Counts.Before < owners(p) {
				continue // of fewer names, as many are a larger part
			}
			if v.Code == guard.CodeEmpty && giveWay(p, q) {
				continue // names do not tell that a family is to have individual records, where there are none yet
			}
			if v.Code != guard.CodeWildcard && !judged[v.Code] {
				t.Fatalf("%s, which the judge does not say: %v", v, guard.Judge(p, q))
			}
		}
		return tripped
	})
}
