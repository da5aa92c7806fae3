package authority

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/address"
)

// ranges are all addresses of a family, in order, cut where the view changes.
type ranges struct {
	from  []netip.Addr // each range's first address
	views []ViewID
}

// newRanges cuts the addresses of a family, of which one is given, at the ends of the
// prefixes of it.
func (t *Table) newRanges(first netip.Addr, prefixes []netip.Prefix) ranges {
	cuts := []netip.Addr{first}
	for _, prefix := range prefixes {
		if prefix.Addr().BitLen() != first.BitLen() {
			continue
		}
		cuts = append(cuts, prefix.Addr())
		if next := address.Last(prefix).Next(); next.IsValid() {
			cuts = append(cuts, next)
		}
	}
	slices.SortFunc(cuts, netip.Addr.Compare)
	var r ranges
	for _, from := range slices.Compact(cuts) {
		view, ok := t.clients.ofPlain(from)
		if !ok {
			view = noView
		}
		if n := len(r.views); n == 0 || r.views[n-1] != view {
			r.from, r.views = append(r.from, from), append(r.views, view)
		}
	}
	return r
}

// find returns the range that an address is in.
func (r *ranges) find(addr netip.Addr) int {
	at, found := slices.BinarySearchFunc(r.from, addr, netip.Addr.Compare)
	if !found {
		at--
	}
	return at
}

// ViewForSubnet returns the view that all clients of a subnet are in, and the scope: the
// length of the widest prefix around the subnet's address in which all clients have the
// same view or none, 0 where that is so of the whole family. False means that the
// subnet's clients are in no VPC, or not all in the same; in the latter case the scope is
// longer than the subnet's prefix. The invalid subnet has the clients of both families.
//
// As in [Table.ViewFor], IPv4-mapped IPv6 addresses count as IPv4.
func (t *Table) ViewForSubnet(subnet netip.Prefix) (view ViewID, scope int, ok bool) {
	if !subnet.IsValid() {
		return t.clients.rest, 0, t.clients.rest != noView && len(t.v4.views)+len(t.v6.views) == 2
	}
	const mapped = 96 // bits before an IPv4-mapped address
	if subnet.Addr().Is4In6() && subnet.Bits() >= mapped {
		view, scope, ok = t.ViewForSubnet(netip.PrefixFrom(subnet.Addr().Unmap(), subnet.Bits()-mapped))
		return view, scope + mapped, ok
	}
	r := &t.v6
	if subnet.Addr().Is4() {
		r = &t.v4
	}
	at := r.find(subnet.Addr())
	scope = r.scope(at, subnet.Addr())
	view = r.views[at]
	return view, scope, view != noView && scope <= subnet.Bits()
}

// scope returns the length of the shortest prefix around an address of which all is in
// the range that the address is in: it has to be longer than what the address has in
// common with those right before and behind the range.
func (r *ranges) scope(at int, addr netip.Addr) int {
	scope := 0
	if at > 0 {
		scope = 1 + commonBits(addr, r.from[at].Prev())
	}
	if at+1 < len(r.from) {
		scope = max(scope, 1+commonBits(addr, r.from[at+1]))
	}
	return scope
}

// commonBits returns how many bits two addresses of one family have in common.
func commonBits(a, b netip.Addr) int {
	if a.Is4() {
		x, y := a.As4(), b.As4()
		return bits.LeadingZeros32(binary.BigEndian.Uint32(x[:]) ^ binary.BigEndian.Uint32(y[:]))
	}
	x, y := a.As16(), b.As16()
	if n := bits.LeadingZeros64(binary.BigEndian.Uint64(x[:8]) ^ binary.BigEndian.Uint64(y[:8])); n < 64 {
		return n
	}
	return 64 + bits.LeadingZeros64(binary.BigEndian.Uint64(x[8:])^binary.BigEndian.Uint64(y[8:]))
}
