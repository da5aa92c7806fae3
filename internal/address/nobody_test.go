package address_test

import (
	"net/netip"
	"testing"

	"github.com/auralink/auralink/internal/address"
)

// TestNobody: where no host is, by the classes of addresses.
func TestNobody(t *testing.T) {
	tests := []struct{ addr, nobody, noHost string }{
		{"10.0.0.1", "", ""},
		{"8.8.8.8", "", ""},
		{"192.0.2.1", "", ""},   // in examples
		{"2001:db8::1", "", ""}, // in examples
		{"240.0.0.1", "", ""},   // Google Cloud has subnets there
		{"fd00::1", "", ""},
		{"64:ff9b::a00:1", "", ""},
		{"0.0.0.0", "the unspecified address", "the unspecified address"},
		{"::", "the unspecified address", "the unspecified address"},
		{"::ffff:0.0.0.0", "the unspecified address", "the unspecified address"},
		{"0.0.0.1", "in 0.0.0.0/8, where no host is", "in 0.0.0.0/8, where no host is"},
		{"0.255.255.255", "in 0.0.0.0/8, where no host is", "in 0.0.0.0/8, where no host is"},
		{"1.0.0.0", "", ""},
		{"127.0.0.1", "", "a loopback address"},
		{"::1", "", "a loopback address"},
		{"169.254.169.253", "", "a link-local address"},
		{"fe80::1%eth0", "", "a link-local address"},
		{"224.0.0.251", "a multicast address", "a multicast address"},
		{"ff02::fb%eth0", "a multicast address", "a multicast address"},
		{"255.255.255.255", "the broadcast address", "the broadcast address"},
		{"100::1", "in 100::/64, where all is discarded", "in 100::/64, where all is discarded"},
	}
	for _, tt := range tests {
		addr := netip.MustParseAddr(tt.addr)
		if got := address.Nobody(addr); got != tt.nobody {
			t.Errorf("at %s nobody is: %q, want %q", tt.addr, got, tt.nobody)
		}
		if got := address.NoHost(addr); got != tt.noHost {
			t.Errorf("at %s no host is: %q, want %q", tt.addr, got, tt.noHost)
		}
	}
	for text, want := range map[string]string{
		"0.0.0.0/0": "", "::/0": "", "0.0.0.0/7": "", "128.0.0.0/1": "", "240.0.0.0/4": "", "127.0.0.0/8": "",
		"0.0.0.0/8": "in 0.0.0.0/8, where no host is", "224.0.0.0/24": "a multicast address", "ff02::/16": "a multicast address",
	} {
		if got := address.NobodyIn(netip.MustParsePrefix(text)); got != want {
			t.Errorf("in %s nobody is: %q, want %q", text, got, want)
		}
	}
	if !address.ClassE(netip.MustParseAddr("250.1.2.3")) || address.ClassE(netip.MustParseAddr("255.255.255.255")) || address.ClassE(netip.MustParseAddr("239.1.2.3")) {
		t.Error("class E is another range")
	}
}
