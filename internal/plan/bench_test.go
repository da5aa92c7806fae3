package plan_test

import (
	"bytes"
	"testing"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/test/benchserver/scale"
)

// BenchmarkNew measures planning alone, from a topology that was parsed before.
// It grows with the endpoints and with the VPCs, but not with their product: the
// views share one table. BenchmarkLoad of package authority has the whole way
// from the file.
func BenchmarkNew(b *testing.B) {
	for _, endpoints := range []int{10, 1_000, 100_000, 1_000_000} {
		for _, vpcs := range []int{1, 100, 1_000} {
			size := scale.Size{Endpoints: endpoints, VPCs: vpcs, Regions: 20}
			b.Run(size.String(), func(b *testing.B) {
				t := parse(b, size)
				for b.Loop() {
					if p, _ := plan.New(t); len(p.VPCs) != vpcs {
						b.Fatalf("%d VPCs, want %d", len(p.VPCs), vpcs)
					}
				}
			})
		}
	}
}

func parse(b *testing.B, size scale.Size) *topology.Topology {
	b.Helper()
	var text bytes.Buffer
	if _, err := size.WriteTo(&text); err != nil {
		b.Fatal(err)
	}
	t, findings, err := topology.Parse(&text)
	if err != nil {
		b.Fatalf("parsing: %v\n%s", err, findings.Report())
	}
	return t
}
