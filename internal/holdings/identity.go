package holdings

import (
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
)

// mention is an identity of a zone by which something refers to it, and where.
type mention struct {
	identity string
	at       Place
}

// Identify notes the identity of a cloud's zone, which tells it from others of its name: its id,
// or where it has none, words with a blank among them that say where it is made. The origin is
// an absolute, lower-case name. Each network sees one of these alone: where there are two, it is
// not known from which of them clients are answered.
func (b *Builder) Identify(origin, identity string, at Place) {
	all := b.identities[origin]
	if slices.Contains(all, identity) {
		return
	}
	b.identities[origin] = append(all, identity)
	if len(all) > 0 {
		b.twoZones(origin, at)
	}
}

// Refers notes the id of a zone to which something refers that has none of its records. A zone
// without an id may be that one.
func (b *Builder) Refers(origin, identity string, at Place) {
	if !b.idle {
		b.mentions[origin] = append(b.mentions[origin], mention{identity, at})
	}
}

// checkMentions notes what refers to another zone than the one whose records are read, by its id.
func (b *Builder) checkMentions() {
	for _, origin := range slices.Sorted(maps.Keys(b.mentions)) {
		ids := slices.DeleteFunc(slices.Clone(b.identities[origin]), func(identity string) bool { return strings.Contains(identity, " ") })
		for _, m := range b.mentions[origin] {
			if len(ids) > 0 && !slices.Contains(ids, m.identity) {
				b.twoZones(origin, m.at)
			}
			ids = append(ids, m.identity)
		}
	}
}

// twoZones is what is told of them.
const twoZones = "there are two zones %s, and a network sees one of them alone: which one, is not known"

func (b *Builder) twoZones(origin string, at Place) {
	b.UnreadBelow(origin, at, twoZones, dnsname.TrimDot(origin))
}
