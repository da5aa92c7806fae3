package guard

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/zones"
)

// ClientMove is a range of clients that are to be in another VPC than before. Where one
// side has a longer prefix within the range, the addresses of that prefix do not count:
// they have a ClientMove of their own, or stay.
type ClientMove struct {
	Range netip.Prefix `json:"range"`
	// From and To are names of VPCs; empty where the clients are in none.
	From string `json:"from"`
	To   string `json:"to"`
}

// String returns the move as a message has it.
func (m ClientMove) String() string {
	vpc := func(name string) string {
		if name == "" {
			return "no VPC"
		}
		return name
	}
	return fmt.Sprintf("%s (%s → %s)", m.Range, vpc(m.From), vpc(m.To))
}

// Dangerous reports whether the clients were in a VPC: they may be answered
// otherwise now.
func (m ClientMove) Dangerous() bool { return m.From != "" }

// everything are the ranges of all clients.
var everything = []netip.Prefix{netip.PrefixFrom(netip.IPv4Unspecified(), 0), netip.PrefixFrom(netip.IPv6Unspecified(), 0)}

// ClientMoves returns the ranges whose clients are in different views before and
// after, or in one on one side alone, by the longest prefix. They are sorted by
// address, the longer prefixes last, and name the views.
func ClientMoves(before, after []zones.View) []ClientMove {
	old, wanted := clientsOf(before), clientsOf(after)
	var moves []ClientMove
	open := make([]area, 0, 8)
	leave := func() {
		a := open[len(open)-1]
		open = open[:len(open)-1]
		if a.from != a.to && !a.covered {
			moves = append(moves, ClientMove{Range: a.prefix, From: a.from, To: a.to})
		}
		if len(open) > 0 {
			open[len(open)-1].cover(a.prefix)
		}
	}
	for _, prefix := range bothSorted(old, wanted) {
		for len(open) > 0 && !open[len(open)-1].prefix.Overlaps(prefix) {
			leave()
		}
		var above area
		if len(open) > 0 {
			above = open[len(open)-1]
		} else {
			above = area{from: old.rest, to: wanted.rest}
		}
		open = append(open, above.within(prefix, old, wanted))
	}
	for len(open) > 0 {
		leave()
	}
	slices.SortFunc(moves, func(a, b ClientMove) int { return address.ComparePrefixes(a.Range, b.Range) })
	return moves
}

// clients says which view has which clients.
type clients struct {
	views map[netip.Prefix]string
	rest  string // has all others; empty for none
}

func clientsOf(views []zones.View) clients {
	c := clients{views: make(map[netip.Prefix]string)}
	for _, v := range views {
		if len(v.Clients) == 0 {
			c.rest = v.Name
		}
		for _, prefix := range v.Clients {
			c.views[prefix] = v.Name
		}
	}
	return c
}

// bothSorted returns all ranges of either side, each before those within it.
func bothSorted(old, wanted clients) []netip.Prefix {
	prefixes := slices.Clone(everything)
	for _, side := range []clients{old, wanted} {
		for prefix := range side.views {
			prefixes = append(prefixes, prefix)
		}
	}
	slices.SortFunc(prefixes, address.ComparePrefixes)
	return slices.Compact(prefixes)
}

// area is a range less the ranges within it. All its clients are in one view
// before, and in one after.
type area struct {
	prefix   netip.Prefix
	from, to string
	next     netip.Addr // the first address that no range within covers yet
	covered  bool       // the ranges within leave nothing
}

// within returns the area of a range directly within a.
func (a area) within(prefix netip.Prefix, old, wanted clients) area {
	inner := area{prefix: prefix, from: a.from, to: a.to, next: prefix.Addr()}
	if name, there := old.views[prefix]; there {
		inner.from = name
	}
	if name, there := wanted.views[prefix]; there {
		inner.to = name
	}
	return inner
}

// cover notes a range directly within a; they come in order.
func (a *area) cover(inner netip.Prefix) {
	if inner.Addr() != a.next {
		return
	}
	last := address.Last(inner)
	a.covered = last == address.Last(a.prefix)
	a.next = last.Next()
}

// Leaving returns the moves of clients that were in a VPC.
func Leaving(vpc string, moves []ClientMove) []ClientMove {
	return slices.DeleteFunc(slices.Clone(moves), func(m ClientMove) bool { return m.From != vpc })
}
