package holdings

import (
	"net/netip"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/zones"
)

// Answer is what a set answers, and which of its entries is responsible.
type Answer struct {
	Outcome zones.Outcome
	// Addrs are those of the type that was asked for.
	Addrs []netip.Addr
	// Target is where the question is redirected to, as an absolute name.
	Target string
	// Entry is the entry responsible, if there is one: the name's own, or the
	// wildcard that covers it.
	Entry Entry
	// Claim is the claim in which the name is, if there is one.
	Claim *Claim
	// Referral is who has the answer, where Outcome is Referred.
	Referral Referral
	// Narrow says that some servers do not let the wildcard, which is Entry, cover
	// the name, and ask elsewhere.
	Narrow bool
}

// maxChain bounds the CNAMEs that are followed.
const maxChain = 8

// Resolve returns the answer to a question. The name is absolute and lower-case;
// the type is that of DNS, such as [dns.TypeA]. CNAMEs are followed as far as the
// set has their targets, and the server follows them; the entry responsible is then the first one.
func (s *Set) Resolve(name string, qtype uint16) Answer { return s.resolve(keyOf(name), qtype) }

func (s *Set) resolve(k key, qtype uint16) Answer {
	first := s.lookup(k, qtype)
	last, lookup := first, s.lookup
	if first.Entry.There() && first.Entry.Data().Once {
		lookup = s.unruled
	}
	for range maxChain {
		if last.Outcome != zones.Redirects {
			break
		}
		next := lookup(keyOf(last.Target), qtype)
		if next.Outcome == zones.NotOurs || next.Outcome == zones.NXDomain || next.Outcome == zones.Referred || last.leaves(next) {
			break
		}
		last = next
	}
	first.Outcome, first.Addrs, first.Target = last.Outcome, last.Addrs, last.Target
	return first
}

// leaves reports whether a server does not go on from an answer to the next one, which is in another
// zone.
func (a *Answer) leaves(next Answer) bool {
	return a.Claim != nil && a.Claim.Confined && next.Claim != a.Claim
}

// anyLabel is one that no host has, so that of all entries only wildcards match
// names that begin with it.
const anyLabel = "?"

// ResolveBelow returns the answer to a question for a name below parent that has
// no entry of its own.
func (s *Set) ResolveBelow(parent string, qtype uint16) Answer {
	return s.resolve(keyOf(parent).child(anyLabel), qtype)
}

// lookup is Resolve but for CNAMEs. A rule comes first: what it passes on is answered as
// if there were none.
func (s *Set) lookup(k key, qtype uint16) Answer {
	rule, found := s.ruled(k, qtype)
	if found && rule.Entry.Data().Action != Passthru {
		return rule
	}
	a := s.unruled(k, qtype)
	if found && a.Outcome == zones.NotOurs && !a.Entry.There() {
		a.Entry, a.Narrow = rule.Entry, rule.Narrow
	}
	return a
}

// ruled answers by the rule for a name, or the longest wildcard that is one and covers it.
func (s *Set) ruled(k key, qtype uint16) (a Answer, found bool) {
	if s.rules == nil {
		return a, false
	}
	if i, there := s.find(k); there && s.rows[i].claim == ruleClaim {
		a.Entry = s.entry(i)
		return a.answered(qtype), true
	}
	i, found := s.ruling(k)
	if !found {
		return a, false
	}
	a.Entry = s.entry(i)
	a.Narrow = a.Entry.Data().Narrow && s.enclosed(k, s.rows[i].key.parent(), ruleClaim)
	return a.answered(qtype), true
}

// ruling returns the index of the wildcard that is a rule and covers a name.
func (s *Set) ruling(k key) (int, bool) {
	for k != "" {
		k = k.parent()
		if i, there := s.rules[k]; there {
			return int(i), true
		}
	}
	return 0, false
}

// unruled is lookup without rules.
func (s *Set) unruled(k key, qtype uint16) Answer {
	var a Answer
	at := s.claimAt(k)
	if at != noClaim {
		a.Claim = &s.claims[at].Claim
	}
	if a.Claim != nil && a.Claim.Cut {
		a.miss()
		return a
	}
	if e, found := s.ended(k, a.Claim); found {
		a.Entry = e
		return a.answered(qtype)
	}
	if i, found := s.rewriting(k, at); found {
		a.Entry = s.entry(i)
		a.Outcome, a.Target = zones.Redirects, s.rewritten(k, i)
		return a
	}
	if i, found := s.findIn(k); found {
		a.Entry = s.entry(i)
		return a.answered(qtype)
	}
	if a.Claim != nil && a.Claim.Zone && s.exists(k, at) {
		a.Outcome = zones.NoData
		return a
	}
	if i, found := s.covering(k, at); found {
		a.Entry = s.entry(i)
		a.Narrow = a.Entry.Data().Narrow && s.enclosed(k, s.rows[i].key.parent(), at)
		return a.answered(qtype)
	}
	a.miss()
	return a
}

// miss completes the answer for a name that the claim lacks.
func (a *Answer) miss() {
	a.Outcome = zones.NotOurs
	if a.Claim == nil {
		return
	}
	a.Outcome = a.Claim.missed()
	if a.Outcome == zones.Referred {
		a.Referral = a.Claim.Referral
	}
}

// rewriting returns the index of the DNAME that is above a name in its claim, the
// highest of several.
func (s *Set) rewriting(k key, at int32) (index int, found bool) {
	if !s.rewrites {
		return 0, false
	}
	for k != "" && (at == noClaim || k != s.claims[at].key) {
		k = k.parent()
		if i, there := s.wildcards[k]; there && s.rows[i].claim == at && s.data[s.rows[i].data].Subtree {
			index, found = int(i), true
		}
	}
	return index, found
}

// rewritten returns what becomes of a name by a DNAME above it.
func (s *Set) rewritten(k key, dname int) string {
	above := s.rows[dname].key.parent()
	below := strings.TrimPrefix(string(k)[len(above):], separator)
	target := keyOf(s.data[s.rows[dname].data].Target)
	return target.child(below).name()
}

// enclosed reports whether a name, or one above it that is below parent, has an
// entry of the claim at or below it.
func (s *Set) enclosed(k, parent key, at int32) bool {
	for above := range k.upToRoot() {
		if above == parent {
			return false
		}
		if s.hasWithin(above, at) {
			return true
		}
	}
	return false
}

// answered completes an answer by what its entry has.
func (a Answer) answered(qtype uint16) Answer {
	d := a.Entry.Data()
	switch qtype {
	case dns.TypeA:
		a.Addrs = d.V4()
	case dns.TypeAAAA:
		a.Addrs = d.V6()
	}
	switch ordered := d.Action.Outcome(); {
	case ordered != zones.NoData && ordered != zones.Referred:
		a.Outcome = ordered // whatever records there are
	case len(a.Addrs) > 0:
		a.Outcome = zones.Positive
	case d.Target != "":
		a.Outcome, a.Target = zones.Redirects, d.Target
	case d.Partial && a.Claim != nil && a.Claim.Miss == Refer:
		a.Outcome, a.Referral = zones.Referred, a.Claim.Referral
	case d.Partial:
		a.Outcome = zones.NotOurs
	case ordered == zones.Referred:
		a.Outcome, a.Referral = ordered, d.Referral
	default:
		a.Outcome = ordered
	}
	return a
}

// Redundant reports whether an entry says nothing that a wildcard above it would
// not say in its place. Some sources need such entries.
func (s *Set) Redundant(e Entry) bool {
	cover := func(k key) (int, bool) { return s.covering(k, e.row.claim) }
	if e.row.claim == ruleClaim {
		cover = s.ruling
	}
	i, found := cover(e.row.key)
	return found && s.entry(i).Data().SameRecords(e.Data())
}

// claimAt returns the index of the closest claim at or above a name.
func (s *Set) claimAt(k key) int32 {
	if len(s.claims) == 0 {
		return noClaim
	}
	for above := range k.upToRoot() {
		if at, there := s.byKey[above]; there {
			return at
		}
	}
	return noClaim
}

// exists reports whether a name exists in a zone: it is the apex, or has an entry
// of the zone at or below it.
func (s *Set) exists(k key, zone int32) bool { return k == s.claims[zone].key || s.hasWithin(k, zone) }

// encloses reports whether a name is one that can be the closest encloser of another one
// in a zone (RFC 4592, section 3.3.1).
func (s *Set) encloses(k key, zone int32) bool {
	if !s.claims[zone].Lax || k == s.claims[zone].key {
		return s.exists(k, zone)
	}
	i, found := s.findIn(k)
	return found && s.rows[i].claim == zone
}

// hasWithin reports whether there is an entry of a claim at or below a name.
func (s *Set) hasWithin(k key, at int32) bool {
	i, _ := s.find(k)
	for ; i < len(s.rows) && (s.rows[i].key == k || s.rows[i].key.below(k)); i++ {
		if s.rows[i].claim == at {
			return true
		}
	}
	return false
}

// covering returns the index of the wildcard that covers a name in its claim.
func (s *Set) covering(k key, at int32) (int, bool) {
	for labels := 1; k != "" && (at == noClaim || k != s.claims[at].key); labels++ {
		k = k.parent()
		if i, found := s.wildcards[k]; found && s.rows[i].claim == at && (labels == 1 || !s.data[s.rows[i].data].OneLabel) {
			return int(i), true
		}
		if at != noClaim && s.claims[at].Zone && s.encloses(k, at) {
			return 0, false
		}
	}
	return 0, false
}
