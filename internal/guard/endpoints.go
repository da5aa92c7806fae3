package guard

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
)

// nowhere is the region of a name that a table does not have.
const nowhere int32 = -1

// flow is how many names of custom endpoints are in one region before and in one
// after.
type flow struct {
	from, to int32 // indexes of regions, or nowhere
	names    int
	first    []string // the labels of the first few
}

// flows compares two tables of custom endpoints. All VPCs are judged by the
// result: it has as many items as there are pairs of regions between which names
// go, and not as many as there are names. No name is made for it.
func flows(before, after *zones.EndpointTable) []flow {
	c := collector{at: make(map[[2]int32]int), last: -1, before: before, after: after, old: newOwners(before), wanted: newOwners(after)}
	olds, news := before.Endpoints, after.Endpoints
	for len(olds) > 0 && len(news) > 0 {
		switch o, n := olds[0], news[0]; {
		case o.Label == n.Label:
			c.stays(o, n.Region)
			olds, news = olds[1:], news[1:]
		case o.Label < n.Label:
			c.goes(o)
			olds = olds[1:]
		default:
			c.comes(n)
			news = news[1:]
		}
	}
	for _, o := range olds {
		c.goes(o)
	}
	for _, n := range news {
		c.comes(n)
	}
	return c.flows
}

// collector makes flows.
type collector struct {
	before, after *zones.EndpointTable
	old, wanted   *owners
	flows         []flow
	at            map[[2]int32]int // index into flows
	last          int              // index of the last one that was added to, or -1
}

// add counts names; the label, if there is one, is an example of them.
func (c *collector) add(from, to int32, names int, label string) {
	f := c.flow(from, to)
	f.names += names
	if label != "" && len(f.first) < MaxNamed {
		f.first = append(f.first, label)
	}
}

// flow returns the flow between two regions.
func (c *collector) flow(from, to int32) *flow {
	if c.last >= 0 && c.flows[c.last].from == from && c.flows[c.last].to == to {
		return &c.flows[c.last]
	}
	at, there := c.at[[2]int32{from, to}]
	if !there {
		at = len(c.flows)
		c.at[[2]int32{from, to}] = at
		c.flows = append(c.flows, flow{from: from, to: to})
	}
	c.last = at
	return &c.flows[at]
}

// stays counts the names of an endpoint that is declared on both sides. Its further
// names go with it: one that is declared itself is in the same region, or the
// topology is invalid.
func (c *collector) stays(e zones.Endpoint, to int32) {
	names := 1 + len(c.before.Prefixes)
	if len(c.before.Both) > 0 {
		names = 1
		for _, prefix := range c.before.Prefixes {
			if !isDeclared(c.before, prefix, e.Label) {
				names++
			}
		}
	}
	c.add(e.Region, to, names, e.Label)
}

// goes counts the names of an endpoint that is not declared any more.
func (c *collector) goes(e zones.Endpoint) {
	to := c.wanted.madeOf(e.Label)
	c.add(e.Region, to, 1, e.Label)
	for i, prefix := range c.before.Prefixes {
		if isDeclared(c.before, prefix, e.Label) {
			continue
		}
		other, example := c.wanted.prefixed(i, e.Label), ""
		if other != to {
			example = prefix + e.Label
		}
		c.add(e.Region, other, 1, example)
	}
}

// comes counts those names of an endpoint that is declared now that did not exist
// before.
func (c *collector) comes(e zones.Endpoint) {
	if c.old.madeOf(e.Label) == nowhere {
		c.add(nowhere, e.Region, 1, e.Label)
	}
	for i, prefix := range c.after.Prefixes {
		if !isDeclared(c.after, prefix, e.Label) && c.old.prefixed(i, e.Label) == nowhere {
			c.add(nowhere, e.Region, 1, "")
		}
	}
}

// isDeclared reports whether a further name of an endpoint is declared itself,
// and is counted there.
func isDeclared(table *zones.EndpointTable, prefix, label string) bool {
	return len(table.Both) > 0 && table.Both[prefix+label]
}

// owners says in which region of a table labels are that it does not declare. They
// must be asked for in order: to find a million of them takes one pass.
type owners struct {
	prefixes []string
	bases    []cursor // by prefix: the labels from which it makes others
	behind   []cursor // by prefix: what is behind it in the labels that begin with it
}

func newOwners(table *zones.EndpointTable) *owners {
	o := &owners{prefixes: table.Prefixes}
	for _, prefix := range table.Prefixes {
		o.bases = append(o.bases, cursor{endpoints: table.Endpoints})
		o.behind = append(o.behind, cursor{endpoints: beginning(table.Endpoints, prefix), cut: len(prefix)})
	}
	return o
}

// madeOf returns the region of the endpoint from which a prefix makes a label.
func (o *owners) madeOf(label string) int32 {
	base, prefix := dnsname.CutPrefix(label, o.prefixes)
	if prefix < 0 {
		return nowhere
	}
	region, _ := o.bases[prefix].find(base)
	return region
}

// prefixed returns the region of a prefix and a label that is not declared.
func (o *owners) prefixed(prefix int, label string) int32 {
	region, _ := o.behind[prefix].find(label)
	return region
}

// cursor finds endpoints by their labels, less the first few octets, which are the
// same in all of them.
type cursor struct {
	endpoints []zones.Endpoint // that are left
	cut       int
}

// find returns the region of the endpoint with a label, and whether there is one.
// The labels of all calls must be in order.
func (c *cursor) find(label string) (int32, bool) {
	for len(c.endpoints) > 0 && c.endpoints[0].Label[c.cut:] < label {
		c.endpoints = c.endpoints[1:]
	}
	if len(c.endpoints) == 0 || c.endpoints[0].Label[c.cut:] != label {
		return nowhere, false
	}
	return c.endpoints[0].Region, true
}

// beginning returns the endpoints whose labels begin with a prefix.
func beginning(sorted []zones.Endpoint, prefix string) []zones.Endpoint {
	compare := func(e zones.Endpoint, label string) int { return strings.Compare(e.Label, label) }
	from, _ := slices.BinarySearchFunc(sorted, prefix, compare)
	length, _ := slices.BinarySearchFunc(sorted[from:], prefix, func(e zones.Endpoint, prefix string) int {
		if strings.HasPrefix(e.Label, prefix) {
			return -1
		}
		return 1
	})
	return sorted[from : from+length]
}
