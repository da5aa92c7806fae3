package topology

import (
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/pattern"
)

// People copy one of the five names of an endpoint in the place of its label. This file finds out
// which labels may have come that way.

// issued finds the end of labels as Aura issues them, and as its documentation has them.
var issued = pattern.Matching(`-[a-z0-9]{4}-[a-z0-9]{4}$|-[a-z]{6}-[0-9]{6}$`)

// suffixed finds the end of labels that may be issued: there is a digit among its characters, which
// words do not have.
var suffixed = pattern.Matching(`-([a-z]*[0-9][a-z0-9]*)$`)

// looksIssued reports whether a label looks like one that Aura made.
func looksIssued(label string) bool {
	return issued(label) || suffixed(label) && len(label)-strings.LastIndexByte(label, '-') > 4
}

// noteCopied notes labels that may be one of the five names of an endpoint, which was copied instead
// of its own, and warns of those whose endpoint is declared beside them. What is in another
// region than that is an error, which is reported.
func (v *validator) noteCopied(sorted []Endpoint, raw table[text]) {
	places := make(map[string][]position)
	covered := make(map[string]bool)
	for _, e := range sorted {
		_, base := BaseLabels(e.Label)
		if base == "" || len(places) == maxFindings {
			continue
		}
		other, declared := FindEndpoint(sorted, base)
		if declared && other.Region == e.Region || !declared && looksIssued(base) {
			places[e.Label], covered[e.Label] = nil, declared
		}
	}
	findEndpoints(raw, places)
	for _, label := range slices.Sorted(maps.Keys(places)) {
		_, base := BaseLabels(label)
		switch {
		case len(places[label]) == 0:
		case covered[label]:
			v.warnf(CodeRedundantName, places[label][0], endpointPath(label), "leave it out",
				"%q is one of the five names of %s, which stands in the file as well", label, base)
		default:
			v.notef(CodeSpelling, places[label][0], endpointPath(label), "if it was copied from one of those, write "+base,
				"%q is taken for the label of a custom endpoint, and begins as one of the five names of %s does", label, base)
		}
	}
}
