package zones

import (
	"cmp"
	"iter"
	"slices"
	"strings"
)

// verdict is what a view says of a name.
type verdict uint8

const (
	passes verdict = iota // nothing: the name is left to whatever else answers it
	noData                // it exists, and has no addresses
	noName                // it does not exist
	leads                 // it has addresses
)

// outcome is what is answered to questions for addresses.
type outcome struct {
	verdict
	Addresses // where it leads
}

// rule is what is answered at one name, and at every name below it that is not at
// or below another rule's.
type rule struct {
	name      string // absolute
	at, below outcome
	// implied says that the rule above says the same.
	implied bool
}

// uniform reports whether a rule leads to the same addresses at the name and
// below it.
func (r rule) uniform() bool {
	return r.at.verdict == leads && r.below.verdict == leads && slices.Equal(r.at.Addrs, r.below.Addrs)
}

// rules returns a view as one flat list, for systems that know no zones: the
// longest name at or above the one that is asked for decides. It means what the
// zones mean (RFC 4592): a name that exists, be it only because there are names
// below it, is not covered by a wildcard above it, and neither is what is below.
//
// Every name between two that have a rule has one as well. So it makes no
// difference whether a system takes the longest name that matches, or looks at
// the closest encloser, as for response policies some do and some do not.
//
// The rules come in canonical order (RFC 4034, section 6.1), but for individual
// records, which follow one by one and are not kept. They are not below a
// wildcard: no topology can say so.
func (v View) rules() iter.Seq[rule] {
	return func(yield func(rule) bool) {
		for _, r := range v.zoneRules() {
			if !yield(r) {
				return
			}
		}
		for _, zone := range v.Zones {
			if zone.Endpoints == nil {
				continue
			}
			for owner := range zone.All() {
				if !yield(rule{name: owner.Name, at: outcome{leads, owner.Addresses}}) {
					return
				}
			}
		}
	}
}

// zoneRules returns the rules of all zones without individual records.
func (v View) zoneRules() []rule {
	t := newRuleTree(v)
	rules := make([]rule, 0, len(t.names))
	for name := range t.names {
		if r := t.rule(name); r.at.verdict != passes || r.below.verdict != passes {
			rules = append(rules, r)
		}
	}
	slices.SortFunc(rules, func(a, b rule) int { return compareNames(a.name, b.name) })
	return rules
}

// ruleTree is a view's zones as a tree of names.
type ruleTree struct {
	zones  map[string]Zone      // by origin
	owners map[string]Addresses // by name, the wildcards' as well
	// names are the zones' own and all that are between a zone and one above it.
	// The value says that the name exists in its zone (RFC 4592, section 2.2).
	names map[string]bool
}

func newRuleTree(v View) *ruleTree {
	t := &ruleTree{zones: make(map[string]Zone), owners: make(map[string]Addresses), names: make(map[string]bool)}
	for _, zone := range v.Zones {
		if zone.Endpoints == nil {
			t.zones[zone.Origin] = zone
		}
	}
	for _, zone := range t.zones {
		for name := zone.Origin; t.covers(name); name = parent(name) {
			if _, known := t.names[name]; !known {
				t.names[name] = false // between two zones, if nothing else
			}
		}
		t.names[zone.Origin] = true
		for _, owner := range zone.Owners {
			t.owners[owner.Name] = owner.Addresses
			for name := strings.TrimPrefix(owner.Name, "*."); name != zone.Origin; name = parent(name) {
				t.names[name] = true
			}
		}
	}
	return t
}

// rule returns what is answered at and below one of the tree's names.
func (t *ruleTree) rule(name string) rule {
	r := rule{name: name, at: outcome{verdict: noData}, below: t.below(name)}
	addresses, owner := t.owners[name]
	switch {
	case owner:
		r.at = outcome{leads, addresses}
	case !t.names[name]:
		r.at, r.implied = r.below, true
	}
	return r
}

// below returns what is answered below one of the tree's names.
func (t *ruleTree) below(name string) outcome {
	if wildcard, ok := t.owners["*."+name]; ok {
		return outcome{leads, wildcard}
	}
	zone, _ := t.nearest(name)
	switch {
	case zone.SingleName() && !t.belowWildcard(zone.Origin):
		return outcome{} // not the view's to say
	case t.names[name]:
		return outcome{verdict: noName}
	default: // only a zone below makes the name one of the tree's
		return t.below(parent(name))
	}
}

// nearest returns the zone at or above a name whose origin is the longest.
func (t *ruleTree) nearest(name string) (Zone, bool) {
	for ; name != ""; name = parent(name) {
		if zone, ok := t.zones[name]; ok {
			return zone, true
		}
	}
	return Zone{}, false
}

// covers reports whether a name is at or below a zone.
func (t *ruleTree) covers(name string) bool {
	_, ok := t.nearest(name)
	return ok
}

// belowWildcard reports whether a zone lies below one with more than one name:
// what is below the zone would be that one's.
func (t *ruleTree) belowWildcard(origin string) bool {
	for {
		zone, ok := t.nearest(parent(origin))
		if !ok || !zone.SingleName() {
			return ok
		}
		origin = zone.Origin
	}
}

// parent returns an absolute name without its first label, and "" for one of a
// single label.
func parent(name string) string {
	_, rest, _ := strings.Cut(name, ".")
	return rest
}

// compareNames orders absolute names canonically: a name comes right before what
// is below it.
func compareNames(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	slices.Reverse(x)
	slices.Reverse(y)
	return cmp.Or(slices.Compare(x, y), strings.Compare(a, b))
}
