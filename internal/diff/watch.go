package diff

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/records"
	"github.com/auralink/auralink/zones"
)

// Watch asks the guards about names that are read one by one, without holding
// them: what an export is about to replace may have millions.
//
// It compares each name that is there with what a view has for exactly that name.
// Names that are only in the view are no danger, and not counted.
type Watch struct {
	finder  *zones.Finder
	regions Regions
	counts  Counts
	moves   []Change // the first few of names with a record of their own

	name string // that is being read
	data records.Data
}

// NewWatch returns a watch over what a view is to replace. The regions are those
// of the VPC's links.
func NewWatch(view zones.View, regions Regions) *Watch {
	w := &Watch{finder: zones.NewFinder(view), regions: regions}
	for _, zone := range view.Zones {
		for range zone.All() {
			w.counts.After = 1 // it is enough that there is one
			return w
		}
	}
	return w
}

// Builder returns a builder that has readers tell the watch of what they find.
func (w *Watch) Builder() *records.Builder { return records.NewTeller(w.add) }

// add takes a piece of what a name has. The pieces of one name must come one after
// the other, as auralink writes them.
func (w *Watch) add(name string, d records.Data) {
	if !d.Answers() || d.Implied {
		return
	}
	if name != w.name {
		w.judge()
		w.name, w.data = name, records.Data{TTL: records.NoTTL}
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
		owner = w.covering(w.name)
	case w.data.Target == "" && slices.Equal(addrs, owner.Addrs):
		return
	}
	c.After = State{Addrs: owner.Addrs, Regions: w.regions.of(owner.Addrs)}
	w.counts.add(c)
	if c.Moves() && len(w.moves) < maxNamed {
		w.moves = append(w.moves, c)
	}
}

// covering returns the wildcard of the view that covers a name which the view does
// not have, or none. Names between the two that exist would keep it from the name
// (RFC 4592, section 2.2.1); not to look for them is on the safe side.
func (w *Watch) covering(name string) zones.Owner {
	for {
		_, parent, _ := strings.Cut(name, ".")
		if parent == "" {
			return zones.Owner{}
		}
		if owner, found := w.finder.Owner("*." + parent); found {
			return owner
		}
		name = parent
	}
}

// Violations returns the guards that are tripped when all is read.
func (w *Watch) Violations() []Violation {
	w.judge()
	w.name = ""
	return violations(w.counts, slices.Values(w.moves))
}
