package address_test

import (
	"net/netip"
	"testing"

	"github.com/auralink/auralink/internal/address"
)

func TestKinds(t *testing.T) {
	for text, want := range map[string]struct{ private, sinkhole bool }{
		"10.0.0.0":         {private: true},
		"10.255.255.255":   {private: true},
		"172.16.0.1":       {private: true},
		"172.31.255.255":   {private: true},
		"172.32.0.0":       {},
		"192.168.0.1":      {private: true},
		"192.169.0.0":      {},
		"100.63.255.255":   {},
		"100.64.0.0":       {private: true},
		"100.127.255.255":  {private: true},
		"100.128.0.0":      {},
		"fc00::1":          {private: true},
		"fdff::1":          {private: true},
		"fe80::1":          {},
		"::ffff:10.0.0.1":  {private: true},
		"169.254.1.1":      {},
		"203.0.113.9":      {},
		"2001:db8::1":      {},
		"0.0.0.0":          {sinkhole: true},
		"0.1.2.3":          {sinkhole: true},
		"127.0.0.1":        {sinkhole: true},
		"127.255.0.1":      {sinkhole: true},
		"224.0.0.1":        {sinkhole: true},
		"255.255.255.255":  {sinkhole: true},
		"::":               {sinkhole: true},
		"::1":              {sinkhole: true},
		"::2":              {},
		"100::1":           {sinkhole: true},
		"100:0:0:1::":      {},
		"ff02::1":          {sinkhole: true},
		"::ffff:127.0.0.1": {sinkhole: true},
		"fe80::1%eth0":     {},
		"::1%lo":           {sinkhole: true},
	} {
		addr := netip.MustParseAddr(text)
		if got := address.Private(addr); got != want.private {
			t.Errorf("%s is private: %v", text, got)
		}
		if got := address.Sinkhole(addr); got != want.sinkhole {
			t.Errorf("%s is a sinkhole: %v", text, got)
		}
	}
}
