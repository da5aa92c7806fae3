package zones

import (
	"iter"
	"net/netip"
)

// RRset is the addresses of one family that a name has: its A records, or its
// AAAA records (RFC 2181, section 5).
type RRset struct {
	// Name is the owner's, absolute and lower-case.
	Name string
	// Type is "A" or "AAAA".
	Type string
	// Region is the label of the region to which the addresses lead.
	Region string
	// Addrs are sorted; there is at least one.
	Addrs []netip.Addr
}

// Texts returns the addresses as texts.
func (r RRset) Texts() []string { return Texts(r.Addrs, "") }

// Characters returns how long the addresses are together, as text.
func (r RRset) Characters() int {
	sum := 0
	for _, addr := range r.Addrs {
		sum += len(addr.String())
	}
	return sum
}

// RRsets returns the owner's RRsets, A before AAAA. A family in which it has no
// address has none.
func (o Owner) RRsets() iter.Seq[RRset] {
	return func(yield func(RRset) bool) {
		if v4 := o.V4(); len(v4) > 0 && !yield(RRset{Name: o.Name, Type: "A", Region: o.Region, Addrs: v4}) {
			return
		}
		if v6 := o.V6(); len(v6) > 0 {
			yield(RRset{Name: o.Name, Type: "AAAA", Region: o.Region, Addrs: v6})
		}
	}
}

// RRsets returns the RRsets of all owners of the zone, in their order. Nothing is
// kept.
func (z Zone) RRsets() iter.Seq[RRset] {
	return func(yield func(RRset) bool) {
		for owner := range z.All() {
			for rrset := range owner.RRsets() {
				if !yield(rrset) {
					return
				}
			}
		}
	}
}

// IsEmpty reports whether the zone has no addresses: it only hides what public
// DNS has.
func (z Zone) IsEmpty() bool {
	for range z.All() {
		return false
	}
	return true
}

// Texts returns addresses as text, each between the quotes.
func Texts(addrs []netip.Addr, quote string) []string {
	out := make([]string, len(addrs))
	for i, addr := range addrs {
		out[i] = quote + addr.String() + quote
	}
	return out
}
