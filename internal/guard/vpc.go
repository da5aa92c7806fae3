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

// tally returns what becomes of the names of a VPC; either side may be nil, but not
// both.
func (c *comparison) tally(old, wanted *plan.VPC) Tally {
	j := vpcJudge{comparison: c, old: old, wanted: wanted, leads: c.leadsIn(old, wanted)}
	switch {
	case wanted != nil:
		j.tally.VPC = wanted.Name
	default:
		j.tally.VPC = old.Name
	}
	j.endpoints()
	j.others()
	return j.tally
}

// vpcJudge compares one VPC.
type vpcJudge struct {
	*comparison
	old, wanted *plan.VPC // either may be nil
	leads       leads
	tally       Tally
}

// endpoints compares the custom endpoints.
func (j *vpcJudge) endpoints() {
	before, after := familyOf(j.old), familyOf(j.wanted)
	own := 0
	for _, f := range j.flows {
		had, has := before.addrs(f.from), after.addrs(f.to)
		if before.Mode == plan.Individual && len(had) > 0 {
			own += f.names
			if len(has) == 0 {
				j.tally.Removed += f.names
			}
		}
		if after.Mode == plan.Individual && len(has) > 0 {
			j.tally.After += f.names
		}
		regions := j.regionsOf(f)
		if to, strays := j.strays(regions, had, has); strays {
			j.tally.Moved += f.names
			for _, label := range f.first {
				j.tally.name(Move{Name: label + "." + topology.EndpointsOrigin, From: regions, To: to})
			}
		}
	}
	j.tally.Before += own
	j.endpointsWildcard(before, after, own)
}

// regionsOf returns where the names of a flow live.
func (j *vpcJudge) regionsOf(f flow) []string {
	if f.from != nowhere {
		return []string{j.before.Regions[f.from].Name}
	}
	return []string{j.after.Regions[f.to].Name}
}

// endpointsWildcard compares the custom endpoints that nobody has declared; own is
// how many names had records of their own.
func (j *vpcJudge) endpointsWildcard(before, after family, own int) {
	regions := after.Regions
	switch before.Mode {
	case plan.Wildcard:
		j.tally.Before++
		regions = before.Regions
		if after.Mode == plan.None {
			j.tally.Removed++
		}
	case plan.Individual:
		if after.Mode == plan.Wildcard {
			j.tally.Wildcards = append(j.tally.Wildcards, Wildcard{Family: topology.EndpointsOrigin, Names: own})
		}
	case plan.None:
	}
	if after.Mode == plan.Wildcard {
		j.tally.After++
		j.move("*."+topology.EndpointsOrigin, regions, before.wildcard, after.wildcard)
	}
}

// move notes a name that is to lead to another region, if it is.
func (j *vpcJudge) move(name string, regions []string, had, has []netip.Addr) {
	if to, strays := j.strays(regions, had, has); strays {
		j.tally.Moved++
		j.tally.name(Move{Name: name, From: regions, To: to})
	}
}

// name adds an example of the names that move.
func (t *Tally) name(m Move) {
	if len(t.Moves) < MaxNamed {
		t.Moves = append(t.Moves, m)
	}
}

// others compares the orchestras and the extra names.
func (j *vpcJudge) others() {
	before, after := otherZones(j.old), otherZones(j.wanted)
	j.tally.Before += ownersOf(before)
	j.tally.After += ownersOf(after)
	if slices.EqualFunc(before, after, sameZone) {
		return
	}
	j.flips(before)
	had, has := newAnswers(before), newAnswers(after)
	for _, name := range j.names(before, after) {
		j.other(name, had, has)
	}
}

func ownersOf(all []*zones.Zone) int {
	n := 0
	for _, zone := range all {
		n += len(zone.Owners)
	}
	return n
}

// names returns the names to look at: what has addresses on either side, and what
// was known before, which a wildcard could cover.
func (j *vpcJudge) names(before, after []*zones.Zone) []string {
	names := slices.Clone(j.knownNames)
	for _, zone := range slices.Concat(before, after) {
		for _, owner := range zone.Owners {
			names = append(names, owner.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// other compares what a name has.
func (j *vpcJudge) other(name string, before, after *answers) {
	had, has := before.of(name), after.of(name)
	regions := j.known[name]
	if regions == nil {
		regions = j.declared[name]
	}
	j.move(name, regions, had, has)
	if len(has) == 0 && before.owns(name) && !j.givesWay(name) {
		j.tally.Removed++
	}
}

// owns reports whether a name has addresses of its own.
func (a *answers) owns(name string) bool {
	zone, found := dnsname.Closest(a.zones, name)
	if !found {
		return false
	}
	_, own := ownerIn(zone, name)
	return own
}

// givesWay reports whether a name is a wildcard that individual records replace.
func (j *vpcJudge) givesWay(name string) bool {
	parent, wildcard := strings.CutPrefix(name, "*.")
	return wildcard && modeOf(j.wanted, parent) == plan.Individual
}

// modeOf returns how the family of an extra wildcard is written in a VPC, which may
// be nil.
func modeOf(v *plan.VPC, parent string) plan.Mode {
	if v == nil {
		return plan.None
	}
	for _, d := range v.Extra {
		if d.Family == parent {
			return d.Mode
		}
	}
	return plan.None
}

// flips notes the extra wildcards that come back.
func (j *vpcJudge) flips(before []*zones.Zone) {
	if j.wanted == nil {
		return
	}
	for _, d := range j.wanted.Extra {
		if d.Mode != plan.Wildcard || modeOf(j.old, d.Family) != plan.Individual {
			continue
		}
		w := Wildcard{Family: d.Family}
		for _, zone := range before {
			for _, owner := range zone.Owners {
				if dnsname.Below(owner.Name, d.Family) {
					w.Names++
				}
			}
		}
		j.tally.Wildcards = append(j.tally.Wildcards, w)
	}
}
