package zones

import (
	"iter"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
)

// Rule is what is answered at one name and at the names below it. Below a name that has
// a rule of its own, that rule holds.
type Rule struct {
	// Name is absolute and lower-case.
	Name string
	// At is for the name itself, Below for all that is below it.
	At, Below Ruling
	// Implied says that the rule above says the same.
	Implied bool
}

// Ruling is what is answered to questions for addresses.
type Ruling struct {
	Outcome Outcome
	// Addresses are those of an outcome that is Positive.
	Addresses
}

// Uniform reports whether a rule leads to the same addresses at the name and
// below it.
func (r Rule) Uniform() bool {
	return r.At.Outcome == Positive && r.Below.Outcome == Positive && slices.Equal(r.At.Addrs, r.Below.Addrs)
}

// Rules returns a view as one flat list, for systems that know no zones: the
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
func (v View) Rules() iter.Seq[Rule] {
	return func(yield func(Rule) bool) {
		for _, r := range v.ZoneRules() {
			if !yield(r) {
				return
			}
		}
		for _, zone := range v.Zones {
			if zone.Endpoints == nil {
				continue
			}
			for owner := range zone.All() {
				if !yield(Rule{Name: owner.Name, At: Ruling{Outcome: Positive, Addresses: owner.Addresses}}) {
					return
				}
			}
		}
	}
}

// ZoneRules returns the rules of all zones without individual records, in
// canonical order.
func (v View) ZoneRules() []Rule {
	t := newRuleTree(v)
	rules := make([]Rule, 0, len(t.names))
	for name := range t.names {
		if r := t.rule(name); r.At.Outcome != NotOurs || r.Below.Outcome != NotOurs {
			rules = append(rules, r)
		}
	}
	slices.SortFunc(rules, func(a, b Rule) int { return dnsname.Compare(a.Name, b.Name) })
	return rules
}

// Between returns, by the origins of zones, what their wildcards stand for at the names
// between a zone and another one below it, and below such names. A zone means the same
// with these owners as without. NSD needs them: for it such a name exists, because of
// the zone below, and no wildcard covers it.
func (v View) Between() map[string][]Owner {
	t := newRuleTree(v)
	between := make(map[string][]Owner)
	for name, exists := range t.names {
		r := t.rule(name)
		zone, inside := t.nearest(name)
		if exists || !inside || r.At.Outcome != Positive {
			continue
		}
		between[zone.Origin] = append(between[zone.Origin],
			Owner{Name: name, Addresses: r.At.Addresses}, Owner{Name: "*." + name, Addresses: r.At.Addresses})
	}
	for _, owners := range between {
		slices.SortFunc(owners, func(a, b Owner) int { return strings.Compare(a.Name, b.Name) })
	}
	return between
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
		for name := zone.Origin; t.covers(name); name = dnsname.Parent(name) {
			if _, known := t.names[name]; !known {
				t.names[name] = false // between two zones, if nothing else
			}
		}
		t.names[zone.Origin] = true
		for _, owner := range zone.Owners {
			t.owners[owner.Name] = owner.Addresses
			for name := strings.TrimPrefix(owner.Name, "*."); name != zone.Origin; name = dnsname.Parent(name) {
				t.names[name] = true
			}
		}
	}
	return t
}

// rule returns what is answered at and below one of the tree's names.
func (t *ruleTree) rule(name string) Rule {
	r := Rule{Name: name, At: Ruling{Outcome: NoData}, Below: t.below(name)}
	addresses, owner := t.owners[name]
	switch {
	case owner:
		r.At = Ruling{Outcome: Positive, Addresses: addresses}
	case !t.names[name]:
		r.At, r.Implied = r.Below, true
	}
	return r
}

// below returns what is answered below one of the tree's names.
func (t *ruleTree) below(name string) Ruling {
	if wildcard, ok := t.owners["*."+name]; ok {
		return Ruling{Outcome: Positive, Addresses: wildcard}
	}
	zone, _ := t.nearest(name)
	switch {
	case zone.SingleName() && !t.belowWildcard(zone.Origin):
		return Ruling{} // not the view's to say
	case t.names[name]:
		return Ruling{Outcome: NXDomain}
	default: // only a zone below makes the name one of the tree's
		return t.below(dnsname.Parent(name))
	}
}

// nearest returns the zone at or above a name whose origin is the longest.
func (t *ruleTree) nearest(name string) (Zone, bool) { return dnsname.Closest(t.zones, name) }

// covers reports whether a name is at or below a zone.
func (t *ruleTree) covers(name string) bool {
	_, ok := t.nearest(name)
	return ok
}

// belowWildcard reports whether a zone lies below one with more than one name:
// what is below the zone would be that one's.
func (t *ruleTree) belowWildcard(origin string) bool {
	for {
		zone, ok := t.nearest(dnsname.Parent(origin))
		if !ok || !zone.SingleName() {
			return ok
		}
		origin = zone.Origin
	}
}
