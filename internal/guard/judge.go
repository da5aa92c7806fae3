package guard

import (
	"iter"
	"net/netip"
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
	return Compare(before, after).Violations
}

// Judgement is what there is to say of one plan in the place of another.
type Judgement struct {
	// Violations are the guards that are tripped, the most dangerous first.
	Violations []Violation
	// Clients are all ranges whose clients are to be in another VPC, in none, or
	// in one where they were in none; those of Renamed VPCs have not moved.
	Clients []ClientMove
	// Renamed has the new names of VPCs that are only called otherwise.
	Renamed map[string]string
	// Tallies say what the change does to each VPC that is there before or after.
	Tallies []Tally
}

// Compare is [Judge] for those who show what changes.
func Compare(before, after *plan.Plan) Judgement {
	c := newComparison(before, after)
	j := c.clientMoves()
	j.Tallies = c.tallies(j)
	for _, t := range j.Tallies {
		j.Violations = append(j.Violations, t.Violations()...)
	}
	sortViolations(j.Violations)
	return j
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
	led             map[netip.Addr][]string // to these regions, in any VPC before
}

func newComparison(before, after *plan.Plan) *comparison {
	c := &comparison{
		before: before, after: after,
		old: vpcsOf(before), wanted: vpcsOf(after),
		flows: flows(before.Table, after.Table),
		known: declaredNames(before.Regions), declared: declaredNames(after.Regions),
		oldRegions: labelsOf(before.Regions), wantedRegions: labelsOf(after.Regions),
		led: ledBefore(before),
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
// of all extra names. Several regions may declare one wildcard.
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
func (c *comparison) tallies(j Judgement) []Tally {
	left := make(map[string][]ClientMove)
	for _, m := range j.Clients {
		left[m.From] = append(left[m.From], m)
	}
	var tallies []Tally
	for old, wanted := range c.pairs(j) {
		t := c.tally(old, wanted)
		if old != nil {
			t.Clients = left[old.Name]
		}
		t.Serial = c.serial(old, wanted)
		tallies = append(tallies, t)
	}
	return tallies
}

// pairs goes through the VPCs that are there before or after; of one that is not, one
// side is nil.
func (c *comparison) pairs(j Judgement) iter.Seq2[*plan.VPC, *plan.VPC] {
	return func(yield func(old, wanted *plan.VPC) bool) {
		known := make(map[string]bool)
		for i := range c.before.VPCs {
			old := &c.before.VPCs[i]
			name := old.Name
			if other, is := j.Renamed[name]; is {
				name = other
			}
			known[name] = true
			if !yield(old, c.wanted[name]) {
				return
			}
		}
		for i := range c.after.VPCs {
			if wanted := &c.after.VPCs[i]; !known[wanted.Name] && !yield(nil, wanted) {
				return
			}
		}
	}
}

// clientMoves returns the ranges whose clients move, and the VPCs that are only
// called otherwise.
func (c *comparison) clientMoves() Judgement {
	j := Judgement{Renamed: make(map[string]string)}
	same := make(map[[2]string]bool)
	for _, m := range ClientMoves(c.before.Views(), c.after.Views()) {
		names := [2]string{m.From, m.To}
		is, asked := same[names]
		if !asked {
			is = c.isRenamed(m)
			same[names] = is
		}
		if !is {
			j.Clients = append(j.Clients, m)
		} else if _, there := j.Renamed[m.From]; !there {
			j.Renamed[m.From] = m.To
		}
	}
	return j
}

// isRenamed reports whether the clients' VPC is there after by another name: by one
// that no VPC had before, and with the same answers.
func (c *comparison) isRenamed(m ClientMove) bool {
	return m.From != "" && m.To != "" && c.wanted[m.From] == nil && c.old[m.To] == nil && c.sameAnswers(c.old[m.From], c.wanted[m.To])
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
