package address

import (
	"cmp"
	"net/netip"
)

// ComparePrefixes orders ranges by their first address, and longer ones after those that
// they are in.
func ComparePrefixes(a, b netip.Prefix) int {
	return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
}

// ParseRange reads a range as configurations of servers have it, without its bits beyond
// the prefix: "10.0.0.0/8", or an address alone. The error is that of [netip.ParsePrefix].
func ParseRange(text string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	prefix, err := netip.ParsePrefix(text)
	return prefix.Masked(), err
}

// Last returns the last address of a range.
func Last(prefix netip.Prefix) netip.Addr {
	octets := prefix.Masked().Addr().AsSlice()
	for bit := prefix.Bits(); bit < len(octets)*8; bit++ {
		octets[bit/8] |= 0x80 >> (bit % 8)
	}
	last, _ := netip.AddrFromSlice(octets)
	return last
}
