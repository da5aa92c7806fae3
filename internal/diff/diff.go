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

// SameAs reports whether two comparisons have the same changes, wherever the names were read.
func (r *Report) SameAs(other *Report) bool {
	next, stop := iter.Pull(other.Changes())
	defer stop()
	for c := range r.Changes() {
		o, more := next()
		if !more || c.Name != o.Name || c.Kind != o.Kind || !c.Before.sameAs(o.Before) || !c.After.sameAs(o.After) {
			return false
		}
	}
	_, more := next()
	return !more
}

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
