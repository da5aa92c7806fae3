package auralink

import (
	"testing"
	"time"
	"weak"
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
