package diff

import (
	"iter"
	"maps"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones"
)

// Watch compares what an export is about to replace with the view that is written, for
// the guards. One family of names, the custom endpoints, may have millions: each name of
// it is compared as it is read, with what the view has for exactly that name, and is not
// kept. All other names are kept, and compared as [Compare] does.
//
// Names of the family that only the view has are no danger, and are not counted.
type Watch struct {
	family  string
	view    zones.View // without the family
	finder  *zones.Finder
	before  Regions // by the links when what is there was written
	regions Regions
	builder *holdings.Builder
	counts  Counts
	moves   []Change // the first few of the family's names with a record of their own
	// wildcard says that the family's wildcard was read, and individual how many
	// other names of it.
	wildcard   bool
	individual int
	// individually says that the view has individual records for the family.
	individually bool

	name string // that is being read
	data holdings.Data
}

// NewWatch returns a watch over what a view is to replace. The family is the
// absolute name of the parent of the names that may be millions; no name or
// wildcard above it has addresses. The regions are those of the links by which what
// is there was written, as far as they are known, and those of the VPC's links.
func NewWatch(family string, view zones.View, before, after Regions) *Watch {
	w := &Watch{family: family, view: view, finder: zones.NewFinder(view), before: before, regions: before.With(after)}
	w.builder = holdings.NewTeller(family, w.add)
	w.view.Zones = nil
	for _, zone := range view.Zones {
		if zone.Origin != family {
			w.view.Zones = append(w.view.Zones, zone)
			continue
		}
		w.individually = zone.Endpoints != nil
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
	wildcard := w.name == "*."+w.family
	if wildcard {
		w.wildcard = true
	} else {
		w.individual++
	}
	had := w.data.Addrs
	w.learn(had)
	c := Change{
		Kind:   Changed,
		Name:   w.name,
		Before: State{Addrs: had, Target: w.data.Target, Regions: w.regions.of(had)},
	}
	owner, found := w.finder.Owner(w.name)
	switch {
	case !found:
		c.Kind = Removed
		// Names between the two that exist would keep the wildcard from the name
		// (RFC 4592, section 2.2.1); not to look for them is on the safe side.
		owner, found = w.finder.Owner("*." + w.family)
		if !found && (!wildcard || !w.individually) {
			w.counts.Lost++
		}
	case w.data.Target == "" && slices.Equal(had, owner.Addrs):
		return
	}
	c.After = State{Addrs: owner.Addrs, Regions: w.regions.of(owner.Addrs)}
	c.moves = w.regions.strays(had, owner.Addrs)
	w.counts.add(c)
	if c.Moves() && len(w.moves) < guard.MaxNamed {
		w.moves = append(w.moves, c)
	}
}

// learn takes over what the source says of where addresses led, but for those of which
// it is known: what the source says may have been edited.
func (w *Watch) learn(addrs []netip.Addr) {
	said := w.builder.Regions()
	for _, addr := range addrs {
		if regions := said[addr]; len(regions) > 0 && len(w.before[addr]) == 0 {
			w.regions[addr] = regions
		}
	}
}

// Tally returns what the guards want to know when all is read.
func (w *Watch) Tally() guard.Tally {
	w.judge()
	w.name = ""
	w.learn(slices.Collect(maps.Keys(w.builder.Regions())))
	others := Compare(Side{Set: w.builder.Set(), Regions: w.regions}, Side{Set: holdings.FromView(w.view), Regions: w.regions})
	flips := others.Flips
	if _, wildcard := w.finder.Owner("*." + w.family); wildcard && !w.wildcard && w.individual > 0 {
		flips = append(flips, Flip{Family: w.family, ToWildcard: true, Names: w.individual})
	}
	return tally(w.view.Name, w.counts.plus(others.Counts), flips, func(yield func(Change) bool) {
		for _, moves := range []iter.Seq[Change]{slices.Values(w.moves), others.Moves()} {
			for c := range moves {
				if !yield(c) {
					return
				}
			}
		}
	})
}
