package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// family is an extra wildcard: the names below parent.
type family struct {
	parent  string
	regions []int   // that declare it, sorted
	below   []known // other declared names that the wildcard would match
	apex    []int   // regions, one at most, that list the parent itself
}

// known is a declared name and the region it lives in.
type known struct {
	name   string // as declared: "*." in front of a wildcard's parent
	region int
}

// extraFamilies finds the extra wildcards of all regions, and for each what
// else is declared below it. Those with the longest parents come first, so that
// a wildcard is decided on after all that are below it.
func extraFamilies(t *topology.Topology) []family {
	byParent := make(map[string]*family)
	for region, r := range t.Regions {
		for _, name := range r.ExtraNames {
			parent, wildcard := strings.CutPrefix(name, "*.")
			if !wildcard {
				continue
			}
			f := byParent[parent]
			if f == nil {
				f = &family{parent: parent}
				byParent[parent] = f
			}
			f.regions = append(f.regions, region)
		}
	}
	for region, r := range t.Regions {
		for _, name := range slices.Concat(r.Orchestras, r.ExtraNames) {
			if f := byParent[name]; f != nil {
				f.apex = append(f.apex, region)
			}
			for ancestor := range dnsname.Upwards(dnsname.Parent(strings.TrimPrefix(name, "*."))) {
				if f := byParent[ancestor]; f != nil {
					f.below = append(f.below, known{name: name, region: region})
				}
			}
		}
	}
	families := make([]family, 0, len(byParent))
	for _, f := range byParent {
		families = append(families, *f)
	}
	slices.SortFunc(families, func(a, b family) int {
		return cmp.Or(
			cmp.Compare(dnsname.Labels(b.parent), dnsname.Labels(a.parent)),
			strings.Compare(a.parent, b.parent),
		)
	})
	return families
}

// planExtra returns the extra names of the view, wildcards included, and notes
// the decisions on the wildcards in result.
func (pl *planner) planExtra(v *topology.VPC, links []zones.Addresses, result *VPC) []zones.Owner {
	var owners []zones.Owner
	for region, addresses := range links {
		if len(addresses.Addrs) == 0 {
			continue
		}
		for _, name := range pl.topology.Regions[region].ExtraNames {
			if !strings.HasPrefix(name, "*.") {
				owners = append(owners, zones.Owner{Name: name, Addresses: addresses})
			}
		}
	}
	withheld := make(map[string][]int)
	for _, f := range pl.families {
		c := f.caseFor(pl.topology, links, withheld)
		if len(c.links) == 0 {
			continue
		}
		d := pl.decide(v, c)
		if d.Mode == Wildcard && len(f.apex) > 0 && len(links[f.apex[0]].Addrs) == 0 {
			d.Apex = pl.topology.Regions[f.apex[0]].Name
		}
		if d.Mode == Wildcard {
			apart := f.apart(pl.topology, d.Regions)
			d.Apart, d.ApartTotal = apart.first, apart.total
		}
		result.Extra = append(result.Extra, d)
		if d.Mode == Wildcard {
			owners = append(owners, zones.Owner{Name: "*." + f.parent, Addresses: c.links[0]})
		} else {
			withheld["*."+f.parent] = f.regions
		}
	}
	slices.SortFunc(result.Extra, func(a, b Decision) int { return strings.Compare(a.Family, b.Family) })
	return owners
}

// apart returns the declared names below the parent that are in other regions.
func (f family) apart(t *topology.Topology, regions []string) (names tally) {
	for _, k := range slices.SortedFunc(slices.Values(f.below), compareKnown) {
		if region := t.Regions[k.region].Name; !slices.Contains(regions, region) {
			names.add(dnsname.TrimDot(k.name) + " (" + region + ")")
		}
	}
	return names
}

func compareKnown(a, b known) int {
	return cmp.Or(strings.Compare(a.name, b.name), cmp.Compare(a.region, b.region))
}

// caseFor collects what the decision on the wildcard depends on.
//
// A region that declares the wildcard and is not linked counts as a known name: the
// wildcard must not swallow what that region has below the parent.
//
// A wildcard below this one may be withheld from the view. Its names would then be
// covered by this one, so that its regions take part in the decision.
func (f family) caseFor(t *topology.Topology, links []zones.Addresses, withheld map[string][]int) familyCase {
	c := familyCase{family: f.parent}
	linked := func(region int) bool { return len(links[region].Addrs) > 0 }
	if !slices.ContainsFunc(f.regions, linked) {
		return c
	}
	for _, region := range f.regionsWithout(withheld) {
		if linked(region) {
			c.links = append(c.links, links[region])
			c.linked = append(c.linked, f.tallyOf(region))
		}
	}
	declared := make([]known, 0, len(f.regions)+len(f.below))
	for _, region := range f.regions {
		declared = append(declared, known{name: "*." + f.parent, region: region})
	}
	declared = append(declared, f.below...)
	slices.SortFunc(declared, compareKnown)
	for _, d := range declared {
		if !linked(d.region) {
			c.unlinked.add(dnsname.TrimDot(d.name) + " (" + t.Regions[d.region].Name + ")")
		}
	}
	return c
}

// regionsWithout returns the regions that would have names under this wildcard if
// those that are withheld did not take them, sorted.
func (f family) regionsWithout(withheld map[string][]int) []int {
	regions := slices.Clone(f.regions)
	for _, k := range f.below {
		regions = append(regions, withheld[k.name]...)
	}
	slices.Sort(regions)
	return slices.Compact(regions)
}

// tallyOf counts the names below the wildcard that are known to be a region's.
func (f family) tallyOf(region int) tally {
	var t tally
	for _, k := range f.below {
		if k.region == region {
			t.add(dnsname.TrimDot(k.name))
		}
	}
	return t
}
