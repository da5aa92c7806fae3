package holdings

import (
	"cmp"
	"iter"
	"slices"
	"strings"
)

// ending is what all names with a suffix have. The suffix may begin within a label.
type ending struct {
	text string // lower-case, with the final dot
	row  row
}

// AddEnding adds what all names have that end with a lower-case text with a final dot, but
// for those with an entry of their own, and those that are at or below the origin of a claim
// that is longer than the text. Of several texts the longest counts.
func (b *Builder) AddEnding(text string, d Data, at Place) {
	if !b.idle {
		r := row{key: keyOf("*" + text), data: b.intern(d), claim: noClaim, part: b.part(at.File, ""), line: int32(at.Line)}
		b.endings = append(b.endings, ending{text, r})
	}
}

// sortEndings puts the longest texts first.
func sortEndings(all []ending) []ending {
	slices.SortFunc(all, func(a, b ending) int {
		return cmp.Or(cmp.Compare(len(b.text), len(a.text)), strings.Compare(a.text, b.text))
	})
	return all
}

// Endings returns the texts that were added, the longest first.
func (s *Set) Endings() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, e := range s.endings {
			if !yield(e.text) {
				return
			}
		}
	}
}

// ended returns the entry of the text with which a name ends, if nothing closer has it.
func (s *Set) ended(k key, closest *Claim) (Entry, bool) {
	if len(s.endings) == 0 {
		return Entry{}, false
	}
	if _, there := s.findIn(k); there {
		return Entry{}, false
	}
	name := k.name()
	for i := range s.endings {
		e := &s.endings[i]
		if closest != nil && len(closest.Origin) >= len(e.text) {
			break
		}
		if strings.HasSuffix(name, e.text) {
			return Entry{set: s, row: &e.row}, true
		}
	}
	return Entry{}, false
}
