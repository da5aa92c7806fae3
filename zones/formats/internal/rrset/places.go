package rrset

import (
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// Places are names that have RRsets for clients of some places alone, until one for all
// others is seen.
type Places struct {
	b   *holdings.Builder
	all map[string]*place
}

// place is where such an RRset was read first, and whether there is one for all others.
type place struct {
	name   string
	at     holdings.Place
	others bool
}

// everywhere is the place of the RRset for all others.
const everywhere = "*"

// NewPlaces returns what notes places to a builder. [Places.End] must be called at the end.
func NewPlaces(b *holdings.Builder) Places { return Places{b, make(map[string]*place)} }

// See notes an RRset that is for the clients of a place, which is "*" for all others.
func (p Places) See(name, kind, where string, at holdings.Place) {
	canonical, err := holdings.CanonicalName(name)
	if err != nil {
		return
	}
	key := canonical + " " + kind
	if p.all[key] == nil {
		p.all[key] = &place{name: canonical, at: at}
	}
	p.all[key].others = p.all[key].others || where == everywhere
}

// End notes the names that have no answer for the clients of other places.
func (p Places) End() {
	for _, key := range slices.Sorted(maps.Keys(p.all)) {
		if one := p.all[key]; !one.others {
			p.b.UnreadBelow(strings.TrimPrefix(one.name, "*."), one.at,
				"%s has records for clients in some places alone: those in others have no answer", dnsname.TrimDot(one.name))
		}
	}
}
