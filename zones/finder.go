package zones

import (
	"cmp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
)

// Finder finds the owners of a view by name. It keeps nothing for each custom
// endpoint.
type Finder struct {
	zones map[string]*Zone // by origin
}

// NewFinder returns the finder of a view.
func NewFinder(v View) *Finder {
	f := &Finder{zones: make(map[string]*Zone, len(v.Zones))}
	for i := range v.Zones {
		f.zones[v.Zones[i].Origin] = &v.Zones[i]
	}
	return f
}

// Owner returns the owner of exactly that name, which is absolute and lower-case;
// that of a wildcard begins with "*.".
func (f *Finder) Owner(name string) (Owner, bool) {
	zone, found := dnsname.Closest(f.zones, name)
	if !found {
		return Owner{}, false
	}
	return zone.owner(name)
}

// owner returns the zone's owner of that name, which is in the zone.
func (z *Zone) owner(name string) (Owner, bool) {
	at, found := slices.BinarySearchFunc(z.Owners, name, func(o Owner, name string) int { return cmp.Compare(o.Name, name) })
	if found {
		return z.Owners[at], true
	}
	if z.Endpoints == nil {
		return Owner{}, false
	}
	label := dnsname.TrimDot(strings.TrimSuffix(name, z.Origin))
	e, found := z.Endpoints.Table.find(label)
	if !found || !z.Endpoints.Linked(e) {
		return Owner{}, false
	}
	return Owner{Name: name, Addresses: z.Endpoints.Links[e.Region]}, true
}

// find returns the endpoint to which a label belongs: the one that declares it,
// or else the one from which a prefix makes it.
func (t *EndpointTable) find(label string) (Endpoint, bool) {
	if e, declared := t.declared(label); declared {
		return e, true
	}
	base, prefix := dnsname.CutPrefix(label, t.Prefixes)
	if prefix < 0 {
		return Endpoint{}, false
	}
	return t.declared(base)
}

func (t *EndpointTable) declared(label string) (Endpoint, bool) {
	at, found := slices.BinarySearchFunc(t.Endpoints, label, func(e Endpoint, label string) int { return cmp.Compare(e.Label, label) })
	if !found {
		return Endpoint{}, false
	}
	return t.Endpoints[at], true
}
