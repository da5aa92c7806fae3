package zonefile

import (
	"slices"
	"strings"
)

// special returns an entry in which @Z and @F, by themselves or as the last label of a name, are the
// zone and what names in the file are relative to at its beginning, as gdnsd has them.
func (m *master) special(e entry) entry {
	if m.loading == nil || m.loading.server != GDNSD {
		return e
	}
	stand := map[string]string{"@Z": m.loading.origin, "@F": m.outset}
	for i, word := range e.words {
		at := strings.LastIndexByte(word, '@')
		name, is := stand[strings.ToUpper(word[max(at, 0):])]
		if !is || i < len(e.quoted) && e.quoted[i] || at > 0 && word[at-1] != '.' {
			continue
		}
		e.words = slices.Clone(e.words)
		if e.words[i] = word[:at] + name; name == "." {
			e.words[i] = word[:max(at-1, 0)] + name
		}
	}
	return e
}

// dynamic are records of gdnsd whose answers a plugin makes.
var dynamic = map[string]bool{"DYNA": true, "DYNC": true}
