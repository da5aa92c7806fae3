package draft

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/hint"
)

// sharing returns the private endpoints of a view that have any of the addresses.
func (d *drafter) sharing(v *view, addrs []netip.Addr) []*end {
	var ends []*end
	for _, e := range d.ends {
		if e.view == v && !apart(addrs, e.addrs) {
			ends = append(ends, e)
		}
	}
	return ends
}

// addUnlisted adds the private endpoints to which facts lead that no cloud lists. Names
// that lead to two at once are reported later: no endpoint is made of them.
func (d *drafter) addUnlisted(v *view, which func(fact) bool) {
	var its []fact
	for _, f := range d.facts {
		if v.has(f) && len(f.addrs) > 0 && !f.exposed() && which(f) {
			its = append(its, f)
		}
	}
	slices.SortFunc(its, inOrder)
	for _, f := range its {
		if d.endWith(v, f.addrs) != nil || d.doubtful(v, f) {
			continue
		}
		switch sharing := d.sharing(v, f.addrs); {
		case len(sharing) == 0:
			d.ends = append(d.ends, &end{view: v, addrs: f.addrs, link: f.addrs})
		case len(sharing) > 1 || len(sharing[0].listed) > 0:
		case d.Sources[f.source].Ours:
			d.ends = append(d.ends, &end{view: v, addrs: f.addrs, link: f.addrs, shares: sharing[0]})
		case hasAll(f.addrs, sharing[0].addrs):
			sharing[0].addrs, sharing[0].link = f.addrs, f.addrs // the other name has not all of them
		}
	}
}

// doubtful reports whether a name has addresses beside those that others have, and is alone
// with them: whether these are further addresses of one private endpoint, or one is a slip
// and may be that of another region, cannot be told. What a plan has is no slip.
func (d *drafter) doubtful(v *view, f fact) bool {
	fewer, alike := false, false
	for _, g := range d.facts {
		switch {
		case !v.has(g) || len(g.addrs) == 0 || g.exposed() || g.role == extraName || g.name == f.name && g.source == f.source:
		case slices.Equal(g.addrs, f.addrs):
			alike = alike || g.role != f.role || g.about != f.about
		case hasAll(f.addrs, g.addrs):
			fewer = true
		}
	}
	return fewer && !alike && !d.Sources[f.source].Ours
}

// oneOrTwo returns an error for a private endpoint that no cloud lists, whose addresses some
// names have in parts, and one name as a whole: whether that name is wrong, or it is one
// endpoint, cannot be told.
func (d *drafter) oneOrTwo() error {
	for _, e := range d.ends {
		if len(e.listed) > 0 || len(e.addrs) < 2 {
			continue
		}
		parts := d.partsOf(e)
		whole := parts[slices.IndexFunc(parts, func(f fact) bool { return len(f.addrs) == len(e.addrs) })]
		for i, f := range parts {
			other := slices.IndexFunc(parts[i+1:], func(g fact) bool { return apart(f.addrs, g.addrs) })
			if other < 0 {
				continue
			}
			g := parts[i+1+other]
			return hint.Add(fmt.Errorf("%s leads to %s (%s), %s to %s (%s), and %s to both (%s): whether these are addresses of one private endpoint or of two cannot be told",
				f.shown(), texts(f.addrs), f.at(), g.shown(), texts(g.addrs), g.at(), whole.shown(), whole.at()),
				"correct the record that is wrong, or give what the cloud lists of private endpoints as well: auralink help init")
		}
	}
	return nil
}

// partsOf returns, for each set of addresses of a private endpoint that any name has, the
// first name that has it. A private endpoint that no cloud lists is made of one of them.
func (d *drafter) partsOf(e *end) []fact {
	var parts []fact
	seen := make(map[string]bool)
	for _, f := range d.facts {
		set := texts(f.addrs)
		if set == "" || seen[set] || !e.view.has(f) || d.endWith(e.view, f.addrs) != e {
			continue
		}
		seen[set] = true
		parts = append(parts, f)
	}
	return parts
}

// apart reports whether two lists have no address in common.
func apart(some, others []netip.Addr) bool {
	return !slices.ContainsFunc(some, func(a netip.Addr) bool { return slices.Contains(others, a) })
}

// byRank orders ends so that the result does not depend on the order of the input.
func byRank(a, b *end) int {
	return cmp.Or(cmp.Compare(a.view.name, b.view.name), cmp.Compare(a.service(), b.service()), cmp.Compare(texts(a.addrs), texts(b.addrs)))
}
