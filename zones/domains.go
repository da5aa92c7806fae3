package zones

import (
	"iter"
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
)

// Domain is a part of the name space whose questions clients must send to the
// server that has a view.
type Domain struct {
	// Name is absolute and lower-case.
	Name string
	// Single says that the view has the name and nothing below it. Otherwise
	// it has all the answers at the name and below it.
	Single bool
}

// Domains returns the domains of the view's names, in the order of its zones:
// all of them, and no others. Of custom endpoints that have individual records
// each name is a domain of its own, so that those that are left to public DNS
// are not asked of the view's server. No domain lies in another one that has all
// the answers.
func (v View) Domains() iter.Seq[Domain] {
	return func(yield func(Domain) bool) {
		whole := make(map[string]bool)
		for _, zone := range v.Zones {
			if zone.Endpoints == nil && !zone.SingleName() {
				whole[zone.Origin] = true
			}
		}
		for zone := range v.Shaped(ShapePerName) {
			if isBelowAny(zone.Origin, whole) {
				continue
			}
			if !yield(Domain{Name: zone.Origin, Single: zone.SingleName()}) {
				return
			}
		}
	}
}

// Gathered returns the view for clients that are sent to a server by domains: with all
// custom endpoints as one domain, that of the zone that they are in. A new custom
// endpoint is then nothing new to them. The server is asked about endpoints that it
// leaves to others as well.
func (v View) Gathered() View {
	v.Zones = slices.Clone(v.Zones)
	for i, zone := range v.Zones {
		if zone.Endpoints != nil {
			v.Zones[i] = Zone{Origin: zone.Origin}
		}
	}
	return v
}

// isBelowAny reports whether an absolute name is strictly below one of parents.
func isBelowAny(name string, parents map[string]bool) bool {
	for parent := range dnsname.Upwards(dnsname.Parent(name)) {
		if parents[parent] {
			return true
		}
	}
	return false
}
