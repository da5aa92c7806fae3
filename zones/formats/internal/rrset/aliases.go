package rrset

import (
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// Aliases are the aliases of Route 53, of which each is for one type of records alone.
type Aliases struct {
	b   *holdings.Builder
	all map[string]map[string]holdings.Place // by name and then by type
}

// NewAliases returns what notes aliases to a builder. [Aliases.End] must be called at the end.
func NewAliases(b *holdings.Builder) Aliases {
	return Aliases{b, make(map[string]map[string]holdings.Place)}
}

// Of returns the RRset that an alias makes of one without data. Only one for addresses, or
// for all types, leads a client to its target.
func (a Aliases) Of(r RRset, target string, at holdings.Place) RRset {
	kind := strings.ToUpper(r.Type)
	switch kind {
	case "A", "AAAA":
		if name, err := holdings.CanonicalName(r.Name); err == nil {
			if a.all[name] == nil {
				a.all[name] = make(map[string]holdings.Place)
			}
			a.all[name][kind] = at
		}
	case "", "CNAME", "ALIAS", Unknown:
	default:
		r.Values = nil // the name exists
		return r
	}
	r.Type, r.Values = "ALIAS", []string{target}
	return r
}

// End notes the names of which an alias is for IPv6 addresses alone.
func (a Aliases) End() {
	for _, name := range slices.Sorted(maps.Keys(a.all)) {
		if _, has := a.all[name]["A"]; !has {
			a.b.UnreadBelow(strings.TrimPrefix(name, "*."), a.all[name]["AAAA"],
				"%s has an alias for AAAA, and none for A: what has no IPv6 gets no address", dnsname.TrimDot(name))
		}
	}
}
