package gcp

import (
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
)

// both are the rules of exports of ours, of which the script and the JSON have the same ones: one of
// the two is loaded, and it is not known which.
type both struct {
	b              *holdings.Builder
	listed, script map[string]holdings.Place // by the names of the rules
}

// bothOf returns the rules of all files that give to a builder.
func bothOf(b *holdings.Builder) *both {
	return holdings.Shared(b, "rules of ours", func() *both {
		return &both{b, make(map[string]holdings.Place), make(map[string]holdings.Place)}
	})
}

// End notes rules that only one of the two has.
func (p *both) End() {
	if len(p.listed) == 0 || len(p.script) == 0 {
		return
	}
	p.lacks(p.listed, p.script, "the script beside it")
	p.lacks(p.script, p.listed, "the JSON beside it")
}

// lacks notes rules that others lack, of the exports whose rules those are.
func (p *both) lacks(some, others map[string]holdings.Place, what string) {
	prefixes := make(map[string]bool)
	for name := range others {
		prefixes[prefixOf(name)] = true
	}
	for _, name := range slices.Sorted(maps.Keys(some)) {
		if _, there := others[name]; !there && prefixes[prefixOf(name)] {
			p.b.Unread(some[name], "rule %q is not in %s: which of the two was loaded, is not known", name, what)
		}
	}
}

// prefixOf returns what the names of all rules of an export begin with, such as auralink-1a2b3c.
func prefixOf(name string) string {
	parts := strings.SplitN(name, "-", 3)
	if len(parts) < 3 || parts[0] != "auralink" {
		return ""
	}
	return parts[1]
}
