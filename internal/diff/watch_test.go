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
	tripped := make(map[guard.Code]int)
	rapid.Check(t, func(t *rapid.T) {
		_, before := model.DrawPlan(t)
		_, after := model.DrawPlan(t)
		held, watched := violations(before.VPCs[0].View, after.VPCs[0])
		if diff := cmp.Diff(held, watched); diff != "" {
			t.Fatalf("guards (-compared +watched):\n%s", diff)
		}
		for _, violation := range watched {
			tripped[violation.Code]++
		}
	})
	notOfNames := []guard.Code{guard.CodeClients, guard.CodeSerial}
	for _, g := range guard.Guards() {
		if !slices.Contains(notOfNames, g.Code) && tripped[g.Code] == 0 && !testing.Short() { // which draws a fifth
			t.Errorf("the guard %s was never tripped", g.Code)
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
