package address_test

import (
	"net/netip"
	"testing"

	"github.com/auralink/auralink/internal/address"
)

// TestPrivateAmong: a global IPv6 address is one of a private endpoint beside a private
// IPv4 address, and by itself it is not.
func TestPrivateAmong(t *testing.T) {
	addr := netip.MustParseAddr
	six, private, public := addr("2600:1f18::10"), addr("10.0.0.1"), addr("52.1.2.3")
	tests := []struct {
		name string
		of   netip.Addr
		all  []netip.Addr
		want bool
	}{
		{"a private one", private, []netip.Addr{private}, true},
		{"IPv6 beside it", six, []netip.Addr{private, six}, true},
		{"IPv6 alone", six, []netip.Addr{six}, false},
		{"IPv6 beside a public one", six, []netip.Addr{public, six}, false},
		{"a public one beside a private one", public, []netip.Addr{private, public}, false},
		{"a mapped public one", addr("::ffff:52.1.2.3"), []netip.Addr{private}, false},
		{"multicast", addr("ff02::1"), []netip.Addr{private}, false},
	}
	for _, tt := range tests {
		if got := address.PrivateAmong(tt.of, tt.all); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
}
