package address

import (
	"cmp"
	"fmt"
	"net/netip"
	"strings"
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

// Without returns ranges without the addresses that others have: each as few ranges as there
// can be, in the order of the former.
func Without(ranges, others []netip.Prefix) []netip.Prefix {
	rest := ranges
	for _, other := range others {
		var next []netip.Prefix
		for _, p := range rest {
			next = append(next, without(p, other)...)
		}
		rest = next
	}
	return rest
}

// without returns the part of a range that another one does not have.
func without(p, other netip.Prefix) []netip.Prefix {
	switch {
	case !p.Overlaps(other):
		return []netip.Prefix{p}
	case other.Bits() <= p.Bits():
		return nil
	}
	low, high := halves(p)
	return append(without(low, other), without(high, other)...)
}

// halves returns the two ranges that make one of more than one address.
func halves(p netip.Prefix) (low, high netip.Prefix) {
	p = p.Masked()
	bits := p.Bits()
	addr := p.Addr().AsSlice()
	addr[bits/8] |= 0x80 >> (bits % 8)
	upper, _ := netip.AddrFromSlice(addr)
	return netip.PrefixFrom(p.Addr(), bits+1), netip.PrefixFrom(upper, bits+1)
}

// Between returns the prefixes that have all addresses from the first to the last, and no other;
// none where these are not of one family, or the last is before the first.
func Between(first, last netip.Addr) []netip.Prefix {
	var all []netip.Prefix
	if first.BitLen() != last.BitLen() {
		return nil
	}
	for at := first; at.IsValid() && at.Compare(last) <= 0; {
		p := netip.PrefixFrom(at, at.BitLen())
		for bits := p.Bits() - 1; bits >= 0; bits-- {
			wider := netip.PrefixFrom(at, bits)
			if wider.Masked().Addr() != at || Last(wider).Compare(last) > 0 {
				break
			}
			p = wider
		}
		all, at = append(all, p), Last(p).Next()
	}
	return all
}

// plainLength returns a prefix whose length has no sign and no zeros in front.
func plainLength(text string) string {
	addr, length, is := strings.Cut(text, "/")
	digits := strings.TrimLeft(strings.TrimPrefix(length, "+"), "0")
	switch {
	case !is || length == "" || length == "+":
		return text
	case digits == "":
		return addr + "/0"
	default:
		return addr + "/" + digits
	}
}

// ParseRanges reads a range of addresses as name servers write them: an address, a prefix, or the
// first and the last address with a dash between them. The length of a prefix is a number as C
// reads it: "+8" and "08" are 8.
func ParseRanges(text string) ([]netip.Prefix, error) {
	from, to, is := strings.Cut(text, "-")
	if !is {
		p, err := ParseRange(plainLength(strings.TrimSpace(text)))
		return []netip.Prefix{p}, err
	}
	first, err := netip.ParseAddr(strings.TrimSpace(from))
	last, errLast := netip.ParseAddr(strings.TrimSpace(to))
	all := Between(first, last)
	if err != nil || errLast != nil || len(all) == 0 {
		return nil, fmt.Errorf("%q is no range of addresses", text)
	}
	return all, nil
}
