package rrset

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// Listed gives to a builder what is listed of one zone after the other where nothing but
// its SOA says which one it is. All that is listed has the zone whose SOA came last, but
// for what has the name of the next SOA and stands before it: clouds sort by name and then
// by type.
type Listed struct {
	b       *holdings.Builder
	zone    string // "" until a SOA was read
	pending []placed
	list    int             // the number of the listing
	begun   int             // how many zones there were
	first   *holdings.Place // of what is in no zone yet
}

// placed is an RRset that may be in the next zone.
type placed struct {
	RRset
	at holdings.Place
}

// maxPending bounds how many RRsets wait for the first SOA.
const maxPending = 1000

// NewListed returns what gives listed RRsets to a builder. [Listed.End] must be called at
// the end.
func NewListed(b *holdings.Builder) *Listed { return &Listed{b: b} }

// Add adds an RRset of which the zone is not said.
func (l *Listed) Add(r RRset, at holdings.Place) {
	if l.first == nil && l.zone == "" {
		l.first = &at
	}
	switch {
	case strings.EqualFold(r.Type, "SOA"):
		l.begin(r, at)
		return
	case len(l.pending) > 0 && (len(l.pending) == maxPending || l.zone != "" && !same(l.pending[0].Name, r.Name)):
		l.flush()
	}
	l.pending = append(l.pending, placed{r, at})
}

// same reports whether two texts are the same name.
func same(a, b string) bool { return strings.EqualFold(dnsname.TrimDot(a), dnsname.TrimDot(b)) }

// begin begins a zone: what waits is in it, if it has its name or there was no zone before.
func (l *Listed) begin(soa RRset, at holdings.Place) {
	if len(l.pending) > 0 && l.zone != "" && !same(l.pending[0].Name, soa.Name) {
		l.flush()
	}
	l.zone, l.first = soa.Name, nil
	l.begun++
	Identify(l.b, soa.Name, cmp.Or(soa.ZoneID, fmt.Sprintf("zone %d of %s", l.begun, at.File)), at)
	Add(l.b, soa, at)
	l.flush()
}

func (l *Listed) flush() {
	for _, p := range l.pending {
		p.Zone = cmp.Or(p.Zone, l.zone)
		Add(l.b, p.RRset, p.at)
	}
	l.pending = l.pending[:0]
}

// End ends a listing. What is listed from there on has a zone of its own. One without an
// SOA may lack more, and what becomes of the names that it lacks is not known.
func (l *Listed) End() {
	l.flush()
	if l.first != nil {
		l.b.Unread(*l.first, "there is no SOA among the record sets: which names their zone hides cannot be told")
	}
	l.zone, l.list, l.first = "", 0, nil
}

// Within ends the listing, unless what comes next is in that one, by its number.
func (l *Listed) Within(list int) {
	if list != l.list {
		l.End()
	}
	l.list = list
}
