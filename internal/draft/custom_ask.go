package draft

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/topology"
)

// unsettled asks for the region of a custom endpoint that may live in several. The line for it is
// none that can be planned, before somebody has chosen.
func (d *drafter) unsettled(label string, regions []string, text string) {
	slices.Sort(regions)
	d.draft.EndpointTodos = append(d.draft.EndpointTodos, Todo{
		Text:  text + " " + whereEndpoints + ".",
		Lines: []string{fmt.Sprintf("%s: %s", key(label), strings.Join(regions, " or "))},
		Question: Question{
			Kind: AskEndpoints, About: label, Where: whereEndpoints, Regions: regions,
			Text: fmt.Sprintf("In which region does custom endpoint %s live (%s)?", label, strings.Join(regions, " or ")),
		},
	})
}

// lone returns the label of the endpoint whose further name a label may be, the only one that was read; "" if
// it is none, or if it has further names of its own.
func lone(label string, labels map[string]homes) string {
	_, base := topology.BaseLabels(label)
	if _, there := labels[base]; base == "" || there || hasFurther(labels, label) > 0 || hasFurther(labels, base) > 1 {
		return ""
	}
	return base
}

// oneOf asks whether a label is a custom endpoint, or one of the names of another one of which no other name
// was read: then that one has no record of its own, or it is misspelt, and does not resolve. The line for it is
// none that can be planned.
func (d *drafter) oneOf(label, base string, h homes) {
	d.draft.EndpointTodos = append(d.draft.EndpointTodos, Todo{
		Text: fmt.Sprintf("%s leads to %s (%s), and is one of the five names of custom endpoint %s, of which no other was read, or a custom endpoint itself: which of them it is, write with its region. Is the record of %s missing, or misspelt? %s.",
			label, h.regions[0], h.first.at(), base, base, whereEndpoints),
		Lines: []string{fmt.Sprintf("%s or %s: %s", base, label, h.regions[0])},
		Question: Question{
			Kind: AskEndpoints, About: label, Where: whereEndpoints, Regions: h.regions, Labels: []string{base, label},
			Text: fmt.Sprintf("%s leads to %s (%s). Is it one of the names of custom endpoint %s (%s: %s), or a custom endpoint itself (%s: %s)?", label, h.regions[0], h.first.at(), base, base, h.regions[0], label, h.regions[0]),
		},
	})
}

// askEndpoints asks for custom endpoints and their regions.
func (d *drafter) askEndpoints(text string) Todo {
	var regions []string
	for _, r := range d.draft.Regions {
		regions = append(regions, r.Name)
	}
	t := Todo{Text: text}
	if len(regions) == 0 {
		return t
	}
	t.Lines = []string{"my-endpoint-abcdef-123456: " + regions[0]}
	t.Question = Question{Kind: AskEndpoints, Where: whereEndpoints, Regions: regions, Text: fmt.Sprintf("Which custom endpoints are there, and in which region is each (%s)?", strings.Join(regions, ", "))}
	return t
}
