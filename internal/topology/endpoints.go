package topology

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
)

// endpoints validates the custom endpoints and fills topology.Endpoints. There
// may be a million of them, so nothing is kept for each but the endpoint: the
// positions are looked up again in raw when something is wrong.
func (v *validator) endpoints(raw table[text]) {
	endpoints := make([]Endpoint, 0, len(raw.entries))
	for i := range raw.entries {
		e := &raw.entries[i]
		spelled := readEndpoint(dnsname.Lower(e.key.text))
		if spelled.wrong != "" {
			v.errorf(CodeBadName, e.key.at, endpointPath(e.key.text), spelled.hint,
				"custom endpoint %q %s", e.key.text, spelled.wrong)
			continue
		}
		if !e.value.present() {
			continue // it could not be decoded, which is reported
		}
		region, ok := v.regions[e.value.text]
		if !ok {
			if !v.swapped(e.key, e.value.scalar, endpointPath(e.key.text)) {
				v.unknownRegion(e.value.scalar, endpointPath(e.key.text))
			}
			continue
		}
		v.spelled(spelled, e.key, endpointPath(e.key.text))
		endpoints = append(endpoints, Endpoint{Label: spelled.name, Region: int32(region)})
	}
	slices.SortStableFunc(endpoints, func(a, b Endpoint) int { return strings.Compare(a.Label, b.Label) })
	v.checkEndpoints(endpoints, raw)
	v.noteCopied(endpoints, raw)
	v.topology.Endpoints = endpoints
	v.warnUnlinked(raw)
}

// swapped reports whether a custom endpoint is called like a region, and is in one that is called
// like an endpoint, and says so.
func (v *validator) swapped(key, value scalar, path string) bool {
	label := readEndpoint(dnsname.Lower(value.text))
	if _, isRegion := v.regions[key.text]; !isRegion || label.wrong != "" {
		return false
	}
	v.errorf(CodeUnknownRegion, value.at, path, fmt.Sprintf("swap the two: %s: %s", label.name, key.text), "region %q is not declared", value.text)
	return true
}

// FindEndpoint returns the endpoint that is declared with a label, from endpoints
// that are sorted by label.
func FindEndpoint(sorted []Endpoint, label string) (Endpoint, bool) {
	at, found := slices.BinarySearchFunc(sorted, label, func(e Endpoint, label string) int {
		return strings.Compare(e.Label, label)
	})
	if !found {
		return Endpoint{}, false
	}
	return sorted[at], true
}

// Labels returns the labels that an endpoint has, its own first, from endpoints that are
// sorted by label. A label that another endpoint declares is that one's.
func (e Endpoint) Labels(sorted []Endpoint) []string {
	labels := []string{e.Label}
	for _, prefix := range Prefixes {
		if _, declared := FindEndpoint(sorted, prefix+e.Label); !declared {
			labels = append(labels, prefix+e.Label)
		}
	}
	return labels
}

func endpointPath(label string) string { return "custom_endpoints." + label }

// flaw is a label of which two custom endpoints are at odds.
type flaw struct {
	label  string
	region int32
	// base is the endpoint in another region that derives the label, and empty
	// where the label itself stands twice.
	base       string
	baseRegion int32
}

// checkEndpoints finds labels that stand twice and labels that one endpoint
// declares and another derives, for different regions.
func (v *validator) checkEndpoints(sorted []Endpoint, raw table[text]) {
	flaws := endpointFlaws(sorted)
	shown := flaws[:min(len(flaws), maxFindings)]
	places := make(map[string][]position, len(shown))
	for _, f := range shown {
		places[f.label] = nil
	}
	findEndpoints(raw, places)
	for _, f := range shown {
		v.reportFlaw(f, places[f.label])
	}
	for range flaws[len(shown):] {
		v.drop(SeverityError)
	}
}

// endpointFlaws returns the flaws by label, none twice.
func endpointFlaws(sorted []Endpoint) []flaw {
	var flaws []flaw
	for i, e := range sorted {
		if i > 0 && sorted[i-1].Label == e.Label {
			if twice := (flaw{label: e.Label}); len(flaws) == 0 || flaws[len(flaws)-1] != twice {
				flaws = append(flaws, twice)
			}
			continue
		}
		_, base := BaseLabels(e.Label)
		if base == "" {
			continue
		}
		if other, declared := FindEndpoint(sorted, base); declared && other.Region != e.Region {
			flaws = append(flaws, flaw{label: e.Label, region: e.Region, base: base, baseRegion: other.Region})
		}
	}
	return flaws
}

// findEndpoints fills in where the file declares each label of places, in the
// order of the file, in one pass.
func findEndpoints(raw table[text], places map[string][]position) {
	if len(places) == 0 {
		return
	}
	for i := range raw.entries {
		label := readEndpoint(dnsname.Lower(raw.entries[i].key.text)).name
		if at, wanted := places[label]; wanted {
			places[label] = append(at, raw.entries[i].key.at)
		}
	}
}

func (v *validator) reportFlaw(f flaw, places []position) {
	if f.base != "" {
		v.errorf(CodeNameConflict, places[0], endpointPath(f.label), "leave one of the two out, or move it to the other's region",
			"custom endpoint %q is in region %q, but it is also one of the five names of %q in region %q",
			f.label, v.topology.Regions[f.region].Name, f.base, v.topology.Regions[f.baseRegion].Name)
		return
	}
	for _, at := range places[1:] {
		v.errorf(CodeDuplicate, at, endpointPath(f.label), "keep one of them",
			"custom endpoint %q stands twice, first in line %d", f.label, places[0].line)
	}
}

// unlinked are the custom endpoints of a region that no VPC links.
type unlinked struct {
	total int
	first []string
}

// warnUnlinked warns of each region that has endpoints but that no VPC links.
func (v *validator) warnUnlinked(raw table[text]) {
	regions := v.unlinkedEndpoints()
	places := make(map[string][]position)
	for _, u := range regions {
		if u.total > 0 && len(places) < maxFindings {
			places[u.first[0]] = nil
		}
	}
	findEndpoints(raw, places)
	for region, u := range regions {
		switch {
		case u.total == 0:
		case len(places[u.first[0]]) == 0:
			v.drop(SeverityWarning)
		default:
			v.warnf(CodeUnlinkedEndpoints, places[u.first[0]][0], endpointPath(u.first[0]),
				fmt.Sprintf("write the region's private endpoint into a VPC, as links: {%s: [ADDRESS]}; until then public DNS answers them, and this warning stays", v.topology.Regions[region].Name),
				"no VPC links region %q, in which these custom endpoints live: %s",
				v.topology.Regions[region].Name, listed(Abridge(u.first, u.total)))
		}
	}
}

// linked reports for each region whether a VPC links it.
func (v *validator) linked() []bool {
	linked := make([]bool, len(v.topology.Regions))
	for _, vpc := range v.topology.VPCs {
		for _, link := range vpc.Links {
			linked[link.Region] = true
		}
	}
	return linked
}

// unlinkedEndpoints returns for each region what would be warned of.
func (v *validator) unlinkedEndpoints() []unlinked {
	linked := v.linked()
	regions := make([]unlinked, len(v.topology.Regions))
	for _, e := range v.topology.Endpoints {
		if linked[e.Region] {
			continue
		}
		u := &regions[e.Region]
		u.total++
		if u.total <= maxNamed {
			u.first = append(u.first, e.Label)
		}
	}
	return regions
}
