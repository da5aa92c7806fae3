package diff

import (
	"iter"
	"slices"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones"
)

// Watch asks the guards about what an export is about to replace, which may have
// millions of names: those of one family. These are compared one by one, as they
// are read, each with what a view has for exactly that name; all others are held,
// and compared as [Compare] does.
//
// Names of the family that are only in the view are no danger, and not counted.
type Watch struct {
	family  string
	view    zones.View // without the family
	finder  *zones.Finder
	regions Regions
	builder *holdings.Builder
	counts  Counts
	moves   []Change // the first few of the family's names with a record of their own

	name string // that is being read
	data holdings.Data
}

// NewWatch returns a watch over what a view is to replace. The family is the
// absolute name of the parent of the names that may be millions; no name or
// wildcard above it has addresses. The regions are those of the VPC's links.
func NewWatch(family string, view zones.View, regions Regions) *Watch {
	w := &Watch{family: family, view: view, finder: zones.NewFinder(view), regions: regions}
	w.builder = holdings.NewTeller(family, w.add)
	w.view.Zones = nil
	for _, zone := range view.Zones {
		if zone.Origin != family {
			w.view.Zones = append(w.view.Zones, zone)
			continue
		}
		for range zone.All() {
			w.counts.After = 1 // it is enough that there is one
			break
		}
	}
	return w
}

// Builder returns the builder to which readers give what they find.
func (w *Watch) Builder() *holdings.Builder { return w.builder }

// add takes a piece of what a name of the family has. The pieces of one name must
// come one after the other, as auralink writes them.
func (w *Watch) add(name string, d holdings.Data) {
	if !d.Answers() || d.Implied {
		return
	}
	if name != w.name {
		w.judge()
		w.name, w.data = name, holdings.Data{TTL: holdings.NoTTL}
	}
	w.data = w.data.With(d)
}

// judge compares the name that was read.
func (w *Watch) judge() {
	if w.name == "" {
		return
	}
	w.counts.Before++
	addrs := w.data.Addrs
	c := Change{
		Kind:   Changed,
		Name:   w.name,
		Before: State{Addrs: addrs, Target: w.data.Target, Regions: w.regions.of(addrs)},
	}
	owner, found := w.finder.Owner(w.name)
	switch {
	case !found:
		c.Kind = Removed
		// Names between the two that exist would keep the wildcard from the name
		// (RFC 4592, section 2.2.1); not to look for them is on the safe side.
		owner, _ = w.finder.Owner("*." + w.family)
	case w.data.Target == "" && slices.Equal(addrs, owner.Addrs):
		return
	}
	c.After = State{Addrs: owner.Addrs, Regions: w.regions.of(owner.Addrs)}
	w.counts.add(c)
	if c.Moves() && len(w.moves) < maxNamed {
		w.moves = append(w.moves, c)
	}
}

// Violations returns the guards that are tripped when all is read.
func (w *Watch) Violations() []Violation {
	w.judge()
	w.name = ""
	others := Compare(Side{Set: w.builder.Set(), Regions: w.regions}, Side{Set: holdings.FromView(w.view), Regions: w.regions})
	return violations(w.counts.plus(others.Counts), func(yield func(Change) bool) {
		for _, moves := range []iter.Seq[Change]{slices.Values(w.moves), others.Moves()} {
			for c := range moves {
				if !yield(c) {
					return
				}
			}
		}
	})
}
