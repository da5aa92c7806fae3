package rrset

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/listing"
)

// Listed gives to a builder what is listed of one zone after the other where nothing but
// its SOA says which one it is. All that is listed has the zone whose SOA came last, but
// for what has the name of the next SOA and stands before it: clouds sort by name and then
// by type. What a page has before any SOA waits for the page that it follows, in [Pages].
type Listed struct {
	b       *holdings.Builder
	zone    string // "" until a SOA was read
	pending []placed
	list    int // the number of the listing
	begun   int // how many zones there were
	page    Page
}

// placed is an RRset that may be in the next zone.
type placed struct {
	RRset
	at holdings.Place
}

const (
	// maxPending bounds how many RRsets wait for the next SOA.
	maxPending = 1000
	// maxHeld bounds how many RRsets wait for the first one.
	maxHeld = 100_000
)

// NewListed returns what gives listed RRsets to a builder. [Listed.End] must be called at
// the end.
func NewListed(b *holdings.Builder) *Listed { return &Listed{b: b} }

// Add adds an RRset of which the zone is not said.
func (l *Listed) Add(r RRset, at holdings.Place) {
	l.page.see(r, at)
	switch {
	case strings.EqualFold(r.Type, "SOA"):
		l.begin(r, at)
		return
	case l.zone == "" && r.Zone == "":
		if len(l.pending) == maxHeld {
			l.flush()
		}
	case len(l.pending) == maxPending, len(l.pending) > 0 && l.zone != "" && !same(l.pending[0].Name, r.Name):
		l.flush()
	}
	l.pending = append(l.pending, placed{r, at})
}

// Says notes that a record set says in which private zone it is, with or without the zone's SOA.
func (l *Listed) Says(zone string, at holdings.Place) {
	if l.page.zones == nil {
		l.page.zones = make(map[string]holdings.Place)
	}
	if _, there := l.page.zones[zone]; !there {
		l.page.zones[zone] = at
	}
}

// same reports whether two texts are the same name.
func same(a, b string) bool { return strings.EqualFold(dnsname.TrimDot(a), dnsname.TrimDot(b)) }

// begin begins a zone: what waits is in it, if it has its name or there was no zone before.
func (l *Listed) begin(soa RRset, at holdings.Place) {
	if len(l.pending) > 0 && l.zone != "" && !same(l.pending[0].Name, soa.Name) {
		l.flush()
	}
	l.zone = soa.Name
	l.begun++
	Identify(l.b, soa.Name, cmp.Or(soa.ZoneID, fmt.Sprintf("zone %d of %s", l.begun, at.File)), at)
	Add(l.b, soa, at)
	PagesOf(l.b).count(soa.Name)
	l.flush()
}

func (l *Listed) flush() {
	for _, p := range l.pending {
		p.Zone = cmp.Or(p.Zone, l.zone)
		Add(l.b, p.RRset, p.at)
		PagesOf(l.b).count(p.Zone)
	}
	l.pending = nil
}

// End ends a listing, of which nothing says that another page follows. What is listed from there
// on has a zone of its own.
func (l *Listed) End() { l.EndPage(nil) }

// EndPage ends a page; more is what it says of the next one, nil for the last page.
func (l *Listed) EndPage(more *More) {
	if l.page.sets > 0 || more != nil {
		l.page.more = more
		l.page.Zone = cmp.Or(l.zone, l.page.Zone)
		if l.page.Zone == "" {
			l.page.held, l.pending = l.pending, nil
		}
		PagesOf(l.b).add(l.page)
	}
	l.flush()
	l.zone, l.list, l.page = "", 0, Page{}
}

// Within ends the listing, unless what comes next is in that one, by its number.
func (l *Listed) Within(list int) {
	if list != l.list {
		l.End()
	}
	l.list = list
}

// EndList ends a list, by what it says of a page behind it. What says what its items are; "" for
// record sets.
func (l *Listed) EndList(what string, more *listing.More) {
	switch {
	case what != "":
		PagesOf(l.b).List(what, ListPage{More: more.Place()})
		l.End()
	case more == nil:
		l.End()
	default:
		l.EndPage(MoreByToken(more.At, more.Member, more.Token))
	}
}
