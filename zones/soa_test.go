package zones_test

import (
	"math"
	"testing"

	"github.com/auralink/auralink/zones"
)

// TestSerialAhead is the arithmetic of RFC 1982, section 3.2, with its examples of
// section 5.
func TestSerialAhead(t *testing.T) {
	const half = 1 << 31
	for _, tt := range []struct {
		serial, before uint32
		want           bool
	}{
		{1, 0, true},
		{0, 1, false},
		{7, 7, false},
		{44, 0, true},
		{100, 44, true},
		{half - 1, 0, true},
		{half, 0, false},     // neither of the two
		{0, half, false},     // is ahead
		{half + 1, 0, false}, // it is behind
		{0, half + 1, true},
		{0, math.MaxUint32, true},
		{math.MaxUint32, 0, false},
	} {
		if got := zones.SerialAhead(tt.serial, tt.before); got != tt.want {
			t.Errorf("%d is ahead of %d: %v, want %v", tt.serial, tt.before, got, tt.want)
		}
	}
}

func TestNextSerial(t *testing.T) {
	for _, tt := range []struct{ before, wanted, want uint32 }{
		{5, 9, 9},
		{5, 5, 6},
		{5, 4, 6},
		{5, 5 + 1<<31, 6},
		{math.MaxUint32, 3, 3},
		{math.MaxUint32, math.MaxUint32, 1}, // never 0
		{math.MaxUint32 - 1, 0, math.MaxUint32},
		{math.MaxUint32, 0, 1},
	} {
		got := zones.NextSerial(tt.before, tt.wanted)
		if got != tt.want || !zones.SerialAhead(got, tt.before) {
			t.Errorf("after %d, if %d is wanted: %d, want %d", tt.before, tt.wanted, got, tt.want)
		}
	}
}
