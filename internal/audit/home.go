package audit

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/topology"
)

// home is where a name lives, by all that a topology says of it.
type home struct {
	kind kind
	// regions are those in which the name may live: several mean that the topology
	// does not say in which of them.
	regions []string
	// whole says that the topology has this very name, or that it is the wildcard for
	// names that the topology has: it is judged even where a set has nothing for it.
	whole bool
}

// declared reports whether a name is one that a topology has, or below one.
func (h home) declared() bool { return h.kind == endpoint || h.kind == orchestra || h.kind == extra }

// kind is what a name is to a topology.
type kind uint8

const (
	foreign    kind = iota // nothing: neither the topology's nor Aura's
	endpoint               // a name of a declared custom endpoint, or below one
	undeclared             // a name of an endpoint that is not declared, or below one
	orchestra              // an orchestra's name, or below it
	extra                  // an extra name, or below an extra wildcard
	parent                 // what an extra wildcard or the endpoints are below, which no region has
	shared                 // where the instances of all regions have their public names
	public                 // a name of Aura's that is always public
	aura                   // any other name of Aura's
)

// homes finds the homes of names.
type homes struct {
	topology   *topology.Topology
	orchestras map[string]string   // regions by name
	singles    map[string]string   // likewise, of extra names
	wildcards  map[string][]string // likewise, by the parents of extra wildcards
	linked     []string            // regions
	alone      [][]string          // each region by itself, by its index
}

func newHomes(t *topology.Topology, linked []string) homes {
	h := homes{
		topology: t, linked: linked,
		orchestras: make(map[string]string), singles: make(map[string]string), wildcards: make(map[string][]string),
	}
	for _, r := range t.Regions {
		h.alone = append(h.alone, []string{r.Name})
		for _, host := range r.Orchestras {
			h.orchestras[host] = r.Name
		}
		for _, name := range r.ExtraNames {
			if parent, wildcard := strings.CutPrefix(name, "*."); wildcard {
				h.wildcards[parent] = append(h.wildcards[parent], r.Name)
			} else {
				h.singles[name] = r.Name
			}
		}
	}
	return h
}

// of returns the home of an absolute, lower-case name; of a wildcard it is that of
// the names below its parent that have no records of their own.
func (h homes) of(name string) home {
	if label, ok := strings.CutSuffix(name, "."+topology.EndpointsOrigin); ok {
		return h.ofEndpoint(label)
	}
	if found, ok := h.ofDeclared(name); ok {
		return found
	}
	switch {
	case name == topology.EndpointsOrigin:
		return home{kind: parent, regions: h.linked}
	case h.wildcards[name] != nil:
		return home{kind: parent, regions: h.wildcards[name]}
	case slices.Contains(topology.PublicNames(), name):
		return home{kind: public, whole: true}
	}
	for _, above := range topology.SharedNames() {
		if dnsname.AtOrBelow(name, above) {
			return home{kind: shared, whole: name == "*."+above}
		}
	}
	if dnsname.Below(name, auraname.Origin) {
		return home{kind: aura, whole: name == "*."+auraname.Origin}
	}
	return home{}
}

// ofEndpoint returns the home of a name below the parent of all custom endpoints. An
// undeclared one may live in any region that is linked.
func (h homes) ofEndpoint(name string) home {
	label := name[strings.LastIndexByte(name, '.')+1:]
	self, base := topology.BaseLabels(label)
	for _, declared := range []string{self, base} {
		if e, ok := topology.FindEndpoint(h.topology.Endpoints, declared); ok {
			return home{kind: endpoint, regions: h.alone[e.Region], whole: name == label}
		}
	}
	return home{kind: undeclared, regions: h.linked, whole: name == "*"}
}

// ofDeclared returns the home of a name that is at or below what a region has: the
// closest counts, and a name is closer than a wildcard.
func (h homes) ofDeclared(name string) (home, bool) {
	if region, ok := h.singles[name]; ok {
		return home{kind: extra, regions: []string{region}, whole: true}, true
	}
	for above := range dnsname.Upwards(name) {
		if region, ok := h.orchestras[above]; ok {
			return home{kind: orchestra, regions: []string{region}, whole: name == above || name == "*."+above}, true
		}
		if regions := h.wildcards[above]; regions != nil && name != above {
			return home{kind: extra, regions: regions, whole: name == "*."+above}, true
		}
	}
	return home{}, false
}
