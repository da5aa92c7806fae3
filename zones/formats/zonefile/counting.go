package zonefile

import (
	"slices"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
)

// Most is how many records of a type a name may have with which BIND loads a zone, and of how many
// types; 0 for any. Said says that the configuration says the former.
type Most struct {
	Records, Types int
	Said           bool
}

// counted are the records of a type that a name has. BIND takes those that stand together, without one of another name
// between them, and adds them to what the name has: it counts each of them before it leaves out what stands twice.
type counted struct {
	data   []string // what the name has
	before int      // how many of these it had before those that stand together here
	run    int      // which of those that stand together these are
	here   int      // how many there are here, and fresh how many without what stands twice
	fresh  []string
}

// count counts the records of a name, where a configuration says how many there may be.
func (l *loading) count(rec Record) {
	if l.most.Records == 0 && l.most.Types == 0 {
		return
	}
	if l.counts == nil {
		l.counts = make(map[string]map[string]*counted)
	}
	types := l.counts[rec.Owner]
	if types == nil {
		types = make(map[string]*counted)
		l.counts[rec.Owner] = types
	}
	if rec.Owner != l.counting {
		l.counting = rec.Owner
		l.run++
	}
	its := types[rec.Type]
	if its == nil {
		its = &counted{}
		types[rec.Type] = its
	}
	if its.take(rec, l.run); l.most.Records > 0 && its.exceeds(l.most.Records) {
		l.refuse(tooMany, rec.Place, "%s has more records of type %s than max-records-per-type, %d", dnsname.TrimDot(rec.Owner), rec.Type, l.most.Records)
	}
	if n := l.most.Types; n > 0 && len(types) > n {
		l.refuse(tooMany, rec.Place, "%s has more types of records than max-types-per-name, %d", dnsname.TrimDot(rec.Owner), n)
	}
}

// take adds a record that stands among others of its name.
func (c *counted) take(rec Record, run int) {
	data := rec.Place.String() // of a type whose data is not read
	switch rr := rec.RR.(type) {
	case *dns.SOA: // of which the last one counts
		if c.here == 1 {
			return
		}
	case *dns.A, *dns.AAAA, *dns.NS, *dns.CNAME, *dns.DNAME:
		data = rr.String()
	}
	if run != c.run {
		c.run, c.here, c.fresh, c.before = run, 0, nil, len(c.data)
	}
	c.here++
	if !slices.Contains(c.fresh, data) {
		c.fresh = append(c.fresh, data)
	}
	if !slices.Contains(c.data, data) {
		c.data = append(c.data, data)
	}
}

// exceeds reports whether BIND counts more records than there may be.
func (c *counted) exceeds(most int) bool {
	return c.here > most || c.before > 0 && c.before+len(c.fresh) > most
}

// measure adds up the octets of records, of which those that lead nowhere count by their owner
// alone.
func (l *loading) measure(rec Record) {
	if text := ""; l.maxSize > 0 && rec.RR != nil {
		if text = rec.RR.String(); text != l.sized { // what stands twice counts once
			l.size += uint64(dns.Len(rec.RR))
		}
		l.sized = text
	}
}

// endMeasured says what of a zone as a whole keeps it from being loaded.
func (l *loading) endMeasured() {
	if l.maxSize > 0 && l.size > l.maxSize {
		l.refuse(tooMany, l.at, "its records have %d octets at the least, and zone-max-size is %d", l.size, l.maxSize)
	}
	if l.verified == Unverified {
		return
	}
	if len(l.digesting.digests) == 0 {
		if l.verified == Demanded {
			l.refuse(noDigest, l.at, "it has no ZONEMD record, and is to be verified by one")
		}
		return
	}
	serial := uint32(0)
	if l.soa != nil {
		serial = l.soa.Serial
	}
	switch right, known := l.digesting.right(serial); {
	case !known:
		l.b.UnreadBelow(l.origin, l.at, "zone %s is loaded if its ZONEMD record is right, which is not known here", dnsname.TrimDot(l.origin))
	case !right:
		l.refuse(noDigest, l.at, "its ZONEMD record is not the digest of what it has")
	}
}
