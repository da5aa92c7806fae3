package address

import "net/netip"

// nobody are the ranges in which no host is, each with why: "this network" (RFC 1122,
// section 3.2.1.3), broadcast (RFC 919), multicast, and what is to be discarded (RFC 6666).
// 240.0.0.0/4 is none of them: Google Cloud has subnets there.
var nobody = []struct {
	of  netip.Prefix
	why string
}{
	{netip.MustParsePrefix("0.0.0.0/32"), "the unspecified address"},
	{netip.MustParsePrefix("::/128"), "the unspecified address"},
	{netip.MustParsePrefix("0.0.0.0/8"), "in 0.0.0.0/8, where no host is"},
	{netip.MustParsePrefix("255.255.255.255/32"), "the broadcast address"},
	{netip.MustParsePrefix("224.0.0.0/4"), "a multicast address"},
	{netip.MustParsePrefix("ff00::/8"), "a multicast address"},
	{netip.MustParsePrefix("100::/64"), "in 100::/64, where all is discarded"},
}

// Nobody says why no host has an address, in words that go behind "is"; "" of an address
// that one may have.
func Nobody(addr netip.Addr) string {
	addr = addr.Unmap().WithZone("")
	return NobodyIn(netip.PrefixFrom(addr, addr.BitLen()))
}

// NobodyIn is [Nobody] of a range: it says why no host has any address in it.
func NobodyIn(p netip.Prefix) string {
	for _, n := range nobody {
		if n.of.Bits() <= p.Bits() && n.of.Contains(p.Addr()) {
			return n.why
		}
	}
	return ""
}

// NoHost says why no other host is found at an address, in words that go behind "is"; ""
// of an address that one may have. It is [Nobody], and the addresses that lead no further
// than the machine or its link.
func NoHost(addr netip.Addr) string {
	switch addr = addr.Unmap(); {
	case addr.IsLoopback():
		return "a loopback address"
	case addr.IsLinkLocalUnicast():
		return "a link-local address"
	default:
		return Nobody(addr)
	}
}

// ClassE reports whether an address is in 240.0.0.0/4, which is reserved (RFC 1112, section
// 4): Google Cloud has subnets there, and Windows reaches none of them.
func ClassE(addr netip.Addr) bool { return in(classE, addr) && Nobody(addr) == "" }

var classE = prefixes("240.0.0.0/4")
