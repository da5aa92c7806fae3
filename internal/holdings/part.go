package holdings

import "slices"

// part is a file, or one of several zones that it has, which may have the same name.
type part struct{ file, origin, identity string }

// part returns the index of a part of a file. The part with the origin ""
// has what is in none of the file's zones, or in one that is not known.
func (b *Builder) part(file, origin string) int32 { return b.partOf(part{file: file, origin: origin}) }

func (b *Builder) partOf(wanted part) int32 {
	file, origin := wanted.file, wanted.origin
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
		b.sourced.of = append(b.sourced.of, b.sourced.now)
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

// hidden reports whether a zone of another part is closer to the name of an entry, below the
// entry's own zone: servers answer from the closest zone alone, whatever it lacks. The
// parameter own has the apexes of the entry's part, and all those of all parts.
func hidden(k key, own []key, all map[key]bool) bool {
	for at := range k.upToRoot() {
		if all[at] {
			return !slices.Contains(own, at) && slices.ContainsFunc(own, func(its key) bool { return at.below(its) })
		}
	}
	return false
}
