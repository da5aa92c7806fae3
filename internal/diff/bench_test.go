package diff_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// many returns the plan of a VPC with individual records for so many custom
// endpoints, every other in each of two regions; each of the first few is in the
// other one.
func many(b *testing.B, endpoints, moved int) plan.VPC {
	b.Helper()
	var text strings.Builder
	text.WriteString("regions: {east: {}, west: {}}\nvpcs: {apps: {links: {east: [10.10.10.10], west: [10.20.10.10]}}}\ncustom_endpoints:\n")
	for i := range endpoints {
		region := "east"
		if (i%2 == 1) != (i < moved) {
			region = "west"
		}
		fmt.Fprintf(&text, "  my-endpoint-%06x-%06d: %s\n", i*2654435761%0xffffff, i, region)
	}
	p, _, err := plan.Read(strings.NewReader(text.String()))
	if err != nil {
		b.Fatal(err)
	}
	return p.VPCs[0]
}

// BenchmarkCompare compares two views of 100,000 custom endpoints, five names
// each, of which 1,000 are in another region.
func BenchmarkCompare(b *testing.B) {
	before, after := many(b, 100_000, 0), many(b, 100_000, 1000)
	regions := diff.RegionsOf(after.Links)
	b.ReportAllocs()
	for b.Loop() {
		r := diff.Compare(diff.Side{Set: holdings.FromView(before.View), Regions: regions}, diff.Side{Set: holdings.FromView(after.View), Regions: regions})
		if r.Counts.OwnMoves != 5000 {
			b.Fatalf("%+v", r.Counts)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/500_000, "ns/name")
}

// BenchmarkReadZone reads a zone file of 100,000 custom endpoints.
func BenchmarkReadZone(b *testing.B) {
	exported, err := peers.Exported(many(b, 100_000, 0).View, zones.ShapeOneZone)
	if err != nil {
		b.Fatal(err)
	}
	var text strings.Builder
	for _, zone := range exported {
		text.WriteString(zone.Text)
	}
	b.ReportAllocs()
	for b.Loop() {
		builder := holdings.NewBuilder()
		if err := all.ReadAny(builder, strings.NewReader(text.String()), formats.Input{Name: "f"}); err != nil {
			b.Fatal(err)
		}
		if n := builder.Set().Len(); n != 500_000 {
			b.Fatalf("%d names", n)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/500_000, "ns/name")
}
