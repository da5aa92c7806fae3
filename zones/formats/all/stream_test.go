package all_test

import (
	"fmt"
	"net/netip"
	"runtime"
	"testing"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats/all"
)

// manyEndpoints returns a view with records for n custom endpoints.
func manyEndpoints(n int) zones.View {
	table := &zones.EndpointTable{Endpoints: make([]zones.Endpoint, n), Prefixes: []string{"a-", "b-", "c-", "d-"}}
	for i := range table.Endpoints {
		table.Endpoints[i] = zones.Endpoint{Label: fmt.Sprintf("endpoint-%07d", i), Region: int32(i % 2)}
	}
	links := []zones.Addresses{
		{Region: "east", Addrs: []netip.Addr{netip.MustParseAddr("10.10.10.10")}},
		{Region: "west", Addrs: []netip.Addr{netip.MustParseAddr("10.20.10.10"), netip.MustParseAddr("fd00::10")}},
	}
	return zones.View{Name: "apps", TTL: 30, Zones: []zones.Zone{{
		Origin:    "endpoints.neo4j.io.",
		Endpoints: &zones.Individual{Table: table, Links: links},
	}}}
}

// liveHeap is a writer that notes how much of the heap is in use while it is
// written to.
type liveHeap struct{ octets, measured, most uint64 }

const measureEvery = 1 << 20 // octets

func (l *liveHeap) Write(p []byte) (int, error) {
	l.octets += uint64(len(p))
	if l.octets >= l.measured+measureEvery {
		l.measured = l.octets
		l.most = max(l.most, inUse())
	}
	return len(p), nil
}

func inUse() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// TestFormatsStream: what a format writes is not kept, however much it is.
func TestFormatsStream(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 10,000 custom endpoints in each format")
	}
	const allowed = 1 << 20 // octets, of 4 MiB and more that are written
	view := manyEndpoints(10_000)
	for _, format := range all.Formats() {
		t.Run(format.Name, func(t *testing.T) {
			shape := zones.Shape("")
			if format.Shaped {
				shape = zones.ShapeOneZone
			}
			all, err := format.Files(view, options(format, shape))
			if err != nil {
				t.Skip(err)
			}
			before := inUse()
			var heap liveHeap
			for file := range all {
				if err := file.Write(&heap, serial); err != nil {
					t.Fatal(err)
				}
			}
			if heap.most > before+allowed {
				t.Errorf("%d octets more in use while %d are written", heap.most-before, heap.octets)
			}
		})
	}
}
