package holdings

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/address"
)

// Clients says of which clients something is: the first item that has an address decides
// about it, and an address that no item has is of none of them.
type Clients []ClientRange

// ClientRange is an item of a list of clients.
type ClientRange struct {
	Range netip.Prefix
	// Not says that the addresses of the range are none of those clients.
	Not bool
	// Unknown says that the item has some addresses of the range, and that it is not known
	// which: those that are in the server's own networks, or in a country.
	Unknown bool
	// Of are the clients that the item has in the place of a range; what they do not have the
	// next item may have.
	Of *Clients
}

// AllClients are all there are.
var AllClients = Clients{
	{Range: netip.PrefixFrom(netip.IPv4Unspecified(), 0)}, {Range: netip.PrefixFrom(netip.IPv6Unspecified(), 0)},
}

// SomeClients are some of all, and it is not known which.
var SomeClients = Clients{{Range: AllClients[0].Range, Unknown: true}, {Range: AllClients[1].Range, Unknown: true}}

// Item returns an item that has these clients. With not, the item excludes them.
func (c Clients) Item(not bool) ClientRange { return ClientRange{Of: &c, Not: not} }

// LongestFirst returns the clients for servers to whom of several items that have an address
// the one with the longest range counts.
func (c Clients) LongestFirst() Clients {
	return slices.SortedStableFunc(slices.Values(c), func(a, b ClientRange) int { return cmp.Compare(b.Range.Bits(), a.Range.Bits()) })
}

// Everybody reports whether they are all clients that there are.
func (c Clients) Everybody() bool {
	s := c.Split(ranges(AllClients))
	return len(s.Others) == 0 && len(s.Doubtful) == 0
}

// Equal reports whether two lists have the same items.
func (c Clients) Equal(other Clients) bool {
	return slices.EqualFunc(c, other, func(a, b ClientRange) bool {
		if a.Of == nil || b.Of == nil {
			return a == b
		}
		return a.Not == b.Not && (a.Of == b.Of || a.Of.Equal(*b.Of))
	})
}

func ranges(c Clients) []netip.Prefix {
	var all []netip.Prefix
	for _, item := range c {
		all = append(all, item.Range)
	}
	return all
}

// Split is what some ranges have to do with a list of clients.
type Split struct {
	// Clients are those in the list, Others those that are not, and Doubtful those of which
	// that is not known.
	Clients, Others, Doubtful []netip.Prefix
}

// Split tells the addresses of ranges apart by whether they are clients: each item decides
// about the addresses that no item before it has.
func (c Clients) Split(ranges []netip.Prefix) Split {
	var s Split
	if len(ranges) == 0 {
		return s
	}
	rest := ranges
	for i, item := range c {
		its := item.split(rest)
		if item.Not {
			s.Others = append(s.Others, its.Clients...)
		} else {
			s.Clients = append(s.Clients, its.Clients...)
		}
		if len(its.Doubtful) > 0 {
			s = s.with(c[i+1:].Split(its.Doubtful).doubted(item.Not))
		}
		rest = its.Others
	}
	s.Others = append(s.Others, rest...)
	return s
}

func (s Split) with(other Split) Split {
	return Split{
		slices.Concat(s.Clients, other.Clients), slices.Concat(s.Others, other.Others), slices.Concat(s.Doubtful, other.Doubtful),
	}
}

// doubted returns what becomes of a split after an item of which it is not known which of
// these addresses it has.
func (s Split) doubted(not bool) Split {
	if not {
		return Split{Others: s.Others, Doubtful: slices.Concat(s.Clients, s.Doubtful)}
	}
	return Split{Clients: s.Clients, Doubtful: slices.Concat(s.Others, s.Doubtful)}
}

// split tells which addresses of ranges the item has.
func (item ClientRange) split(ranges []netip.Prefix) Split {
	if item.Of != nil {
		return item.Of.Split(ranges)
	}
	var s Split
	for _, p := range ranges {
		if !item.Range.Overlaps(p) {
			s.Others = append(s.Others, p)
			continue
		}
		its := p
		if item.Range.Bits() > p.Bits() { // one of two ranges that overlap is in the other
			its = item.Range
			s.Others = append(s.Others, address.Without([]netip.Prefix{p}, []netip.Prefix{its})...)
		}
		if item.Unknown {
			s.Doubtful = append(s.Doubtful, its)
		} else {
			s.Clients = append(s.Clients, its)
		}
	}
	return s
}
