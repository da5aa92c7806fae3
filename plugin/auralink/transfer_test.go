package auralink

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// TestTransferStreams: half-way through a transfer little more is in memory than before
// it, for a zone of many records. All of them are there in the end.
func TestTransferStreams(t *testing.T) {
	const endpoints = 50_000
	var text strings.Builder
	text.WriteString("regions: {east: {}, west: {}}\nvpcs: {apps: {links: {east: [10.0.0.1], west: [10.0.0.2]}}}\nserial: 41\ncustom_endpoints:\n")
	for i := range endpoints {
		fmt.Fprintf(&text, "  endpoint-%06d: east\n", i)
	}
	a := newLoaded(t, text.String())
	alive := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := alive()
	stream, err := a.Transfer("endpoints.neo4j.io.", 0)
	if err != nil {
		t.Fatal(err)
	}
	const half = 1 + 5*endpoints/2
	var records int
	for records < half {
		records += len(<-stream)
	}
	// A record is some 100 octets, so that all of them would be 25 MB.
	if grown := int64(alive()) - int64(before); grown > 1<<20 {
		t.Errorf("half-way %d octets more are in memory", grown)
	}
	var last dns.RR
	for some := range stream {
		records += len(some)
		last = some[len(some)-1]
	}
	if want := 5*endpoints + 3; records != want { // two SOA and one NS
		t.Errorf("%d records, want %d", records, want)
	}
	if soa, ok := last.(*dns.SOA); !ok || soa.Serial != 41 {
		t.Errorf("the last one is %v", last)
	}
	runtime.KeepAlive(a)
}
