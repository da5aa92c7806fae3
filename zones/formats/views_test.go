package formats_test

import (
	"errors"
	"net/netip"
	"testing"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
)

// TestCheckViews: too many views are told before any is read, and those of others do not count.
func TestCheckViews(t *testing.T) {
	clients := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/16")}
	for _, tt := range []struct {
		name  string
		of    byte // the second octet of those who have the views
		views int
		want  error
	}{
		{"as many as there may be", 0, formats.MaxViews, nil},
		{"one more", 0, formats.MaxViews + 1, formats.ErrViews},
		{"of others", 1, 200, nil},
	} {
		asking := formats.Asking{Clients: clients}
		err := asking.CheckViews(func(yield func(holdings.Clients) bool) {
			for i := range tt.views {
				prefix := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, tt.of, byte(i), 0}), 24)
				if !yield(holdings.Clients{{Range: prefix}}) {
					return
				}
			}
		})
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}
