package rrset

import (
	"maps"
	"slices"

	"github.com/auralink/auralink/internal/holdings"
)

// lists are the pages of lists of something else than record sets, by what they list.
type lists map[string][]ListPage

// ListPage is a page of such a list.
type ListPage struct {
	// At is where it begins, and More where it says that another one follows; nil for the
	// last one.
	At   holdings.Place
	More *holdings.Place
	// From and To are with what the page and the next one were asked for; "" where the page does
	// not say it.
	From, To string
}

// List notes a page of a list of something else than record sets.
func (p *Pages) List(what string, page ListPage) { p.lists[what] = append(p.lists[what], page) }

// end notes the pages that are missing.
func (l lists) end(b *holdings.Builder) {
	for _, what := range slices.Sorted(maps.Keys(l)) {
		if at, which := missingOf(l[what]); at != nil {
			b.Unread(*at, "this is one page of several of %s, and the %s one is not read: what is on the others is not known: give all pages together", what, which)
		}
	}
}

// missingOf returns a page beside which one is missing, and which one that is; nil where all are
// there.
func missingOf(pages []ListPage) (at *holdings.Place, which string) {
	last := false
	for _, page := range pages {
		last = last || page.More == nil
		follows := func(other ListPage) bool { return other.From == page.To }
		leads := func(other ListPage) bool { return other.To == page.From }
		switch {
		case page.More != nil && page.To != "" && !slices.ContainsFunc(pages, follows):
			return page.More, "next"
		case page.From != "" && !slices.ContainsFunc(pages, leads):
			return &page.At, "previous"
		}
	}
	if last {
		return nil, ""
	}
	return pages[len(pages)-1].More, "last"
}
