package inventory

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/holdings"
)

// page is a document: what a tool prints at once, or one page of that.
type page struct {
	more        bool // there is another page after it
	unreachable bool // a region did not answer
	scopes      []scope
}

// scope is what is listed on pages together.
type scope struct {
	kind kind
	of   string // the account and region, as far as they are known
}

// of notes that the page has something of a kind, or could have.
func (p *page) of(k kind, of string) {
	if s := (scope{k, of}); !slices.Contains(p.scopes, s) {
		p.scopes = append(p.scopes, s)
	}
}

// pages are those of a scope.
type pages struct {
	cut  []holdings.Place // those that have another one after them
	last int              // how many have none
}

// page notes that a page was read.
func (b *Builder) page(p *page, at holdings.Place) {
	named := slices.ContainsFunc(p.scopes, func(s scope) bool { return s.of != "" })
	for _, s := range p.scopes {
		b.lists[s.kind] = true
		if s.of == "" && named {
			continue // the list's name, beside what is in it
		}
		its := b.pages[s]
		if its == nil {
			its = &pages{}
			b.pages[s] = its
		}
		if p.more {
			its.cut = append(its.cut, at)
		} else {
			its.last++
		}
	}
	if p.unreachable {
		b.notef("%s: a region did not answer, and what is there is not listed", at)
	}
}

// whole returns an error where the page is missing that comes after another one.
func (b *Builder) whole() error {
	var missing []string
	for s, its := range b.pages {
		if len(its.cut) == 0 || its.last > 0 {
			continue
		}
		if empty := b.pages[scope{kind: s.kind}]; empty != nil && empty.last > 0 {
			continue // the last page has nothing on it
		}
		missing = append(missing, fmt.Sprintf("%s has one page of the %s, and not the last one", its.cut[len(its.cut)-1], s.kind))
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	return hint.Add(fmt.Errorf("the output is truncated: %s", strings.Join(missing, "; ")),
		"list all: without --max-items, --no-paginate, --page-size or --limit; or give the other pages as well")
}
