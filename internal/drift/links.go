package drift

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/inventory"
)

// links judges all links. Those of several VPCs that are one, for they have the same addresses and
// endpoints, are judged once.
func (j *judge) links() {
	twins := make(map[string][]link)
	var order []string
	for v, vpc := range j.Topology.VPCs {
		for _, k := range vpc.Links {
			l := link{v, k.Region}
			key := j.identity(l)
			if twins[key] == nil {
				order = append(order, key)
			}
			twins[key] = append(twins[key], l)
			j.result.Links++
		}
	}
	for _, key := range order {
		j.together(twins[key])
	}
}

// identity returns what links of several VPCs have in common that are one.
func (j *judge) identity(l link) string {
	parts := []string{j.Topology.Regions[l.region].Name, texts(l.addrs(j.Topology))}
	for _, of := range []map[link][]inventory.Endpoint{j.at, j.taken, j.near, j.apart, j.late} {
		parts = append(parts, names(of[l]))
	}
	return strings.Join(parts, "\x00")
}

// together judges links that are one, and has what is found hold for all VPCs that have it.
func (j *judge) together(twins []link) {
	l := twins[0]
	addrs := l.addrs(j.Topology)
	var others []string
	for _, twin := range twins[1:] {
		others = append(others, j.Topology.VPCs[twin.vpc].Name)
	}
	found, edits, unjudged := len(j.result.Findings), len(j.result.Edits), len(j.result.Unjudged)
	j.judge(l, addrs)
	if len(others) == 0 {
		return
	}
	for i := range j.result.Findings[found:] {
		j.result.Findings[found+i].Message += fmt.Sprintf(" (it is the link of VPC %s as well)", strings.Join(others, ", "))
	}
	its := slices.Clone(j.result.Edits[edits:])
	for _, vpc := range others {
		for _, e := range its {
			j.result.Edits = append(j.result.Edits, Edit{VPC: vpc, Region: e.Region, Addrs: e.Addrs})
		}
		if len(j.result.Unjudged) > unjudged {
			j.result.Unjudged = append(j.result.Unjudged, fmt.Sprintf("%s: %s", vpc, j.Topology.Regions[l.region].Name))
		}
	}
}
