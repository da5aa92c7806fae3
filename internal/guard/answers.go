package guard

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// family is what a VPC has for the custom endpoints.
type family struct {
	plan.Decision
	wildcard []netip.Addr      // where the mode is wildcard
	links    []zones.Addresses // where it is individual, by region
}

// familyOf returns what a VPC, which may be nil, has for the custom endpoints.
func familyOf(v *plan.VPC) family {
	f := family{Decision: plan.Decision{Mode: plan.None}}
	if v == nil {
		return f
	}
	f.Decision = v.Endpoints
	for _, zone := range v.View.Zones {
		switch {
		case zone.Origin != topology.EndpointsOrigin:
		case zone.Endpoints != nil:
			f.links = zone.Endpoints.Links
		default:
			f.wildcard = zone.Owners[0].Addrs // its only owner is the wildcard
		}
	}
	return f
}

// addrs returns the addresses of a name in a region, or nowhere.
func (f family) addrs(region int32) []netip.Addr {
	if f.links == nil || region == nowhere {
		return f.wildcard
	}
	return f.links[region].Addrs
}

// answers has the addresses of the names of a view, but for those of custom
// endpoints.
type answers struct {
	zones map[string]*zones.Zone          // by origin
	nodes map[*zones.Zone]map[string]bool // the names that exist in a zone
}

func newAnswers(all []*zones.Zone) *answers {
	a := &answers{zones: make(map[string]*zones.Zone, len(all)), nodes: make(map[*zones.Zone]map[string]bool)}
	for _, zone := range all {
		a.zones[zone.Origin] = zone
	}
	return a
}

// of returns the addresses of a name: its own, or those of the wildcard at its
// closest encloser (RFC 4592). A wildcard's name stands for the names that no
// other name of the zone is at or below.
func (a *answers) of(name string) []netip.Addr {
	zone, found := dnsname.Closest(a.zones, name)
	if !found {
		return nil
	}
	if addrs, own := ownerIn(zone, name); own {
		return addrs
	}
	nodes := a.nodesOf(zone)
	encloser := name
	for !nodes[encloser] {
		encloser = dnsname.Parent(encloser)
	}
	if encloser == name {
		return nil
	}
	addrs, _ := ownerIn(zone, "*."+encloser)
	return addrs
}

// nodesOf returns the names that exist in a zone, those between others and its
// origin included.
func (a *answers) nodesOf(zone *zones.Zone) map[string]bool {
	nodes := a.nodes[zone]
	if nodes == nil {
		nodes = map[string]bool{zone.Origin: true}
		for _, owner := range zone.Owners {
			for name := owner.Name; !nodes[name]; name = dnsname.Parent(name) {
				nodes[name] = true
			}
		}
		a.nodes[zone] = nodes
	}
	return nodes
}

// ownerIn returns the addresses of exactly that name in a zone.
func ownerIn(zone *zones.Zone, name string) ([]netip.Addr, bool) {
	at, found := slices.BinarySearchFunc(zone.Owners, name, func(o zones.Owner, name string) int { return strings.Compare(o.Name, name) })
	if !found {
		return nil, false
	}
	return zone.Owners[at].Addrs, true
}

// otherZones returns the zones of a VPC, which may be nil, without that of the
// custom endpoints.
func otherZones(v *plan.VPC) []*zones.Zone {
	if v == nil {
		return nil
	}
	var others []*zones.Zone
	for i := range v.View.Zones {
		if zone := &v.View.Zones[i]; zone.Origin != topology.EndpointsOrigin {
			others = append(others, zone)
		}
	}
	return others
}

// sameZone reports whether two zones have the same names with the same addresses.
func sameZone(a, b *zones.Zone) bool {
	return a.Origin == b.Origin && slices.EqualFunc(a.Owners, b.Owners, func(a, b zones.Owner) bool {
		return a.Name == b.Name && slices.Equal(a.Addrs, b.Addrs)
	})
}
