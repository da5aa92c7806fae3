package guard

import (
	"slices"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
)

// Judge returns the guards that are tripped where one plan takes the place of
// another, for all VPCs, the most dangerous first. Where there is no plan before,
// which is nil then, there are none.
//
// A name moves where it is to have an address that it had not, and that address
// leads to another region than the name's. Where a name lives is what the plan
// before says of it, whether the VPC had an answer or left the name to public DNS;
// of a name that it does not know, what the plan after says. Where an address
// leads is what the VPC's links before say; of a new one, its links after.
//
// It compares links, modes, tables and ranges: what it takes grows with the custom
// endpoints and with the VPCs, but not with their product.
func Judge(before, after *plan.Plan) []Violation {
	if before == nil {
		return nil
	}
	c := newComparison(before, after)
	var all []Violation
	for _, t := range c.tallies() {
		all = append(all, t.Violations()...)
	}
	sortViolations(all)
	return all
}

// comparison is what is the same for all VPCs of two plans.
type comparison struct {
	before, after *plan.Plan
	old, wanted   map[string]*plan.VPC // by name
	flows         []flow
	// known and declared have the regions of the names that are declared before
	// and after, but for custom endpoints; knownNames are those of known, sorted.
	known, declared map[string][]string
	knownNames      []string
	oldRegions      map[string]bool // labels
	wantedRegions   map[string]bool
}

func newComparison(before, after *plan.Plan) *comparison {
	c := &comparison{
		before: before, after: after,
		old: vpcsOf(before), wanted: vpcsOf(after),
		flows: flows(before.Table, after.Table),
		known: declaredNames(before.Regions), declared: declaredNames(after.Regions),
		oldRegions: labelsOf(before.Regions), wantedRegions: labelsOf(after.Regions),
	}
	for name := range c.known {
		c.knownNames = append(c.knownNames, name)
	}
	slices.Sort(c.knownNames)
	return c
}

func vpcsOf(p *plan.Plan) map[string]*plan.VPC {
	vpcs := make(map[string]*plan.VPC, len(p.VPCs))
	for i := range p.VPCs {
		vpcs[p.VPCs[i].Name] = &p.VPCs[i]
	}
	return vpcs
}

func labelsOf(regions []topology.Region) map[string]bool {
	labels := make(map[string]bool, len(regions))
	for _, r := range regions {
		labels[r.Name] = true
	}
	return labels
}

// declaredNames returns the regions of all orchestras, of what is below them, and
// of all extra names. Several regions may claim one wildcard.
func declaredNames(regions []topology.Region) map[string][]string {
	names := make(map[string][]string)
	for _, r := range regions {
		for _, name := range r.Orchestras {
			names[name] = append(names[name], r.Name)
			names["*."+name] = append(names["*."+name], r.Name)
		}
		for _, name := range r.ExtraNames {
			names[name] = append(names[name], r.Name)
		}
	}
	return names
}

// tallies returns what the change does to each VPC that is there before or after.
func (c *comparison) tallies() []Tally {
	moves, renamed := c.clientMoves()
	var tallies []Tally
	add := func(old, wanted *plan.VPC) {
		t := c.tally(old, wanted)
		if old != nil {
			t.Clients = moves[old.Name]
		}
		tallies = append(tallies, t)
	}
	for i := range c.before.VPCs {
		old := &c.before.VPCs[i]
		name, there := renamed[old.Name]
		if !there {
			name = old.Name
		}
		add(old, c.wanted[name])
	}
	names := make(map[string]bool)
	for _, name := range renamed {
		names[name] = true
	}
	for i := range c.after.VPCs {
		if wanted := &c.after.VPCs[i]; c.old[wanted.Name] == nil && !names[wanted.Name] {
			add(nil, wanted)
		}
	}
	return tallies
}

// clientMoves returns the ranges that leave each VPC, and the new names of VPCs
// that are only called otherwise. Clients of such a VPC have not moved.
func (c *comparison) clientMoves() (moves map[string][]ClientMove, renamed map[string]string) {
	moves, renamed = make(map[string][]ClientMove), make(map[string]string)
	same := make(map[[2]string]bool)
	for _, m := range ClientMoves(c.before.Views(), c.after.Views()) {
		if m.From == "" {
			continue
		}
		names := [2]string{m.From, m.To}
		is, asked := same[names]
		if !asked {
			is = c.isRenamed(m)
			same[names] = is
		}
		if !is {
			moves[m.From] = append(moves[m.From], m)
		} else if renamed[m.From] == "" {
			renamed[m.From] = m.To
		}
	}
	return moves, renamed
}

// isRenamed reports whether the clients' VPC is there after by another name: by one
// that no VPC had before, and with the same answers.
func (c *comparison) isRenamed(m ClientMove) bool {
	return c.wanted[m.From] == nil && c.old[m.To] == nil && m.To != "" && c.sameAnswers(c.old[m.From], c.wanted[m.To])
}

// sameAnswers reports whether each name has the same addresses in two VPCs, one
// before and one after.
func (c *comparison) sameAnswers(old, wanted *plan.VPC) bool {
	before, after := familyOf(old), familyOf(wanted)
	if before.Mode != after.Mode || !slices.Equal(before.wildcard, after.wildcard) {
		return false
	}
	for _, f := range c.flows {
		if !slices.Equal(before.addrs(f.from), after.addrs(f.to)) {
			return false
		}
	}
	return slices.EqualFunc(otherZones(old), otherZones(wanted), sameZone)
}
