package holdings

import (
	"maps"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
)

// Condition is what a server wants of a zone before it loads it. Only those are conditions
// that need all of the zone's records.
type Condition struct {
	// Kind is what is wanted.
	Kind ConditionKind
	Hosted
	// Name is the one that must have an address, of the kind Addressed.
	Name string
	// Place has the file of the records, and where it is said that the condition counts.
	Place Place
}

// ConditionKind is what a condition wants.
type ConditionKind uint8

// The kinds of conditions.
const (
	// Alone wants no other record beside a CNAME (RFC 1034, section 3.6.2), and one
	// DNAME at most.
	Alone ConditionKind = iota
	// Childless wants no records below a DNAME (RFC 6672, section 2.4).
	Childless
	// Addressed wants an address for the name of a server, and that it is no alias (RFC 2181,
	// section 10.3).
	Addressed
	// Few wants no more records of a type than [MostOfType] for any name.
	Few
)

// MostOfType is how many records of a type a name may have with which BIND loads a zone since
// 9.18.28, unless it is told otherwise.
const MostOfType = 100

// Require notes a condition. Where a zone does not meet it, the set has that as a fault.
func (b *Builder) Require(c Condition) {
	if !b.idle {
		b.conditions = append(b.conditions, c)
	}
}

// requiring returns the conditions of a kind, by the parts that have the records.
func (b *Builder) requiring(kind ConditionKind) map[int32]Condition {
	all := make(map[int32]Condition)
	for _, c := range b.conditions {
		if c.Kind == kind {
			all[b.part(c.Place.File, "")], all[b.part(c.Place.File, c.Origin)] = c, c
		}
	}
	return all
}

// checkRows notes the rows that no server would load. The rows are sorted.
func (b *Builder) checkRows() {
	b.checkCounts()
	alone, childless := b.requiring(Alone), b.requiring(Childless)
	if len(alone)+len(childless) == 0 {
		return
	}
	told := make(map[key]bool)
	var before row
	for i, r := range b.rows {
		if b.data[r.data].equal(Exists) {
			continue
		}
		if c, wanted := alone[r.part]; wanted && i > 0 && !told[r.key] && b.clash(before, r) {
			told[r.key] = true
			b.NotLoaded(c.Hosted, b.placeOf(r), "%s has a CNAME or a DNAME, and other records", dnsname.TrimDot(nameOf(b.data[r.data], r.key)))
		}
		if c, wanted := childless[r.part]; wanted && b.data[r.data].Subtree {
			if child, found := b.child(r); found {
				b.NotLoaded(c.Hosted, b.placeOf(child), "%s has a DNAME, and records below it", dnsname.TrimDot(r.key.parent().name()))
			}
		}
		before = r
	}
}

// nameOf returns the owner of a row's record: for a DNAME, whose row is below it, the parent.
func nameOf(d Data, k key) string {
	if d.Subtree {
		return k.parent().name()
	}
	return k.name()
}

// checkCounts notes the names with more records of a type than a server may take. Of records that
// are no addresses it is not known here of which types they are.
func (b *Builder) checkCounts() {
	few := b.requiring(Few)
	for start := 0; start < len(b.rows) && len(few) > 0; {
		first := b.rows[start]
		end := start + 1
		for end < len(b.rows) && b.rows[end].key == first.key && b.rows[end].part == first.part {
			end++
		}
		c, wanted := few[first.part]
		if most, of := b.mostOf(b.rows[start:end]); wanted && most > MostOfType {
			b.tooMany(c, b.rows[end-1], most, of)
		}
		start = end
	}
}

// mostOf returns how many records of a type there are among some rows of a name, of the type that
// has the most, and what they are. One that stands twice may be counted twice, as BIND does where
// both stand together.
func (b *Builder) mostOf(rows []row) (most int, of string) {
	if len(rows) <= MostOfType {
		return 0, ""
	}
	counts := make(map[string]int)
	for _, r := range rows {
		switch d := b.data[r.data]; {
		case len(d.Addrs) == 0:
			counts["records that are no addresses"]++
		case d.Addrs[0].Is4():
			counts["records of type A"]++
		default:
			counts["records of type AAAA"]++
		}
	}
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		if counts[what] > most {
			most, of = counts[what], what
		}
	}
	return most, of
}

// tooMany notes that a name has more records than the server of a zone may take.
func (b *Builder) tooMany(c Condition, last row, most int, of string) {
	const format = "%s has %d %s: BIND since 9.18.28 does not load zone %s with more than %d of a type, unless max-records-per-type says more"
	args := []any{dnsname.TrimDot(last.key.name()), most, of, dnsname.Shown(c.Origin), MostOfType}
	if c.Guessed {
		b.Note(b.placeOf(last), format, args...)
		return
	}
	b.UnreadBelow(c.Origin, b.placeOf(last), format, args...)
}

func (b *Builder) placeOf(r row) Place { return Place{File: b.names[r.part], Line: int(r.line)} }

// clash reports whether two rows are records of one name of which one may not stand beside
// the other.
func (b *Builder) clash(one, other row) bool {
	d, e := b.data[one.data], b.data[other.data]
	if one.key != other.key || one.part != other.part || d.Subtree != e.Subtree {
		return false
	}
	return (d.Target != "" || e.Target != "") && d.Target != e.Target
}

// child returns a row that is below the owner of a DNAME, in the same part.
func (b *Builder) child(dname row) (row, bool) {
	parent := dname.key.parent()
	at, _ := slices.BinarySearchFunc(b.rows, parent, func(r row, k key) int { return strings.Compare(string(r.key), string(k)) })
	for ; at < len(b.rows) && (b.rows[at].key == parent || b.rows[at].key.below(parent)); at++ {
		if r := b.rows[at]; r.part == dname.part && r.key != parent && !b.data[r.data].Subtree {
			return r, true
		}
	}
	return row{}, false
}

// checkServers notes the names of servers in a zone that have no address there.
func (b *Builder) checkServers(s *Set) {
	for _, c := range b.conditions {
		if c.Kind != Addressed {
			continue
		}
		if its := s.lookup(keyOf(c.Name), dns.TypeA); its.Outcome == zones.Redirects {
			b.NotLoaded(c.Hosted, c.Place, "its server %s is an alias, by a CNAME or a DNAME", dnsname.TrimDot(c.Name))
			continue
		}
		v4, v6 := s.Resolve(c.Name, dns.TypeA), s.Resolve(c.Name, dns.TypeAAAA)
		if len(v4.Addrs)+len(v6.Addrs) == 0 && (v4.Claim == nil || !v4.Claim.Cut) {
			b.NotLoaded(c.Hosted, c.Place, "its server %s is in the zone, and has no address there", dnsname.TrimDot(c.Name))
		}
	}
}
