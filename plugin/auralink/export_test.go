package auralink

import (
	"maps"
	"slices"
	"testing"
	"time"
	"weak"

	"github.com/auralink/auralink/internal/serve"
)

// StartWithin sets for how long servers may not have started, until the test ends.
func StartWithin(t *testing.T, within time.Duration) {
	before := startsWithin
	startsWithin = within
	t.Cleanup(func() { startsWithin = before })
}

// Instances returns the instances that serve, without keeping them.
func Instances() []weak.Pointer[Auralink] {
	instances.mu.Lock()
	defer instances.mu.Unlock()
	var list []weak.Pointer[Auralink]
	for _, a := range instances.list {
		list = append(list, weak.Make(a))
	}
	return list
}

// Served returns what the instances serve, without keeping it.
func Served() []weak.Pointer[serve.Snapshot] {
	instances.mu.Lock()
	defer instances.mu.Unlock()
	var list []weak.Pointer[serve.Snapshot]
	for _, a := range instances.list {
		list = append(list, weak.Make(a.served.Load()))
	}
	return list
}

// Properties returns the properties that the parser knows, those of fleets included, sorted.
func Properties() []string {
	names := slices.AppendSeq(slices.Clone(ofFleets), maps.Keys(newAuralink().properties()))
	slices.Sort(names)
	return names
}
