package auralink

import (
	"testing"
	"time"
)

// StartWithin sets for how long servers may not have started, until the test ends.
func StartWithin(t *testing.T, within time.Duration) {
	before := startsWithin
	startsWithin = within
	t.Cleanup(func() { startsWithin = before })
}
