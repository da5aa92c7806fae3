package rrset

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// Routing is what tells whether Route 53 takes a record set.
type Routing struct {
	Name, Type string
	// Identifier is what tells it from others of that name and type; "" for none.
	Identifier string
	// Policies are its routing policies, by their names.
	Policies []string
	// Records, Alias and TTL say what it has.
	Records, Alias, TTL bool
}

// Routed are record sets of Route 53 that are to be made, by zone, name and type.
type Routed struct {
	b    *holdings.Builder
	by   string // who makes them
	sets map[string][]Routing
}

// NewRouted returns what notes to a builder the record sets that Route 53 refuses. By is who asks it to
// make them: one that is refused takes all others with it.
func NewRouted(b *holdings.Builder, by string) Routed {
	return Routed{b, by, make(map[string][]Routing)}
}

// See notes a record set of a zone, if Route 53 refuses it. What is not known of it may be right.
func (r Routed) See(zone string, set Routing, at holdings.Place) {
	name, err := holdings.CanonicalName(set.Name)
	if err != nil || set.Name == Unknown || set.Type == Unknown || set.Identifier == Unknown {
		return
	}
	key := zone + " " + name + " " + set.Type
	why := set.Refused()
	if why == "" {
		why = set.clashes(r.sets[key])
	}
	if why != "" {
		r.b.NotMade(strings.TrimPrefix(name, "*."), at, "the %s of %s %s: Route 53 refuses it, and %s makes nothing of what is given with it", set.Type, dnsname.TrimDot(name), why, r.by)
		return
	}
	r.sets[key] = append(r.sets[key], set)
}

// Refused returns why Route 53 refuses a record set by itself, or "".
func (s Routing) Refused() string {
	switch {
	case s.Type != strings.ToUpper(s.Type):
		return "has a type that is not in capital letters"
	case len(s.Policies) > 1:
		slices.Sort(s.Policies)
		return "has several routing policies, " + strings.Join(s.Policies, " and ")
	case len(s.Policies) == 1 && s.Identifier == "":
		return "has a routing policy, " + s.Policies[0] + ", and no set identifier"
	case len(s.Policies) == 0 && s.Identifier != "":
		return "has a set identifier and no routing policy"
	case s.Records && !s.TTL && !s.Alias:
		return "has records and no TTL"
	case s.Alias && s.Records:
		return "has both records and an alias"
	case s.Alias && s.TTL:
		return "has both a TTL and an alias"
	default:
		return ""
	}
}

// clashes returns why Route 53 does not take a record set beside others of its name and type, or "".
func (s Routing) clashes(others []Routing) string {
	for _, other := range others {
		switch {
		case other.Identifier == s.Identifier:
			return "is made twice"
		case !slices.Equal(other.Policies, s.Policies):
			return "has another routing policy than others of that name and type"
		}
	}
	return ""
}
