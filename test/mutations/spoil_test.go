package mutations_test

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones"
)

// spoiler changes one thing about a view. It returns what, in words; "" where the
// view has nothing of the kind.
type spoiler func(w *world, v *zones.View) string

// spoilers are all kinds of changes.
var spoilers = []spoiler{
	readdress, readdress, readdressEndpoint, readdressEndpoint, dropAddress, addAddress, dropOwner, dropZone, dropEndpoint,
	addBelow, addBelow, addBelow, addEndpoint, captureUnlinked, capturePublic, captureShared, addZoneBelow,
	swap, swap, rename,
}

// spoil returns a copy of a view with one change, and the change in words.
func spoil(w *world, of zones.View) (zones.View, string) {
	for range 50 {
		v := clone(of)
		if what := spoilers[w.rng.IntN(len(spoilers))](w, &v); what != "" && v.Check() == nil {
			return v, what
		}
	}
	return of, ""
}

func clone(v zones.View) zones.View {
	v.Zones = slices.Clone(v.Zones)
	for i := range v.Zones {
		z := &v.Zones[i]
		z.Owners = slices.Clone(z.Owners)
		if z.Endpoints != nil {
			table := *z.Endpoints.Table
			table.Endpoints = slices.Clone(table.Endpoints)
			z.Endpoints = &zones.Individual{Table: &table, Links: slices.Clone(z.Endpoints.Links)}
		}
	}
	return v
}

// one returns one of the items.
func one[T any](w *world, items []T) T { return items[w.rng.IntN(len(items))] }

// elsewhere returns an address that is wrong nearly everywhere: another region's,
// one that no link has, a public one, one at which nothing is.
func (w *world) elsewhere() []netip.Addr {
	all := []netip.Addr{
		netip.MustParseAddr("10.250.0.1"), netip.MustParseAddr("100.64.7.7"), netip.MustParseAddr("fd00:ff::1"),
		netip.MustParseAddr("203.0.113.9"), netip.MustParseAddr("0.0.0.0"), netip.MustParseAddr("127.0.0.1"),
	}
	for _, link := range w.vpc.Links {
		all = append(all, link.Addrs...)
	}
	return []netip.Addr{one(w, all)}
}

// owned returns the zones that have owners of their own.
func owned(v *zones.View) []*zones.Zone {
	var found []*zones.Zone
	for i := range v.Zones {
		if len(v.Zones[i].Owners) > 0 {
			found = append(found, &v.Zones[i])
		}
	}
	return found
}

// anOwner returns an owner of the view that is no custom endpoint's.
func anOwner(w *world, v *zones.View) (*zones.Zone, int) {
	zones := owned(v)
	if len(zones) == 0 {
		return nil, 0
	}
	z := one(w, zones)
	return z, w.rng.IntN(len(z.Owners))
}

func readdress(w *world, v *zones.View) string {
	z, i := anOwner(w, v)
	if z == nil {
		return ""
	}
	z.Owners[i].Addresses = zones.Addresses{Addrs: w.elsewhere()}
	return fmt.Sprintf("%s leads to %v", z.Owners[i].Name, z.Owners[i].Addrs)
}

func dropAddress(w *world, v *zones.View) string {
	z, i := anOwner(w, v)
	if z == nil || len(z.Owners[i].Addrs) < 2 {
		return ""
	}
	z.Owners[i].Addrs = slices.Clone(z.Owners[i].Addrs[1:])
	return z.Owners[i].Name + " lacks an address"
}

func addAddress(w *world, v *zones.View) string {
	z, i := anOwner(w, v)
	if z == nil {
		return ""
	}
	z.Owners[i].Addrs = holdings.SortedAddrs(append(slices.Clone(z.Owners[i].Addrs), w.elsewhere()...))
	return fmt.Sprintf("%s has %v", z.Owners[i].Name, z.Owners[i].Addrs)
}

// swap exchanges what two names have.
func swap(w *world, v *zones.View) string {
	a, i := anOwner(w, v)
	b, j := anOwner(w, v)
	if a == nil || slices.Equal(a.Owners[i].Addrs, b.Owners[j].Addrs) {
		return ""
	}
	a.Owners[i].Addresses, b.Owners[j].Addresses = b.Owners[j].Addresses, a.Owners[i].Addresses
	return fmt.Sprintf("%s and %s have each other's addresses", a.Owners[i].Name, b.Owners[j].Name)
}

// rename gives a name another label, at its start.
func rename(w *world, v *zones.View) string {
	z, i := anOwner(w, v)
	if z == nil {
		return ""
	}
	o := z.Owners[i]
	label, parent, _ := strings.Cut(o.Name, ".")
	if o.Name == z.Origin || !strings.HasSuffix("."+parent, "."+z.Origin) {
		return ""
	}
	name := "zz-new." + parent
	if slices.ContainsFunc(z.Owners, func(o zones.Owner) bool { return o.Name == name }) {
		return ""
	}
	z.Owners = slices.Delete(z.Owners, i, i+1)
	o.Name = name
	z.Owners = append(z.Owners, o)
	slices.SortFunc(z.Owners, func(a, b zones.Owner) int { return cmp.Compare(a.Name, b.Name) })
	return fmt.Sprintf("%s.%s is called %s", label, parent, name)
}

func dropOwner(w *world, v *zones.View) string {
	z, i := anOwner(w, v)
	if z == nil || len(z.Owners) < 2 {
		return ""
	}
	name := z.Owners[i].Name
	z.Owners = slices.Delete(z.Owners, i, i+1)
	return name + " is gone"
}

func dropZone(w *world, v *zones.View) string {
	if len(v.Zones) < 2 {
		return ""
	}
	i := w.rng.IntN(len(v.Zones))
	origin := v.Zones[i].Origin
	v.Zones = slices.Delete(v.Zones, i, i+1)
	return "zone " + origin + " is gone"
}

// individual returns the zone of individual records, if there is one.
func individual(v *zones.View) *zones.Individual {
	for _, z := range v.Zones {
		if z.Endpoints != nil {
			return z.Endpoints
		}
	}
	return nil
}

// put puts an endpoint into the table, whatever it was before, and leads it to
// addresses of its own.
func put(in *zones.Individual, label string, addrs []netip.Addr) {
	in.Links = append(in.Links, zones.Addresses{Addrs: addrs})
	e := zones.Endpoint{Label: label, Region: int32(len(in.Links) - 1)}
	at, found := slices.BinarySearchFunc(in.Table.Endpoints, label, func(e zones.Endpoint, label string) int { return cmp.Compare(e.Label, label) })
	if !found {
		in.Table.Endpoints = slices.Insert(in.Table.Endpoints, at, e)
	}
	in.Table.Endpoints[at] = e
	in.Table.Both = make(map[string]bool)
	for _, e := range in.Table.Endpoints {
		for _, prefix := range in.Table.Prefixes {
			base, prefixed := strings.CutPrefix(e.Label, prefix)
			if prefixed && slices.ContainsFunc(in.Table.Endpoints, func(e zones.Endpoint) bool { return e.Label == base }) {
				in.Table.Both[e.Label] = true
			}
		}
	}
}

// readdressEndpoint leads one of an endpoint's five names elsewhere; as an endpoint
// of its own its further names are led there as well.
func readdressEndpoint(w *world, v *zones.View) string {
	in := individual(v)
	if in == nil || len(in.Table.Endpoints) == 0 {
		return ""
	}
	label := one(w, []string{"", "", "a-", "d-"}) + one(w, in.Table.Endpoints).Label
	if len(label) > 61 {
		return ""
	}
	addrs := w.elsewhere()
	put(in, label, addrs)
	return fmt.Sprintf("custom endpoint %s leads to %v", label, addrs)
}

func dropEndpoint(w *world, v *zones.View) string {
	in := individual(v)
	if in == nil || len(in.Table.Endpoints) == 0 {
		return ""
	}
	label := one(w, in.Table.Endpoints).Label
	put(in, label, nil)
	return "custom endpoint " + label + " is gone"
}

// addEndpoint adds one that nobody declares: as one of several, or beside their
// wildcard.
func addEndpoint(w *world, v *zones.View) string {
	addrs := w.elsewhere()
	if in := individual(v); in != nil {
		put(in, "zz-new", addrs)
		return fmt.Sprintf("custom endpoint zz-new leads to %v", addrs)
	}
	return w.addOwner(v, one(w, []string{"zz-new", "a-zz-new", "*.zz-new", "x.zz-new"})+".endpoints.neo4j.io.", addrs)
}

// addBelow adds a name or a wildcard below what the view has all names of.
func addBelow(w *world, v *zones.View) string {
	var origins []string
	for _, z := range v.Zones {
		if z.Endpoints == nil && !z.SingleName() {
			origins = append(origins, z.Origin)
		}
	}
	if len(origins) == 0 {
		return ""
	}
	label := one(w, []string{"zz", "*.zz", "x.zz", "zz.b", "*.zz.b", "*.b", "b"})
	return w.addOwner(v, label+"."+one(w, origins), w.elsewhere())
}

// addOwner adds an owner to the closest zone, or to one of its own.
func (w *world) addOwner(v *zones.View, name string, addrs []netip.Addr) string {
	o := zones.Owner{Name: name, Addresses: zones.Addresses{Addrs: addrs}}
	var closest *zones.Zone
	for i := range v.Zones {
		z := &v.Zones[i]
		if z.Endpoints == nil && !z.SingleName() && strings.HasSuffix("."+name, "."+z.Origin) && (closest == nil || len(z.Origin) > len(closest.Origin)) {
			closest = z
		}
	}
	if closest == nil {
		addZone(v, zones.Zone{Origin: strings.TrimPrefix(name, "*."), Owners: []zones.Owner{o}})
		return fmt.Sprintf("a zone with %s, which leads to %v", name, addrs)
	}
	if slices.ContainsFunc(closest.Owners, func(o zones.Owner) bool { return o.Name == name }) {
		return ""
	}
	closest.Owners = append(closest.Owners, o)
	slices.SortFunc(closest.Owners, func(a, b zones.Owner) int { return cmp.Compare(a.Name, b.Name) })
	return fmt.Sprintf("%s is added, and leads to %v", name, addrs)
}

func addZone(v *zones.View, z zones.Zone) {
	v.Zones = append(v.Zones, z)
	slices.SortFunc(v.Zones, func(a, b zones.Zone) int { return cmp.Compare(a.Origin, b.Origin) })
}

// addZoneBelow adds a zone with a wildcard below one that has one.
func addZoneBelow(w *world, v *zones.View) string {
	z := one(w, v.Zones)
	if z.Endpoints != nil || z.SingleName() {
		return ""
	}
	origin, addrs := "zone."+z.Origin, w.elsewhere()
	addZone(v, zones.Zone{Origin: origin, Owners: []zones.Owner{{Name: "*." + origin, Addresses: zones.Addresses{Addrs: addrs}}}})
	return fmt.Sprintf("zone %s is added, and its wildcard leads to %v", origin, addrs)
}

// captureUnlinked leads a name of a region that is not linked to an address.
func captureUnlinked(w *world, v *zones.View) string {
	var names []string
	for name, region := range w.model.Declared() {
		if len(w.at.Links[region]) > 0 || strings.HasSuffix(name, ".endpoints.neo4j.io") {
			continue
		}
		names = append(names, name+".")
		if strings.Contains(name, "orch-") {
			names = append(names, "*."+name+".")
		}
	}
	if len(names) == 0 {
		return ""
	}
	return w.addOwner(v, one(w, names), w.elsewhere())
}

func capturePublic(w *world, v *zones.View) string {
	return w.addOwner(v, one(w, []string{"api.neo4j.io.", "console.neo4j.io.", "production-orch-7777.neo4j.io."}), w.elsewhere())
}

func captureShared(w *world, v *zones.View) string {
	return w.addOwner(v, one(w, []string{"*.databases.neo4j.io.", "abcd1234.databases.neo4j.io.", "*.instances.neo4j.io."}), w.elsewhere())
}
