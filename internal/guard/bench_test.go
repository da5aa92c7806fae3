package guard_test

import (
	"bytes"
	"net/netip"
	"runtime"
	"testing"

	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/test/benchserver/scale"
)

// changes are what a plan of package scale may be replaced by.
var changes = []struct {
	name string
	edit func(*topology.Topology)
	held bool
}{
	{"same", func(*topology.Topology) {}, false},
	{"recreated", recreate, false},
	{"moved", func(t *topology.Topology) {
		for i := range t.Endpoints {
			t.Endpoints[i].Region = int32((int(t.Endpoints[i].Region) + 1 + i%7) % len(t.Regions))
		}
	}, true},
	{"removed", func(t *topology.Topology) { t.Endpoints = t.Endpoints[:len(t.Endpoints)/2] }, true},
}

// recreate gives all links other addresses.
func recreate(t *topology.Topology) {
	for v := range t.VPCs {
		for l := range t.VPCs[v].Links {
			link := &t.VPCs[v].Links[l]
			for i, addr := range link.Addrs {
				octets := addr.As4()
				octets[0] = 100
				link.Addrs[i] = netip.AddrFrom4(octets)
			}
		}
	}
}

// BenchmarkJudge judges changes of the largest topology.
func BenchmarkJudge(b *testing.B) {
	size := scale.Size{Endpoints: 1_000_000, VPCs: 1_000, Regions: 20}
	before := planned(b, size, changes[0].edit)
	for _, change := range changes {
		b.Run(change.name, func(b *testing.B) {
			after := planned(b, size, change.edit)
			b.ReportAllocs()
			for b.Loop() {
				if held := len(guard.Judge(before, after)) > 0; held != change.held {
					b.Fatalf("held: %t", held)
				}
			}
		})
	}
}

// TestJudgeCost: whatever changes, names are not walked: what is allocated does
// not grow with the custom endpoints, and a thousand VPCs take no more than 50 MiB.
func TestJudgeCost(t *testing.T) {
	if testing.Short() {
		t.Skip("plans 1,000 VPCs many times")
	}
	for _, change := range changes {
		t.Run(change.name, func(t *testing.T) {
			few := costOf(t, scale.Size{Endpoints: 1_000, VPCs: 1_000, Regions: 20}, change.edit)
			many := costOf(t, scale.Size{Endpoints: 20_000, VPCs: 1_000, Regions: 20}, change.edit)
			if many.mallocs > few.mallocs+few.mallocs/10 {
				t.Errorf("%d allocations for 20,000 custom endpoints, %d for 1,000", many.mallocs, few.mallocs)
			}
			if many.octets > 50<<20 {
				t.Errorf("%d octets are allocated", many.octets)
			}
			t.Logf("%d allocations, %d octets", many.mallocs, many.octets)
		})
	}
}

type cost struct{ mallocs, octets uint64 }

func costOf(t *testing.T, size scale.Size, edit func(*topology.Topology)) cost {
	t.Helper()
	before, after := planned(t, size, func(*topology.Topology) {}), planned(t, size, edit)
	var start, end runtime.MemStats
	runtime.ReadMemStats(&start)
	guard.Judge(before, after)
	runtime.ReadMemStats(&end)
	return cost{end.Mallocs - start.Mallocs, end.TotalAlloc - start.TotalAlloc}
}

func planned(t testing.TB, size scale.Size, edit func(*topology.Topology)) *plan.Plan {
	t.Helper()
	var text bytes.Buffer
	if _, err := size.WriteTo(&text); err != nil {
		t.Fatal(err)
	}
	parsed, findings, err := topology.Parse(&text)
	if err != nil {
		t.Fatalf("%v\n%s", err, findings.Report())
	}
	edit(parsed)
	p, _ := plan.New(parsed)
	return p
}
