package rrset

import (
	"maps"
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// Pages are the pages of all listings. A page that is a document of its own need not say which
// one it follows, and pages may be given in any order: they are put together at the end.
type Pages struct {
	b       *holdings.Builder
	pages   []*Page
	read    map[string]int // record sets, by zone
	counted map[string]counted
	lists   lists
}

// PagesOf returns the pages of all files that give to a builder.
func PagesOf(b *holdings.Builder) *Pages {
	return holdings.Shared(b, "pages", func() *Pages {
		return &Pages{b: b, read: make(map[string]int), counted: make(map[string]counted), lists: make(lists)}
	})
}

// add adds a page of record sets.
func (p *Pages) add(page Page) { p.pages = append(p.pages, &page) }

// End puts the pages together, and notes those that are missing.
func (p *Pages) End() {
	begins := func(page *Page) bool { return page.begins }
	rest := slices.DeleteFunc(slices.Clone(p.pages), begins)
	for _, page := range p.pages {
		if !page.begins {
			continue
		}
		all := []*Page{page}
		all, rest = p.before(all, rest)
		rest = p.chain(all, rest)
	}
	for _, page := range rest {
		p.unplaced(page)
	}
	p.checkCounts()
	p.lists.end(p.b)
}

// before puts the pages of a zone before the one with its SOA: they have what else its apex has.
func (p *Pages) before(all, rest []*Page) (chain, left []*Page) {
	soa := all[0]
	for {
		at := slices.IndexFunc(rest, func(page *Page) bool {
			return page.more != nil && same(page.first.Name, soa.Zone) && same(page.last.Name, soa.Zone) && page.leadsTo(all[0], soa.Zone, page.more.Before)
		})
		if at < 0 {
			return all, rest
		}
		p.place(rest[at], soa.Zone)
		all, rest = slices.Insert(all, 0, rest[at]), slices.Delete(rest, at, at+1)
	}
}

// chain puts the pages of a zone together, from those that are known on, and returns the rest of
// those that wait.
func (p *Pages) chain(all, rest []*Page) []*Page {
	zone, guessed, sets := all[0].Zone, false, 0
	for _, page := range all {
		sets += page.sets
	}
	for page := all[len(all)-1]; page.more != nil; {
		next := p.next(page, rest, sets)
		if next == nil {
			p.missing(zone, page)
			return rest
		}
		guessed = guessed || !page.says()
		rest = slices.DeleteFunc(rest, func(other *Page) bool { return other == next })
		p.place(next, zone)
		all, sets, page = append(all, next), sets+next.sets, next
	}
	if guessed && !p.complete(zone) {
		checkNumbers(p.b, zone, all)
	}
	return rest
}

// next returns the page behind another one of a zone; nil where none can be told. Those that say
// that more follow come before the last one.
func (p *Pages) next(page *Page, rest []*Page, before int) *Page {
	zone := page.Zone
	var middle, last []*Page
	for _, other := range rest {
		switch {
		case !page.leadsTo(other, zone, before):
		case other.more != nil:
			middle = append(middle, other)
		default:
			last = append(last, other)
		}
	}
	all := append(middle, last...)
	if len(all) == 0 || !page.says() && (len(last) > 1 || p.others(zone, all[0])) {
		return nil
	}
	return all[0]
}

// others reports whether a page that does not say its zone may be one of another zone that has
// pages without the last one.
func (p *Pages) others(zone string, page *Page) bool {
	return page.Zone == "" && slices.ContainsFunc(p.pages, func(first *Page) bool {
		return first.begins && first.more != nil && !first.says() && !same(first.Zone, zone) && page.in(first.Zone)
	})
}

// place gives to the builder what waited for its zone.
func (p *Pages) place(page *Page, zone string) {
	page.Zone = zone
	for _, one := range page.held {
		one.Zone = zone
		Add(p.b, one.RRset, one.at)
		p.count(zone)
	}
	page.held = nil
}

// missing notes that the page behind one is not read.
func (p *Pages) missing(zone string, page *Page) {
	below, from := ".", "is on the others"
	if origin, err := holdings.CanonicalName(zone); err == nil && zone != "" {
		below = dnsname.Lower(origin)
	}
	if next := page.more.Next.Name; next != "" {
		from = "is from " + dnsname.TrimDot(next) + " on"
	}
	p.b.UnreadBelow(below, page.more.At, "%s says that this is one page of several, and none that is read follows: what %s may lead anywhere: give all pages together", page.more.Member, from)
}

// unplaced gives to the builder a page of which the first one is not read.
func (p *Pages) unplaced(page *Page) {
	zone := page.Zone
	p.place(page, zone)
	switch {
	case len(page.zones) > 0:
		p.claim(page)
	case page.sets > 0:
		p.b.Unread(page.at, "there is no SOA among the record sets: which names their zone hides cannot be told")
	}
	if page.more != nil {
		p.missing(zone, page)
	}
}

// claim claims the zones that the record sets of a page say they are in. A list without their SOA
// is one of a single type.
func (p *Pages) claim(page *Page) {
	for _, zone := range slices.Sorted(maps.Keys(page.zones)) {
		at := page.zones[zone]
		Zone(p.b, zone, at)
		Private(p.b, zone, at)
		if origin, err := holdings.CanonicalName(zone); err == nil && page.more == nil {
			p.b.UnreadBelow(origin, at, "zone %s is listed without its SOA, as a list of one type is: what it has of other types, such as AAAA and CNAME, is not known: audit what record-set list prints, which has all types", dnsname.TrimDot(origin))
		}
	}
}
