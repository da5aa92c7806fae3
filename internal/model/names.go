package model

import (
	"iter"
	"slices"
	"strings"
)

// Declared iterates the names that the file declares one by one, each with its
// region. What it derives from an endpoint is among them; wildcards are not.
func (m Topology) Declared() iter.Seq2[string, string] {
	return func(yield func(name, region string) bool) {
		for _, r := range m.Regions {
			for _, orchestra := range r.Orchestras {
				if !yield(OrchestraHost(orchestra), r.Name) {
					return
				}
			}
			for _, extra := range r.Extra {
				if !strings.HasPrefix(extra, "*.") && !yield(extra, r.Name) {
					return
				}
			}
		}
		for _, e := range m.Endpoints {
			for _, label := range labelsOf(e) {
				if !yield(label+"."+endpointsParent, e.Region) {
					return
				}
			}
		}
	}
}

// labelsOf returns the five labels of an endpoint: its own, and what drivers and
// servers derive from it.
func labelsOf(e Endpoint) []string {
	return []string{e.Label, "a-" + e.Label, "b-" + e.Label, "c-" + e.Label, "d-" + e.Label}
}

// Names returns names to ask for: all that the file declares, and names beside,
// above and below them. They have no final dot.
func (m Topology) Names() []string {
	names := []string{
		endpointsParent, "undeclared." + endpointsParent, "x.undeclared." + endpointsParent,
		"neo4j.io", "api.neo4j.io", "console.neo4j.io", "production-orch-9999.neo4j.io",
	}
	around := func(host string) {
		_, parent, _ := strings.Cut(host, ".")
		names = append(names, host, "x."+host, "y.x."+host, "*."+host, "beside."+parent, parent)
	}
	for _, r := range m.Regions {
		for _, orchestra := range r.Orchestras {
			around(OrchestraHost(orchestra))
		}
		for _, extra := range r.Extra {
			around(strings.TrimPrefix(extra, "*."))
		}
	}
	for _, e := range m.Endpoints {
		for _, prefix := range []string{"", "a-", "b-", "c-", "d-", "e-", "a-a-"} {
			if label := prefix + e.Label; len(label) <= 63 {
				names = append(names, label+"."+endpointsParent)
			}
		}
		names = append(names, "x."+e.Label+"."+endpointsParent)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func labels(name string) int { return strings.Count(name, ".") + 1 }

func atOrBelow(name, parent string) bool {
	return name == parent || strings.HasSuffix(name, "."+parent)
}
