// Package address says of what kind an IP address is, so that all that judge
// addresses mean the same by "private" and by "sinkhole".
package address

import (
	"net/netip"
	"slices"
)

// private are the ranges of networks of one's own: RFC 1918, RFC 4193, and the
// shared address space of RFC 6598, which clouds use inside networks as well.
var private = prefixes("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")

// sinkholes are the ranges in which no name leads anywhere: "this network" (RFC 1122,
// section 3.2.1.3), loopback, multicast, the reserved ones (RFC 1112, section 4),
// and what is to be discarded (RFC 6666). Filters answer with them.
var sinkholes = prefixes("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3", "::/128", "::1/128", "100::/64", "ff00::/8")

func prefixes(texts ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		all[i] = netip.MustParsePrefix(text)
	}
	return all
}

// Is reports whether a text is an IP address, without a zone (RFC 4007, section 11).
func Is(text string) bool {
	addr, err := netip.ParseAddr(text)
	return err == nil && addr.Zone() == ""
}

// Private reports whether an address is one of a network of one's own. Those of a
// link (RFC 3927, RFC 4291) are not: no private endpoint has one.
func Private(addr netip.Addr) bool { return in(private, addr) }

// PrivateAmong reports whether an address may be one of a private endpoint that has all of
// these: a private one, or beside one a global IPv6 address, as networks with both families
// have them in clouds.
func PrivateAmong(addr netip.Addr, all []netip.Addr) bool {
	if Private(addr) {
		return true
	}
	return addr.Is6() && !addr.Is4In6() && addr.IsGlobalUnicast() && slices.ContainsFunc(all, func(a netip.Addr) bool { return a.Is4() && Private(a) })
}

// Sinkhole reports whether an address leads nowhere, whoever asks.
func Sinkhole(addr netip.Addr) bool { return in(sinkholes, addr) }

// Beyond reports whether an address leads out of all private networks, and somewhere.
func Beyond(addr netip.Addr) bool { return !Private(addr) && !Sinkhole(addr) }

// in reports whether a range has an address; an IPv4 address in an IPv6 one is the
// former.
func in(ranges []netip.Prefix, addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	return slices.ContainsFunc(ranges, func(p netip.Prefix) bool { return p.Contains(addr) })
}
