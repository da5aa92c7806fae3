// Package holdings holds what some DNS has for its clients, whatever it was read
// from: a view of a plan, zone files, a response policy zone, a hosts file, the
// configuration of a server, or a cloud's record sets.
//
// A [Set] says two things: which names have which addresses, and what becomes of
// the names that it lacks. The sources differ in the second and in what a
// wildcard means; each reader turns what its source means into entries and
// claims, so that [Set.Resolve] is one and the same for all of them.
//
// The package is pure: it reads from an io.Reader and touches neither the file
// system, the network nor the clock. It decides nothing: what differs between
// two sets is package diff's to say, what is wrong with one package audit's.
package holdings

import (
	"iter"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/zones"
)

// Set is what some DNS has. It is immutable. A set of five million names takes
// about 70 octets for each: their names are kept once, packed, and what they have
// is shared.
type Set struct {
	rows      []row         // sorted by key, none twice
	data      []Data        // what rows refer to
	wildcards map[key]int32 // index into rows, by the wildcard's parent
	rules     map[key]int32 // likewise, of wildcards that are rules; nil where there are no rules
	claims    []claim
	byKey     map[key]int32 // index into claims
	files     []string      // by part
	sources   []Source
	notes     []Note
	faults    []fault
	listens   []listening
	seen      map[string]sighting // which networks see private zones, by origin
	stated    map[string]sighting // those for which expressions stand
	rewrites  bool                // whether there is a DNAME
	endings   []ending            // the longest first
	terse     map[int32]bool      // files that say nothing but addresses
	view
}

// view is what few sources say beside names.
type view struct {
	regions map[netip.Addr][]string
	clients *[]netip.Prefix
	servers map[string]bool // the name servers of zones that have their addresses themselves
}

// NameServer reports whether a name is that of a name server, by a zone in which it is.
func (s *Set) NameServer(name string) bool { return s.servers[name] }

// Regions says to which regions addresses lead, as far as the source does. It must
// not be changed.
func (v view) Regions() map[netip.Addr][]string { return v.regions }

// Clients are the ranges of the clients that have these holdings, and whether the source
// says so. If it says so without ranges, they are all clients that are in no other VPC.
func (v view) Clients() (ranges []netip.Prefix, said bool) {
	if v.clients == nil {
		return nil, false
	}
	return *v.clients, true
}

// row is a name, compactly.
type row struct {
	key   key
	data  int32 // index into Set.data
	claim int32 // index into Set.claims; noClaim for none, ruleClaim for a rule
	part  int32 // index into Set.files; noPart for none
	line  int32
}

const (
	ruleClaim = -2
	noClaim   = -1
	noPart    = -1
)

// Claim is a part of the name space for which a source says what becomes of the
// names that it lacks. Where one lies below another, its names are in it and not
// in the other.
type Claim struct {
	// Origin is its apex, as an absolute, lower-case name.
	Origin string
	// Zone says that it is a zone as authoritative servers have it: a wildcard
	// covers only names whose closest encloser is its parent, and names above
	// others exist (RFC 4592). Else the longest wildcard covers a name.
	Zone bool
	// Lax says of a zone that a wildcard also covers what is below a name which exists only
	// because of names below it, as in Unbound.
	Lax bool
	// Confined says of a zone that its server follows no CNAME and no DNAME out of it, not even
	// into another zone of its own.
	Confined bool
	// Miss is what is done with names that it lacks: NXDomain, which is the default,
	// Passthru, Refer or Drop.
	Miss Action
	// Referral is who is asked, where Miss is Refer.
	Referral Referral
	// Cut says that the zone above has delegated it: what it has at or below the
	// origin is no answer.
	Cut bool
	// Place is where the claim was read.
	Place Place
}

// missed is what becomes of a question for a name that the source lacks.
func (c *Claim) missed() zones.Outcome {
	if c.Miss == "" {
		return zones.NXDomain
	}
	return c.Miss.Outcome()
}

// claim is a Claim with its key.
type claim struct {
	key key
	Claim
	source string // of [Builder.From]
}

// SaysMore reports whether there is a source that says more than which names have which
// addresses.
func (s *Set) SaysMore() bool {
	return len(s.claims) > 0 || len(s.files) == 0 || len(s.terse) < len(s.files)
}

// Scopes returns the names at and below which the set says something: those of the claims, and
// of entries that are in none. Of very many it is the root alone.
func (s *Set) Scopes() []string {
	var all []string
	for _, c := range s.claims {
		all = append(all, c.Origin)
	}
	for _, r := range s.rows {
		if r.claim < 0 {
			all = append(all, r.key.name())
		}
	}
	if len(all) > maxScopes {
		return []string{"."}
	}
	return all
}

// maxScopes is how many names [Set.Scopes] returns.
const maxScopes = 1000

// Len returns the number of names.
func (s *Set) Len() int { return len(s.rows) }

func (s *Set) entry(i int) Entry { return Entry{set: s, row: &s.rows[i]} }

// All returns all entries in canonical order (RFC 4034, section 6.1): a name
// comes before all that are below it.
func (s *Set) All() iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		for i := 0; i < len(s.rows); i = s.next(i) {
			if !yield(s.entry(i)) {
				return
			}
		}
	}
}

// next returns the index of the name after that of a row: a rule stands before what zones
// have of its name.
func (s *Set) next(i int) int {
	if s.rules != nil && i+1 < len(s.rows) && s.rows[i+1].key == s.rows[i].key {
		return i + 2
	}
	return i + 1
}

// Claims returns the claims in canonical order of their origins.
func (s *Set) Claims() iter.Seq[Claim] {
	return func(yield func(Claim) bool) {
		for i := range s.claims {
			if !yield(s.claims[i].Claim) {
				return
			}
		}
	}
}

// index makes wildcards, of which there are few, quick to find.
func (s *Set) index() {
	s.wildcards, s.rules = make(map[key]int32), nil
	for i, r := range s.rows {
		switch {
		case r.claim == ruleClaim:
			if s.rules == nil {
				s.rules = make(map[key]int32)
			}
			if r.key.wildcard() {
				s.rules[r.key.parent()] = int32(i)
			}
		case r.key.wildcard():
			s.wildcards[r.key.parent()] = int32(i)
		}
	}
}

// Entry returns the entry of exactly that name.
func (s *Set) Entry(name string) (Entry, bool) {
	at, found := s.find(keyOf(name))
	if !found {
		return Entry{}, false
	}
	return s.entry(at), true
}

// Below returns the entries strictly below a name.
func (s *Set) Below(name string) iter.Seq[Entry] {
	above := keyOf(name)
	return func(yield func(Entry) bool) {
		at, found := s.find(above)
		if found {
			at = s.next(at)
		}
		for ; at < len(s.rows) && s.rows[at].key.below(above); at = s.next(at) {
			if !yield(s.entry(at)) {
				return
			}
		}
	}
}

// Covered reports whether there is a wildcard that is at or above a name, or directly
// below it.
func (s *Set) Covered(name string) bool {
	for k := range keyOf(name).upToRoot() {
		if _, there := s.wildcards[k]; there {
			return true
		}
		if _, there := s.rules[k]; there {
			return true
		}
	}
	return false
}

// Hollow returns the names that exist in zones and have no entry (RFC 4592, section
// 2.2.2), where the zone has all that is in it: its apex, and those between it and other
// names.
func (s *Set) Hollow() iter.Seq[string] {
	return func(yield func(string) bool) {
		told := make(map[key]bool)
		tell := func(k key) bool {
			if _, there := s.find(k); there || told[k] {
				return true
			}
			told[k] = true
			return yield(k.name())
		}
		for i := range s.claims {
			if c := s.claims[i]; c.Zone && c.Miss == NXDomain && !tell(c.key) {
				return
			}
		}
		for _, r := range s.rows {
			if r.claim < 0 || !s.claims[r.claim].Zone || s.claims[r.claim].Miss != NXDomain {
				continue
			}
			for k := r.key.parent(); k.below(s.claims[r.claim].key); k = k.parent() {
				if !tell(k) {
					return
				}
			}
		}
	}
}

// find returns where a key is, or would be: that of a rule, if there are two.
func (s *Set) find(k key) (int, bool) {
	return slices.BinarySearchFunc(s.rows, k, func(r row, k key) int { return strings.Compare(string(r.key), string(k)) })
}

// findIn is find for what is no rule.
func (s *Set) findIn(k key) (int, bool) {
	at, found := s.find(k)
	if found && s.rows[at].claim == ruleClaim {
		at++
		found = at < len(s.rows) && s.rows[at].key == k
	}
	return at, found
}

// Merge returns the entries of two sets side by side, in canonical order; where
// one set lacks a name its Entry is the zero one.
func Merge(a, b *Set) iter.Seq2[Entry, Entry] {
	return func(yield func(Entry, Entry) bool) {
		i, j := 0, 0
		for i < len(a.rows) || j < len(b.rows) {
			var left, right Entry
			order := compareHeads(a, i, b, j)
			if order <= 0 {
				left = a.entry(i)
				i = a.next(i)
			}
			if order >= 0 {
				right = b.entry(j)
				j = b.next(j)
			}
			if !yield(left, right) {
				return
			}
		}
	}
}

// compareHeads says which of two sets has the next name; one at its end has not.
func compareHeads(a *Set, i int, b *Set, j int) int {
	switch {
	case i == len(a.rows):
		return 1
	case j == len(b.rows):
		return -1
	default:
		return strings.Compare(string(a.rows[i].key), string(b.rows[j].key))
	}
}

// Within returns the part of the set that is at or below any of the names, and
// how many entries are left out.
func (s *Set) Within(names []string) (part *Set, left int) {
	scopes := make(map[key]bool, len(names))
	for _, name := range names {
		scopes[keyOf(name)] = true
	}
	inside := func(k key) bool {
		for at := range k.upToRoot() {
			if scopes[at] {
				return true
			}
		}
		return false
	}
	its := reachOf(append([]string{}, names...)) // of none it is nothing
	part = &Set{
		data: s.data, files: s.files, claims: s.claims, byKey: s.byKey, view: s.view,
		sources: s.sources, notes: s.notes, listens: s.listens, faults: touching(s.faults, its), seen: within(s.seen, its), stated: within(s.stated, its), rewrites: s.rewrites, terse: s.terse, endings: s.endings,
	}
	for _, r := range s.rows {
		if inside(r.key) {
			part.rows = append(part.rows, r)
		}
	}
	part.index()
	return part, len(s.rows) - len(part.rows)
}
