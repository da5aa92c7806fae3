package holdings

import (
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
)

// part is a file, or one of several zones that it has.
type part struct{ file, origin string }

// part returns the index of a part of a file. That with the origin "" is of all that is in
// none of its zones, or of which it is not known in which.
func (b *Builder) part(file, origin string) int32 {
	wanted := part{file, origin}
	if file == "" && origin == "" {
		return noPart
	}
	if wanted == b.newest {
		return b.at
	}
	at, there := b.parts[wanted]
	if !there {
		at = int32(len(b.names))
		b.parts[wanted] = at
		b.names = append(b.names, file)
	}
	b.newest, b.at = wanted, at
	return at
}

// hasZone notes that a part has a zone.
func (b *Builder) hasZone(part int32, origin string) {
	if k := keyOf(origin); !slices.Contains(b.apexes[part], k) {
		b.apexes[part] = append(b.apexes[part], k)
	}
}

// zones returns the apexes of all zones, if several parts have some.
func (b *Builder) zones() map[key]bool {
	all := make(map[key]bool)
	if len(b.apexes) > 1 {
		for _, its := range b.apexes {
			for _, k := range its {
				all[k] = true
			}
		}
	}
	return all
}

// hidden reports whether an entry is of a zone below which another part has a zone of its
// own that is closer to the name: servers answer from the closest zone alone, whatever it
// lacks. The parameter own has the apexes of the entry's part, and all those of all parts.
func hidden(k key, own []key, all map[key]bool) bool {
	for at := range k.upToRoot() {
		if all[at] {
			return !slices.Contains(own, at) && slices.ContainsFunc(own, func(its key) bool { return at.below(its) })
		}
	}
	return false
}

// Identify notes by what a zone of clouds is told from others of its name; the origin is an
// absolute, lower-case name. Each network sees one of these alone: where there are two, it
// is not known from which of them clients are answered.
func (b *Builder) Identify(origin, identity string, at Place) {
	all := b.identities[origin]
	if slices.Contains(all, identity) {
		return
	}
	b.identities[origin] = append(all, identity)
	if len(all) > 0 {
		b.UnreadBelow(origin, at, "there are two zones %s, and a network sees one of them alone: which one, is not known", dnsname.TrimDot(origin))
	}
}
