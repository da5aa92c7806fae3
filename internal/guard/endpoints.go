package guard

import (
	"strings"

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
	c := collector{at: make(map[[2]int32]int)}
	wanted := newOwners(after)
	for _, e := range before.Endpoints {
		c.addOld(before, e, wanted)
	}
	old := newOwners(before)
	for _, e := range after.Endpoints {
		c.addNew(after, e, old)
	}
	return c.flows
}

// collector makes flows.
type collector struct {
	flows []flow
	at    map[[2]int32]int // index into flows
}

// add counts names; the label, if there is one, is an example of them.
func (c *collector) add(from, to int32, names int, label string) {
	at, there := c.at[[2]int32{from, to}]
	if !there {
		at = len(c.flows)
		c.at[[2]int32{from, to}] = at
		c.flows = append(c.flows, flow{from: from, to: to})
	}
	f := &c.flows[at]
	f.names += names
	if label != "" && len(f.first) < MaxNamed {
		f.first = append(f.first, label)
	}
}

// addOld counts the names of an endpoint before. Where it is declared after as
// well, its further names go with it: one that is declared itself is in the same
// region, or the topology is invalid.
func (c *collector) addOld(table *zones.EndpointTable, e zones.Endpoint, wanted *owners) {
	to, declared := wanted.declared.find(e.Label)
	if !declared {
		to = wanted.madeOf(e.Label)
	}
	c.add(e.Region, to, 1, e.Label)
	for i, prefix := range table.Prefixes {
		if isDeclared(table, prefix, e.Label) {
			continue
		}
		if declared {
			c.add(e.Region, to, 1, "")
			continue
		}
		other, example := wanted.prefixed(i, e.Label), ""
		if other != to {
			example = prefix + e.Label
		}
		c.add(e.Region, other, 1, example)
	}
}

// addNew counts those names of an endpoint after that did not exist before.
func (c *collector) addNew(table *zones.EndpointTable, e zones.Endpoint, old *owners) {
	if _, declared := old.declared.find(e.Label); declared {
		return // and so were its further names
	}
	if old.madeOf(e.Label) == nowhere {
		c.add(nowhere, e.Region, 1, e.Label)
	}
	for i, prefix := range table.Prefixes {
		if !isDeclared(table, prefix, e.Label) && old.prefixed(i, e.Label) == nowhere {
			c.add(nowhere, e.Region, 1, "")
		}
	}
}

// isDeclared reports whether a further name of an endpoint is declared itself,
// and is counted there.
func isDeclared(table *zones.EndpointTable, prefix, label string) bool {
	return len(table.Both) > 0 && table.Both[prefix+label]
}

// owners says in which region of a table labels are. They must be asked for in
// order: to find a million of them takes one pass.
type owners struct {
	prefixes []string
	declared cursor
	bases    []cursor // by prefix: the labels from which it makes others
	behind   []cursor // by prefix: what is behind it in the labels that begin with it
}

func newOwners(table *zones.EndpointTable) *owners {
	o := &owners{prefixes: table.Prefixes, declared: cursor{endpoints: table.Endpoints}}
	for _, prefix := range table.Prefixes {
		o.bases = append(o.bases, cursor{endpoints: table.Endpoints})
		o.behind = append(o.behind, cursor{endpoints: beginning(table.Endpoints, prefix), cut: len(prefix)})
	}
	return o
}

// madeOf returns the region of the endpoint from which a prefix makes a label.
func (o *owners) madeOf(label string) int32 {
	for i, prefix := range o.prefixes {
		if base, ok := strings.CutPrefix(label, prefix); ok {
			region, _ := o.bases[i].find(base)
			return region
		}
	}
	return nowhere
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
	from := 0
	for from < len(sorted) && sorted[from].Label < prefix {
		from++
	}
	to := from
	for to < len(sorted) && strings.HasPrefix(sorted[to].Label, prefix) {
		to++
	}
	return sorted[from:to]
}
