package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
)

// layout distributes owners over zones.
type layout struct {
	zones map[string]*zones.Zone // by origin
}

func newLayout() *layout { return &layout{zones: make(map[string]*zones.Zone)} }

func (l *layout) add(z zones.Zone) { l.zones[z.Origin] = &z }

// orchestra adds the zone of an orchestra: the same addresses at its apex, which
// Aura's console tells GCP users to create, and for everything below it, which
// the names in the drivers' routing tables need.
func (l *layout) orchestra(origin string, addresses zones.Addresses) {
	l.add(zones.Zone{Origin: origin, Owners: []zones.Owner{
		{Name: "*." + origin, Addresses: addresses},
		{Name: origin, Addresses: addresses},
	}})
}

// wildcardZone adds a zone that has nothing but a wildcard.
func (l *layout) wildcardZone(origin string, addresses zones.Addresses) {
	l.add(zones.Zone{Origin: origin, Owners: []zones.Owner{{Name: "*." + origin, Addresses: addresses}}})
}

// place puts the extra names into zones. A wildcard makes a zone at its parent,
// or goes into the zone above that has everything there already; so does a name
// below a wildcard. Any other name is a zone by itself, which says nothing about
// the names around and below it.
func (l *layout) place(owners []zones.Owner) {
	slices.SortFunc(owners, func(a, b zones.Owner) int {
		return cmp.Or(
			cmp.Compare(wildcardFirst(a), wildcardFirst(b)),
			cmp.Compare(dnsname.Labels(a.Name), dnsname.Labels(b.Name)), // nearest to the root first
			strings.Compare(a.Name, b.Name),
		)
	})
	for _, owner := range owners {
		origin := strings.TrimPrefix(owner.Name, "*.")
		zone, found := dnsname.Closest(l.zones, origin)
		if !found || zone.SingleName() {
			zone = &zones.Zone{Origin: origin}
			l.zones[origin] = zone
		}
		zone.Owners = append(zone.Owners, owner)
	}
}

func wildcardFirst(o zones.Owner) int {
	if strings.HasPrefix(o.Name, "*.") {
		return 0
	}
	return 1
}

// sorted returns all zones by origin, each with its owners by name.
func (l *layout) sorted() []zones.Zone {
	all := make([]zones.Zone, 0, len(l.zones))
	for _, zone := range l.zones {
		slices.SortFunc(zone.Owners, func(a, b zones.Owner) int { return strings.Compare(a.Name, b.Name) })
		all = append(all, *zone)
	}
	slices.SortFunc(all, func(a, b zones.Zone) int { return strings.Compare(a.Origin, b.Origin) })
	return all
}
