package fastpath

import "testing"

// Stage tells the test binary, by the environment, what it was started for.
const Stage = "AURALINK_TEST_STAGE"

// Prepared is the stage in a network namespace that was prepared, without privileges.
const Prepared = "prepared"

// UsePortable makes sockets that are opened from now on until the test ends be
// served a packet at a time.
func UsePortable(t *testing.T) {
	before := batches
	batches = func(int) bool { return false }
	t.Cleanup(func() { batches = before })
}
