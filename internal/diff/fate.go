package diff

import (
	"iter"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones"
)

// fate is what becomes of questions for the addresses of a name.
type fate uint8

const (
	addressed fate = iota // they are answered with addresses, or with a target
	refused               // they are answered with nothing, or not at all
	passedOn              // others are asked
	unknown               // nobody knows
)

// fateOf returns what a side does with a name, and of which kind that is.
func (s Side) fateOf(name string) (fate, holdings.Action) {
	v4, v6 := s.resolve(name)
	if len(v4.Addrs)+len(v6.Addrs) > 0 || v4.Outcome == zones.Redirects || v6.Outcome == zones.Redirects {
		return addressed, ""
	}
	for _, a := range []holdings.Answer{v4, v6} {
		if a.Outcome == zones.NotOurs {
			return passedOn, holdings.Passthru
		}
		if a.Outcome == zones.Referred {
			return passedOn, holdings.Refer
		}
	}
	if !v4.Entry.There() && v4.Claim != nil && v4.Claim.Miss == holdings.Passthru {
		return passedOn, holdings.Passthru // it is there only because others are, and has what they leave
	}
	return nothingOf(v4)
}

// nothingOf returns by what a name has no addresses that nobody else is asked for.
func nothingOf(a holdings.Answer) (fate, holdings.Action) {
	switch {
	case a.Outcome == zones.NXDomain:
		return refused, holdings.NXDomain
	case a.Outcome != zones.Dropped:
		return refused, holdings.NoData
	case a.Entry.There() && a.Entry.Data().Action == holdings.Unanswered:
		return unknown, holdings.Unanswered
	default:
		return refused, holdings.Drop
	}
}

// resolve asks for both families of a name, or of one that only a wildcard can have.
func (s Side) resolve(name string) (v4, v6 holdings.Answer) {
	if parent, wildcard := strings.CutPrefix(name, "*."); wildcard {
		return s.Set.ResolveBelow(parent, dns.TypeA), s.Set.ResolveBelow(parent, dns.TypeAAAA)
	}
	return s.Set.Resolve(name, dns.TypeA), s.Set.Resolve(name, dns.TypeAAAA)
}

// fates compares what becomes of questions for a name that has no addresses of its own
// on either side.
func (r *Report) fates(name string) (Change, bool) {
	before, was := r.before.fateOf(name)
	after, is := r.after.fateOf(name)
	c := Change{Name: name, Before: State{Action: was, TTL: holdings.NoTTL}, After: State{Action: is, TTL: holdings.NoTTL}}
	switch {
	case before == passedOn && after == refused:
		c.Kind = Leaks
	case before == refused && after == passedOn:
		c.Kind = Hides
	case before == addressed && after == addressed:
		c.Kind, c.Before, c.After = Changed, r.before.answered(name), r.after.answered(name)
		if slices.Equal(c.Before.Addrs, c.After.Addrs) && c.Before.Target == c.After.Target {
			return c, false
		}
	case before != unknown && after == addressed:
		c.Kind, c.After = Changed, r.after.answered(name)
	case before == addressed && after == refused:
		c.Kind, c.Before = Changed, r.before.answered(name)
	default:
		return c, false
	}
	return c, r.kept(c.Before.By) && r.kept(c.After.By)
}

// kept reports whether both sides have the wildcard by which one of them answers: of one
// that is new, gone or another it is told, and not of all that it covers.
func (r *Report) kept(wildcard string) bool {
	if wildcard == "" {
		return true
	}
	b, there := r.before.Set.Entry(wildcard)
	a, here := r.after.Set.Entry(wildcard)
	return there && here && b.Data().SameRecords(a.Data())
}

// leaks reports whether a side sends to others the questions for other types than the
// addresses that an entry has, of a source that could do otherwise.
func leaks(e holdings.Entry) bool { return e.Data().Partial && !e.OnlyAddresses() }

// silent returns the changes of names that have no entry on either side, in canonical
// order: of those that a zone has because of others, and of the apexes of all that
// makes a claim.
func (r *Report) silent() []Change {
	if !r.before.Set.SaysMore() {
		return nil
	}
	s := &silence{Report: r, seen: make(map[string]bool)}
	s.hollow()
	s.claimed()
	slices.SortFunc(s.changes, func(a, b Change) int { return dnsname.Compare(a.Name, b.Name) })
	return s.changes
}

// silence gathers the changes of names without entries.
type silence struct {
	*Report
	seen    map[string]bool
	changes []Change
}

// look compares what becomes of a name, and keeps a change of any of the kinds.
func (s *silence) look(name string, kinds ...Kind) {
	if s.seen[name] || s.hasEntry(name) {
		return
	}
	s.seen[name] = true
	if c, differs := s.fates(name); differs && slices.Contains(kinds, c.Kind) {
		c.moves = s.after.Regions.strays(c.Before.Addrs, c.After.Addrs)
		s.changes = append(s.changes, c)
	}
}

// hollow looks at the names that zones of either side have because of others. Of a
// wildcard's parent it is told where the wildcard itself is there.
func (s *silence) hollow() {
	for name := range s.after.Set.Hollow() {
		kinds := []Kind{Changed}
		if wildcard := "*." + name; answersAt(s.before.Set, wildcard) || !answersAt(s.after.Set, wildcard) && s.before.answersBelow(name) {
			kinds = append(kinds, Leaks)
		}
		s.look(name, kinds...)
		s.look("*."+name, Changed)
	}
	for name := range s.before.Set.Hollow() {
		s.look(name, Changed)
		s.look("*."+name, Changed)
	}
}

// claimed looks at what is claimed without having addresses, and below all claims that a
// wildcard of the other side could cover.
func (s *silence) claimed() {
	for claim := range s.after.Set.Claims() {
		if s.before.Set.Covered(claim.Origin) {
			s.look("*."+claim.Origin, Changed)
		}
	}
	for claim := range s.before.Set.Claims() {
		if s.after.Set.Covered(claim.Origin) {
			s.look("*."+claim.Origin, Changed)
		}
		if answersAt(s.before.Set, claim.Origin) {
			continue
		}
		kinds := []Kind{Changed}
		if concerns(claim.Origin) && !claims(s.after.Set, claim.Origin) && !answersAt(s.before.Set, "*."+claim.Origin) {
			kinds = append(kinds, Hides)
		}
		s.look(claim.Origin, kinds...)
	}
}

// concerns reports whether a name is one of Aura's, or above all of them.
func concerns(name string) bool {
	return dnsname.AtOrBelow(name, auraname.Origin) || name == "." || dnsname.Below(auraname.Origin, name)
}

func (r *Report) hasEntry(name string) bool {
	_, before := r.before.Set.Entry(name)
	_, after := r.after.Set.Entry(name)
	return before || after
}

// answersAt reports whether there are addresses for exactly that name.
func answersAt(s *holdings.Set, name string) bool {
	e, there := s.Entry(name)
	return there && answers(e)
}

// answersBelow reports whether a side has addresses for anything below a name.
func (s Side) answersBelow(name string) bool {
	for e := range s.Set.Below(name) {
		if answers(e) {
			return true
		}
	}
	return false
}

// merged returns changes of two kinds of names in one order.
func merged(named iter.Seq[Change], silent []Change) iter.Seq[Change] {
	return func(yield func(Change) bool) {
		for c := range named {
			for len(silent) > 0 && dnsname.Compare(silent[0].Name, c.Name) < 0 {
				if !yield(silent[0]) {
					return
				}
				silent = silent[1:]
			}
			if !yield(c) {
				return
			}
		}
		for _, c := range silent {
			if !yield(c) {
				return
			}
		}
	}
}
