package diff_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// TestWatchAgrees: names that are read one by one trip the guards that they trip
// when all of them are held and compared.
func TestWatchAgrees(t *testing.T) {
	var ofNames []guard.Code
	for _, g := range guard.Guards() {
		if g.Code != guard.CodeClients && g.Code != guard.CodeSerial {
			ofNames = append(ofNames, g.Code)
		}
	}
	tripsAll(t, ofNames, func(t *rapid.T) []guard.Violation {
		_, before := model.DrawPlan(t)
		_, after := model.DrawPlan(t)
		held, watched := violations(before.VPCs[0].View, after.VPCs[0])
		if diff := cmp.Diff(held, watched); diff != "" {
			t.Fatalf("guards (-compared +watched):\n%s", diff)
		}
		return watched
	})
}

// tripsAll checks a property, which returns the guards that were tripped, until each of some
// was tripped.
func tripsAll(t *testing.T, codes []guard.Code, property func(*rapid.T) []guard.Violation) {
	t.Helper()
	tripped := make(map[guard.Code]bool)
	never := func(code guard.Code) bool { return !tripped[code] }
	for range 10 {
		rapid.Check(t, func(t *rapid.T) {
			for _, violation := range property(t) {
				tripped[violation.Code] = true
			}
		})
		if testing.Short() || !slices.ContainsFunc(codes, never) { // short tests draw a fifth, once
			return
		}
	}
	for _, code := range codes {
		if never(code) {
			t.Errorf("the guard %s was never tripped", code)
		}
	}
}

// violations returns the guards that are tripped when a VPC's view replaces another
// view: once with all of that held, and once with its names read one by one.
func violations(before zones.View, vpc plan.VPC) (held, watched []guard.Violation) {
	regions := diff.RegionsOf(vpc.Links)
	there := holdings.FromView(before)
	report := diff.Compare(diff.Side{Set: there, Regions: regions}, diff.Side{Set: holdings.FromView(vpc.View), Regions: regions})

	watch := diff.NewWatch(topology.EndpointsOrigin, vpc.View, regions, regions)
	builder := watch.Builder()
	for claim := range there.Claims() {
		builder.Claim(claim)
	}
	for entry := range there.All() {
		builder.Add(entry.Name(), entry.Data(), entry.Place())
	}
	return report.Tally(vpc.Name).Violations(), watch.Tally().Violations()
}

// TestWatchNeedless: a wildcard that goes, below another one with the same
// addresses that stays, is no change: it neither counts among the names that are
// removed nor among those that are there.
func TestWatchNeedless(t *testing.T) {
	const before = `
regions:
  r:
    orchestras: ["0000", "0001", "0002"]
    extra_names: ["*.example.org", "*.b.example.org", "*.example.net"]
vpcs:
  v: {clients: [10.0.0.0/16], links: {r: [10.1.1.1]}}
`
	after := strings.NewReplacer(`, "*.b.example.org", "*.example.net"`, "", `, "0002"`, "").Replace(before)
	held, watched := violations(planOf(t, before).VPCs[0].View, planOf(t, after).VPCs[0])
	if len(held) > 0 || len(watched) > 0 {
		t.Errorf("guards are tripped: %v, watched: %v", held, watched)
	}
}
