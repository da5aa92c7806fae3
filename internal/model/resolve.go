package model

import (
	"net/netip"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/zones"
)

// Answer is what a view says of a name.
type Answer struct {
	// Owned says that the view answers for the name. What it does not own is
	// left to public DNS.
	Owned bool
	// Declared says that the name has addresses of its own, not a wildcard's.
	Declared bool
	// Between says that the name, or one above it, is between the name's zone and
	// another one below it. To NSD such names exist and have nothing.
	Between bool
	// Addrs are its addresses, if it has any.
	Addrs []netip.Addr
}

// Resolve answers from a view's records by the plainest reading of RFC 1034 and
// RFC 4592: the zone with the longest origin, the name itself, else the wildcard
// at the closest encloser. The name is lower-case, without a final dot.
//
// A zone of individual records and one of a single name own no other names than
// theirs, but for a single name's zone within another zone.
func Resolve(view zones.View, name string) Answer {
	name += "."
	zone := nearestZone(view, name)
	if zone == nil {
		return Answer{}
	}
	owners := make(map[string][]netip.Addr)
	exists := map[string]bool{zone.Origin: true}
	for owner := range zone.All() {
		owners[owner.Name] = owner.Addrs
		for above := owner.Name; above != zone.Origin; _, above, _ = strings.Cut(above, ".") {
			exists[above] = true
		}
	}
	addrs, declared := owners[name]
	switch {
	case declared:
		return Answer{Owned: true, Declared: true, Addrs: addrs}
	case zone.Endpoints != nil, zone.SingleName() && !withinAnother(view, zone.Origin):
		return Answer{}
	case exists[name]:
		return Answer{Owned: true}
	}
	encloser := name
	for !exists[encloser] {
		_, encloser, _ = strings.Cut(encloser, ".")
	}
	return Answer{Owned: true, Between: between(view, zone.Origin, name), Addrs: owners["*."+encloser]}
}

// between reports whether a zone lies below a name, or below one above it that is
// still below origin.
func between(view zones.View, origin, name string) bool {
	for ; name != origin; _, name, _ = strings.Cut(name, ".") {
		for _, zone := range view.Zones {
			if strings.HasSuffix(zone.Origin, "."+name) {
				return true
			}
		}
	}
	return false
}

// nearestZone returns the zone at or above an absolute name whose origin is the
// longest, or nil.
func nearestZone(view zones.View, name string) *zones.Zone {
	var nearest *zones.Zone
	for i := range view.Zones {
		origin := view.Zones[i].Origin
		if (name == origin || strings.HasSuffix(name, "."+origin)) && (nearest == nil || len(origin) > len(nearest.Origin)) {
			nearest = &view.Zones[i]
		}
	}
	return nearest
}

// withinAnother reports whether a zone lies below one that has more than a single
// name.
func withinAnother(view zones.View, origin string) bool {
	for {
		_, above, _ := strings.Cut(origin, ".")
		zone := nearestZone(view, above)
		if zone == nil || !zone.SingleName() {
			return zone != nil
		}
		origin = zone.Origin
	}
}

// Addrs returns the addresses that A and AAAA records have, in their order.
func Addrs(rrs []dns.RR) []netip.Addr {
	var addrs []netip.Addr
	for _, rr := range rrs {
		switch rr := rr.(type) {
		case *dns.A:
			addr, _ := netip.AddrFromSlice(rr.A.To4())
			addrs = append(addrs, addr)
		case *dns.AAAA:
			addr, _ := netip.AddrFromSlice(rr.AAAA)
			addrs = append(addrs, addr)
		}
	}
	return addrs
}
