package fastpath

import "testing"

// UsePortable makes sockets that are opened from now on until the test ends be
// served a packet at a time.
func UsePortable(t *testing.T) {
	before := batches
	batches = func(int) bool { return false }
	t.Cleanup(func() { batches = before })
}
