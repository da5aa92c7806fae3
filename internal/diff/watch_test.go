package diff_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/records"
	"github.com/auralink/auralink/internal/topologytest"
)

// TestWatchAgrees: names that are read one by one trip the guards that they trip
// when all of them are held and compared. A wildcard that is kept from a name by
// others may trip the guard for regions all the same.
func TestWatchAgrees(t *testing.T) {
	tripped := make(map[diff.Code]int)
	rapid.Check(t, func(t *rapid.T) {
		_, before := topologytest.DrawPlan(t)
		_, after := topologytest.DrawPlan(t)
		vpc := after.VPCs[0]
		regions := diff.RegionsOf(vpc.Links)
		there := records.FromView(before.VPCs[0].View)
		report := diff.Compare(diff.Side{Set: there, Regions: regions}, diff.Side{Set: records.FromView(vpc.View), Regions: regions})

		watch := diff.NewWatch(vpc.View, regions)
		builder := watch.Builder()
		for entry := range there.All() {
			builder.Add(entry.Name(), entry.Data(), entry.Place())
		}
		want, got := codes(report.Violations()), codes(watch.Violations())
		if !slices.Contains(want, diff.CodeRegion) {
			got = slices.DeleteFunc(got, func(c diff.Code) bool { return c == diff.CodeRegion })
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("guards (-compared +watched):\n%s", diff)
		}
		for _, code := range got {
			tripped[code]++
		}
	})
	for _, guard := range diff.Guards() {
		if tripped[guard.Code] == 0 {
			t.Errorf("the guard %s was never tripped", guard.Code)
		}
	}
}

func codes(violations []diff.Violation) []diff.Code {
	var all []diff.Code
	for _, v := range violations {
		all = append(all, v.Code)
	}
	return all
}
