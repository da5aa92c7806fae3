package holdings

import (
	"cmp"
	"net/netip"
	"slices"
)

// Clients says of which clients something is: of several items that have an address the
// first one counts, and what none has is not one of them.
type Clients []ClientRange

// ClientRange is an item of a list of clients.
type ClientRange struct {
	Range netip.Prefix
	// Not says that the addresses of the range are none of those clients.
	Not bool
}

// AllClients are all there are.
var AllClients = Clients{
	{Range: netip.PrefixFrom(netip.IPv4Unspecified(), 0)}, {Range: netip.PrefixFrom(netip.IPv6Unspecified(), 0)},
}

// LongestFirst returns the clients for servers to whom of several items that have an address
// the one with the longest range counts.
func (c Clients) LongestFirst() Clients {
	return slices.SortedStableFunc(slices.Values(c), func(a, b ClientRange) int { return cmp.Compare(b.Range.Bits(), a.Range.Bits()) })
}

// Everybody reports whether they are all clients that there are.
func (c Clients) Everybody() bool {
	return !slices.ContainsFunc(AllClients, func(item ClientRange) bool {
		_, others := c.has(item.Range)
		return others
	})
}

// has reports whether any address of a range is one of the clients, and whether any is
// none of them.
func (c Clients) has(p netip.Prefix) (some, others bool) {
	for i, item := range c {
		switch {
		case item.Range.Addr().Is4() != p.Addr().Is4() || !item.Range.Overlaps(p):
			continue
		case item.Range.Bits() <= p.Bits():
			return !item.Not, item.Not
		}
		low, high := halves(p)
		someLow, othersLow := c[i:].has(low)
		someHigh, othersHigh := c[i:].has(high)
		return someLow || someHigh, othersLow || othersHigh
	}
	return false, true
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

// concerns reports whether something concerns any client of some ranges: those in the list,
// or for others those that are not. Without ranges it is not known who the clients are:
// then it does where it concerns everybody.
func (c Clients) concerns(ranges []netip.Prefix, others bool) bool {
	if len(ranges) == 0 {
		return !slices.ContainsFunc(AllClients, func(item ClientRange) bool {
			some, out := c.has(item.Range)
			return others && some || !others && out
		})
	}
	return slices.ContainsFunc(ranges, func(p netip.Prefix) bool {
		some, out := c.has(p)
		return others && out || !others && some
	})
}
