package address_test

import (
	"fmt"
	"testing"

	"github.com/auralink/auralink/internal/address"
)

// TestParseRanges: the prefixes of a range have its addresses, and no others.
func TestParseRanges(t *testing.T) {
	for text, want := range map[string]string{
		"10.0.0.0-10.0.0.127":     "[10.0.0.0/25]",
		"10.0.0.1 - 10.0.0.6":     "[10.0.0.1/32 10.0.0.2/31 10.0.0.4/31 10.0.0.6/32]",
		"0.0.0.0-255.255.255.255": "[0.0.0.0/0]",
		"fd00::fffe-fd00::1:0":    "[fd00::fffe/127 fd00::1:0/128]",
		"10.0.0.1":                "[10.0.0.1/32]",
		"10.0.0.0/8":              "[10.0.0.0/8]",
		"10.0.0.2-10.0.0.1":       "none",
		"10.0.0.2-fd00::":         "none",
		"10.0.0.2-":               "none",
	} {
		ranges, err := address.ParseRanges(text)
		got := fmt.Sprint(ranges)
		if err != nil {
			got = "none"
		}
		if got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
