package model_test

import (
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/zones"
)

// classes has a name for each class of names in the small world, with what a VPC
// is to be answered.
var classes = []struct {
	name string
	want func(f foundation, v vpc) outcome
}{
	{"production-orch-0000.neo4j.io", ofOrchestra(0)},
	{"abcd1234.production-orch-0000.neo4j.io", ofOrchestra(0)},
	{"production-orch-0001.neo4j.io", ofOrchestra(1)},
	{"p-c466fb81-f37e-0001.production-orch-0001.neo4j.io", ofOrchestra(1)},
	{"production-orch-9999.neo4j.io", left},

	{"foo.endpoints.neo4j.io", ofEndpoint("foo", 0)},
	{"a-foo.endpoints.neo4j.io", ofEndpoint("a-foo", 0)},
	{"d-foo.endpoints.neo4j.io", ofEndpoint("d-foo", 0)},
	{"a-a-foo.endpoints.neo4j.io", ofEndpoint("a-a-foo", 0)},
	{"bar.endpoints.neo4j.io", ofEndpoint("bar", 0)},
	{"b-bar.endpoints.neo4j.io", ofEndpoint("b-bar", 0)},
	{"e-foo.endpoints.neo4j.io", ofEndpoint("e-foo", 0)},
	{"x.foo.endpoints.neo4j.io", ofEndpoint("foo", 1)},
	{"y.x.nobody.endpoints.neo4j.io", ofEndpoint("nobody", 2)},
	{"endpoints.neo4j.io", ofEndpointsParent},

	{"any.example.org", ofExtraWildcard},
	{"x.example.org", ofExtraName},
	{"below.x.example.org", belowExtraName},
	{"example.org", ofExtraParent},

	{"neo4j.io", left},
	{"api.neo4j.io", left},
	{"org", left},
}

// outcome is what comes of a question for a name: addresses, or an answer of
// another kind.
type outcome struct {
	kind  zones.Outcome
	addrs []netip.Addr
}

var (
	notOurs = outcome{kind: zones.NotOurs}
	noName  = outcome{kind: zones.NXDomain}
	noData  = outcome{kind: zones.NoData}
)

// through returns the addresses of a link; without any the name is public DNS's.
func (v vpc) through(region int) outcome {
	addrs := v.links[region].addrs(region)
	if len(addrs) == 0 {
		return notOurs
	}
	return outcome{kind: zones.Positive, addrs: addrs}
}

// throughAny returns the addresses of the first link; it is for names that lead to
// all linked regions alike.
func (v vpc) throughAny(regions []int) outcome {
	return v.through(regions[slices.IndexFunc(regions, func(region int) bool { return v.links[region] != unlinked })])
}

func left(foundation, vpc) outcome { return notOurs }

func ofOrchestra(region int) func(foundation, vpc) outcome {
	return func(f foundation, v vpc) outcome {
		if region >= len(f.regions) || f.regions[region] != orchestra {
			return notOurs
		}
		return v.through(region)
	}
}

// ofEndpoint is for a label, or for a name so many labels below it. Where there
// are individual records, endpoints have nothing below them, and what is below
// one of another region is as much public DNS's as the endpoint itself.
func ofEndpoint(label string, below int) func(foundation, vpc) outcome {
	return func(f foundation, v vpc) outcome {
		declared := slices.IndexFunc(f.endpoints, func(e endpoint) bool { return slices.Contains(namesOf(e.label), label) })
		switch d := f.endpointsDecision(v); {
		case d.mode == plan.None:
			return notOurs
		case d.mode == plan.Wildcard:
			return v.throughAny(f.numbers())
		case declared < 0:
			return noName
		case below > 0 && v.links[f.endpoints[declared].region] != unlinked:
			return noName
		default:
			return v.through(f.endpoints[declared].region)
		}
	}
}

// namesOf returns the five labels of an endpoint.
func namesOf(label string) []string {
	return []string{label, "a-" + label, "b-" + label, "c-" + label, "d-" + label}
}

func ofEndpointsParent(f foundation, v vpc) outcome {
	if f.endpointsDecision(v).mode == plan.None {
		return notOurs
	}
	return noData
}

func ofExtraWildcard(f foundation, v vpc) outcome {
	if f.extraDecision(v).mode != plan.Wildcard {
		return notOurs
	}
	return v.throughAny(f.having(wildcard))
}

// ofExtraName is for the name that is declared beside the wildcard: it has its own
// region's addresses, or else the wildcard's.
func ofExtraName(f foundation, v vpc) outcome {
	if declared := f.having(single); len(declared) > 0 {
		return v.through(declared[0])
	}
	return ofExtraWildcard(f, v)
}

// belowExtraName is for a name that a wildcard does not cover where the name above
// exists. Without the wildcard that is a zone of a single name.
func belowExtraName(f foundation, v vpc) outcome {
	if len(f.having(single)) == 0 || f.extraDecision(v).mode != plan.Wildcard {
		return ofExtraWildcard(f, v)
	}
	return noName
}

func ofExtraParent(f foundation, v vpc) outcome {
	if f.extraDecision(v).mode != plan.Wildcard {
		return notOurs
	}
	return noData
}

// numbers returns the numbers of all regions.
func (f foundation) numbers() []int {
	var numbers []int
	for region := range f.regions {
		numbers = append(numbers, region)
	}
	return numbers
}

// having returns the numbers of the regions with a content.
func (f foundation) having(c content) []int {
	return slices.DeleteFunc(f.numbers(), func(region int) bool { return f.regions[region] != c })
}
