package diff

import (
	"strings"

	"github.com/auralink/auralink/internal/holdings"
)

// Flip is a family of names that changes between a wildcard and individual
// records.
type Flip struct {
	// Family is the names' parent, as an absolute name.
	Family string
	// ToWildcard says that the wildcard is what is wanted.
	ToWildcard bool
	// Names is how many individual records the family has on the side without
	// the wildcard.
	Names int
}

// addFlip notes the flip of which a change is part, and reports whether it is.
func (r *Report) addFlip(c Change) bool {
	family, wildcard := strings.CutPrefix(c.Name, "*.")
	if !wildcard || c.Kind != Added && c.Kind != Removed {
		return false
	}
	f := Flip{Family: family, ToWildcard: c.Kind == Added}
	without := r.after.Set
	if f.ToWildcard {
		without = r.before.Set
	}
	f.Names = namesBelow(without, family)
	// A plan may want individual records of which there are none yet.
	if f.Names == 0 && (f.ToWildcard || !claims(without, family)) {
		return false
	}
	r.Flips = append(r.Flips, f)
	return true
}

// namesBelow returns how many names with addresses a set has below another name.
func namesBelow(s *holdings.Set, name string) int {
	n := 0
	for e := range s.Below(name) {
		if answers(e) {
			n++
		}
	}
	return n
}

// claims reports whether a set has a claim at exactly that name.
func claims(s *holdings.Set, name string) bool {
	for c := range s.Claims() {
		if c.Origin == name {
			return true
		}
	}
	return false
}
