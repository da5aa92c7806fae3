package topology

import (
	"slices"
	"strings"
)

// endpoints validates the custom endpoints and fills topology.Endpoints. There
// may be a million of them, so nothing is kept for each but the endpoint: the
// positions are looked up again in raw when something is wrong.
func (v *validator) endpoints(raw table[scalar]) {
	endpoints := make([]Endpoint, 0, len(raw.entries))
	for i := range raw.entries {
		e := &raw.entries[i]
		label := lower(e.key.text)
		if wrong := checkLabel(label, maxEndpointLabel); wrong != "" {
			v.errorf(CodeBadName, e.key.at, "custom_endpoints."+e.key.text, endpointHint(label),
				"custom endpoint %q %s", e.key.text, wrong)
			continue
		}
		region, ok := v.regions[e.value.text]
		if !ok || e.value.tag != tagString {
			v.region(e.value, "custom_endpoints."+e.key.text)
			continue
		}
		endpoints = append(endpoints, Endpoint{Label: label, Region: int32(region)})
	}
	slices.SortStableFunc(endpoints, func(a, b Endpoint) int { return strings.Compare(a.Label, b.Label) })
	v.checkEndpoints(endpoints, raw)
	v.topology.Endpoints = endpoints
	v.warnUnlinked(raw)
}

func endpointHint(label string) string {
	if base, ok := strings.CutSuffix(strings.TrimSuffix(label, "."), "."+strings.TrimSuffix(EndpointsOrigin, ".")); ok {
		return "write only the label: " + base
	}
	return "write the label that the Aura console shows, without " + strings.TrimSuffix(EndpointsOrigin, ".")
}

// checkEndpoints finds labels that stand twice and labels that one endpoint
// declares and another derives, for different regions.
func (v *validator) checkEndpoints(sorted []Endpoint, raw table[scalar]) {
	for i, e := range sorted {
		if v.full() {
			return // each place costs a pass over the file
		}
		if i > 0 && sorted[i-1].Label == e.Label {
			places := positionsOf(raw, e.Label)
			v.errorf(CodeDuplicate, places[len(places)-1], "custom_endpoints."+e.Label, "keep one of them",
				"custom endpoint %q stands twice, first in line %d", e.Label, places[0].line)
		}
		_, base := BaseLabels(e.Label)
		if base == "" {
			continue
		}
		at, derived := slices.BinarySearchFunc(sorted, base, func(e Endpoint, label string) int {
			return strings.Compare(e.Label, label)
		})
		if derived && sorted[at].Region != e.Region {
			places := positionsOf(raw, e.Label)
			v.errorf(CodeNameConflict, places[0], "custom_endpoints."+e.Label, "remove or rename one of the two",
				"custom endpoint %q is in region %q, but it is also one of the five names of %q in region %q",
				e.Label, v.topology.Regions[e.Region].Name, base, v.topology.Regions[sorted[at].Region].Name)
		}
	}
}

// positionsOf returns where the file declares label, in the order of the file.
func positionsOf(raw table[scalar], label string) []position {
	var places []position
	for i := range raw.entries {
		if lower(raw.entries[i].key.text) == label {
			places = append(places, raw.entries[i].key.at)
		}
	}
	return places
}

// warnUnlinked warns of each region that has endpoints but that no VPC links.
func (v *validator) warnUnlinked(raw table[scalar]) {
	linked := make([]bool, len(v.topology.Regions))
	for _, vpc := range v.topology.VPCs {
		for _, link := range vpc.Links {
			linked[link.Region] = true
		}
	}
	labels := make([][]string, len(v.topology.Regions)) // the first few of each region
	counts := make([]int, len(v.topology.Regions))
	for _, e := range v.topology.Endpoints {
		if linked[e.Region] {
			continue
		}
		counts[e.Region]++
		if counts[e.Region] <= maxNamed {
			labels[e.Region] = append(labels[e.Region], e.Label)
		}
	}
	for region, n := range counts {
		if n == 0 {
			continue
		}
		first := labels[region][0]
		v.warnf(CodeUnlinkedEndpoints, positionsOf(raw, first)[0], "custom_endpoints."+first,
			"link the region in a VPC, or leave them to public DNS knowingly",
			"no VPC links region %q, in which these custom endpoints live: %s",
			v.topology.Regions[region].Name, Abridge(labels[region], n))
	}
}
