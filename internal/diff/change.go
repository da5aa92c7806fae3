package diff

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
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

// sameAs reports whether a name has the same on both sides.
func (s State) sameAs(other State) bool {
	return slices.Equal(s.Addrs, other.Addrs) && s.Target == other.Target && s.Action == other.Action && s.TTL == other.TTL && s.By == other.By
}

// ends reports whether what the name ends with says what it has, which stands for names in a
// way that no wildcard does.
func (s State) ends() bool { return strings.HasPrefix(s.By, "*") && !strings.HasPrefix(s.By, "*.") }

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
		c := Change{Kind: Added, Name: a.Name(), Before: r.before.effective(a), After: r.after.own(a)}
		return c, !c.Before.ends() || !slices.Equal(c.Before.Addrs, c.After.Addrs)
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
