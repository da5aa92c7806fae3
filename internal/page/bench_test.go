package page_test

import (
	"io"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/page"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/test/benchserver/scale"
)

// BenchmarkPlan: a page of 1,000 VPCs.
func BenchmarkPlan(b *testing.B) {
	p := planFrom(b, scale.Size{Endpoints: 10_000, VPCs: 1000, Regions: 20})
	for b.Loop() {
		if err := page.WritePlan(io.Discard, p, nil, page.PlanOptions{Names: 20}); err != nil {
			b.Fatal(err)
		}
	}
}

func planFrom(tb testing.TB, size scale.Size) *plan.Plan {
	tb.Helper()
	var b strings.Builder
	if _, err := size.WriteTo(&b); err != nil {
		tb.Fatal(err)
	}
	p, _, err := plan.Read(strings.NewReader(b.String()))
	if err != nil {
		tb.Fatal(err)
	}
	return p
}
