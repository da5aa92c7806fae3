// Package diff compares what some DNS has with what a plan wants: which names are
// added, removed and changed, and which of that is dangerous.
//
// Dangerous are, in this order, clients that are in another VPC or in none,
// families of names that change between a wildcard and individual records, and
// names that lead to another region than before: by a record of their own, or
// because a wildcard covers them no longer, or does now. Which clients there are is
// not in what is compared here: package guard says it of two plans, and a document
// shows it.
//
// Names are compared and not zones: individual records are the same in whatever
// zones they are. What a source does with names for which it has no addresses
// counts only where the other side has some.
//
// The package is pure: no files, no network, no clock, no log.
package diff

import (
	"iter"
	"maps"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones"
)

// Regions says to which regions addresses lead, as the links of one VPC have it.
type Regions map[netip.Addr][]string

// RegionsOf returns the regions of a VPC's links.
func RegionsOf(links []zones.Addresses) Regions { return zones.LeadTo(links) }

// of returns the regions to which any of the addresses leads, sorted.
func (r Regions) of(addrs []netip.Addr) []string {
	var all []string
	for _, addr := range addrs {
		all = append(all, r[addr]...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// With returns the regions of both; where both know an address, those of r.
func (r Regions) With(other Regions) Regions {
	all := maps.Clone(other)
	if all == nil {
		all = make(Regions)
	}
	maps.Copy(all, r)
	return all
}

// strays reports whether a name with some addresses has another one now, of which
// it is known that it leads to none of their regions.
func (r Regions) strays(had, has []netip.Addr) bool {
	from := r.of(had)
	return len(from) > 0 && slices.ContainsFunc(has, func(addr netip.Addr) bool {
		to := r[addr]
		return len(to) > 0 && !slices.Contains(had, addr) &&
			!slices.ContainsFunc(to, func(region string) bool { return slices.Contains(from, region) })
	})
}

// Side is one of two that are compared.
type Side struct {
	Set *holdings.Set
	// Regions say where the side's addresses lead, by the links that it was written
	// with. Nobody knows those of what was read from a server or its files: there
	// they are those of the plan. Of an address that both sides know, [Compare]
	// believes the side that is before.
	Regions Regions
}

// Kind is what happens to a name.
type Kind string

// The kinds of changes.
const (
	Added   Kind = "added"   // has records now
	Removed Kind = "removed" // has none any more
	Changed Kind = "changed" // has other addresses
	TTL     Kind = "ttl"     // has another time to live, and nothing else
	// Unanswered: what it has is not known, for it was asked for in vain.
	Unanswered Kind = "unanswered"
	// Leaks: others are asked what should be answered with no data, be it for the
	// name's addresses or for other types than those.
	Leaks Kind = "leaks"
	// Hides: nothing is answered where others should be asked.
	Hides Kind = "hides"
)

// State is what a name has on one side.
type State struct {
	Addrs  []netip.Addr
	Target string
	Action holdings.Action
	// TTL is in seconds, or [holdings.NoTTL].
	TTL uint32
	// Regions are those to which the addresses lead, sorted; none where no link
	// has them.
	Regions []string
	// By is the wildcard that covers the name, if it has no entry of its own.
	By string
	// Place is where it was read.
	Place holdings.Place
}

// Answers reports whether there are addresses, or a target that may have some.
func (s State) Answers() bool { return len(s.Addrs) > 0 || s.Target != "" }

// Change is what happens to one name.
type Change struct {
	Kind Kind
	// Name is absolute and lower-case; a wildcard begins with "*.".
	Name          string
	Before, After State

	moves bool
}

// Own reports whether the name had records of its own before, and not by a
// wildcard.
func (c Change) Own() bool { return c.Before.Answers() && c.Before.By == "" }

// Moves reports whether the name leads to another region than before: whether it
// led to known regions, and has an address now that leads to none of them.
func (c Change) Moves() bool { return c.moves }

// Report is the comparison of two sides. Changes are made while they are
// iterated: there may be millions.
type Report struct {
	Counts Counts
	// Flips are sorted by family.
	Flips []Flip

	before, after Side
	unnamed       []Change // of names without entries
}

// Compare compares what is there with what is wanted.
func Compare(before, after Side) *Report {
	after.Regions = before.Regions.With(after.Regions)
	r := &Report{before: before, after: after}
	for b, a := range r.pairs() {
		if answers(b) {
			r.Counts.Before++
		}
		if answers(a) {
			r.Counts.After++
		}
		if c, changed := r.change(b, a); changed {
			r.Counts.add(c)
			if flips := r.addFlip(c); c.Kind == Removed && !c.After.Answers() && !flips {
				r.Counts.Lost++
			}
		}
	}
	r.unnamed = r.silent()
	for _, c := range r.unnamed {
		r.Counts.add(c)
	}
	return r
}

// answers reports whether there is an entry that has addresses.
func answers(e holdings.Entry) bool { return e.There() && e.Data().Answers() }

// pairs returns the entries of both sides, side by side, without those that only
// the way in which a side is written brings with it.
func (r *Report) pairs() iter.Seq2[holdings.Entry, holdings.Entry] {
	return func(yield func(holdings.Entry, holdings.Entry) bool) {
		for b, a := range holdings.Merge(r.before.Set, r.after.Set) {
			switch {
			case !answers(a) && answers(b) && needless(b, r.before, r.after):
				b = holdings.Entry{}
			case !answers(b) && answers(a) && needless(a, r.after, r.before):
				a = holdings.Entry{}
			}
			if !yield(b, a) {
				return
			}
		}
	}
}

// needless reports whether an entry of a side, which the other side lacks, is
// there because the side's source could not do without it: for the sake of a
// wildcard, or as what a wildcard says that both sides have.
func needless(e holdings.Entry, side, other Side) bool {
	if e.Data().Implied {
		return true
	}
	return side.Set.Redundant(e) && slices.Equal(other.effective(e).Addrs, e.Data().Addrs)
}

// Same reports whether nothing differs.
func (r *Report) Same() bool { return r.Counts.Total() == 0 }

// Changes returns all changes in canonical order of their names.
func (r *Report) Changes() iter.Seq[Change] { return merged(r.named(), r.unnamed) }

// named returns the changes of names that have an entry.
func (r *Report) named() iter.Seq[Change] {
	return func(yield func(Change) bool) {
		for b, a := range r.pairs() {
			if c, changed := r.change(b, a); changed && !yield(c) {
				return
			}
		}
	}
}

// Moves returns the changes by which a name leads to another region.
func (r *Report) Moves() iter.Seq[Change] {
	return func(yield func(Change) bool) {
		if r.Counts.Moves == 0 {
			return
		}
		for c := range r.Changes() {
			if c.Moves() && !yield(c) {
				return
			}
		}
	}
}

// change compares what the two sides have for a name.
func (r *Report) change(b, a holdings.Entry) (Change, bool) {
	c, changed := r.difference(b, a)
	c.moves = changed && r.after.Regions.strays(c.Before.Addrs, c.After.Addrs)
	return c, changed
}

// difference is change without the regions.
func (r *Report) difference(b, a holdings.Entry) (Change, bool) {
	switch {
	case b.There() && b.Data().Action == holdings.Unanswered:
		c := Change{Kind: Unanswered, Name: b.Name(), Before: r.before.own(b), After: r.after.effective(b)}
		if a.There() {
			c.After = r.after.own(a)
		}
		return c, c.After.Answers()
	case answers(b) && answers(a):
		return r.both(b, a)
	case answers(b):
		return Change{Kind: Removed, Name: b.Name(), Before: r.before.own(b), After: r.after.effective(b)}, true
	case answers(a):
		return Change{Kind: Added, Name: a.Name(), Before: r.before.effective(a), After: r.after.own(a)}, true
	case b.There():
		return r.deaf(b)
	case a.There():
		c := Change{Kind: Changed, Name: a.Name(), Before: r.before.effective(a), After: r.after.own(a)}
		return c, c.Before.Answers()
	default:
		return Change{}, false
	}
}

// deaf compares an entry without addresses with what the other side does with the name.
// That a name exists is nothing to tell where that hides it from nobody.
func (r *Report) deaf(b holdings.Entry) (Change, bool) {
	c := Change{Kind: Changed, Name: b.Name(), Before: r.before.own(b), After: r.after.effective(b)}
	if c.After.Answers() {
		return c, true
	}
	c, differs := r.fates(b.Name())
	c.Before.Place = b.Place()
	return c, differs && (c.Kind != Hides || b.Data().Action != "")
}

// both compares two entries that both have addresses.
func (r *Report) both(b, a holdings.Entry) (Change, bool) {
	left, right := b.Data(), a.Data()
	kind := Changed
	if left.SameRecords(right) {
		switch {
		case leaks(b) && !leaks(a):
			kind = Leaks
		case left.TTL == right.TTL || left.TTL == holdings.NoTTL || right.TTL == holdings.NoTTL:
			return Change{}, false
		default:
			kind = TTL
		}
	}
	return Change{Kind: kind, Name: b.Name(), Before: r.before.own(b), After: r.after.own(a)}, true
}

// own is what an entry of the side has.
func (s Side) own(e holdings.Entry) State {
	d := e.Data()
	return State{
		Addrs: d.Addrs, Target: d.Target, Action: d.Action, TTL: d.TTL,
		Regions: s.Regions.of(d.Addrs), Place: e.Place(),
	}
}

// effective is what the side answers for the name of the other side's entry, of
// which it has none itself.
func (s Side) effective(other holdings.Entry) State { return s.answered(other.Name()) }

// answered is what the side answers for a name.
func (s Side) answered(name string) State {
	v4, v6 := s.resolve(name)
	addrs := slices.Concat(v4.Addrs, v6.Addrs)
	state := State{Addrs: addrs, Target: v4.Target, TTL: holdings.NoTTL, Regions: s.Regions.of(addrs)}
	if v4.Entry.There() {
		state.By, state.Place, state.TTL = v4.Entry.Name(), v4.Entry.Place(), v4.Entry.Data().TTL
	}
	return state
}
