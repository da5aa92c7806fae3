package drift

import (
	"bytes"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Named returns what the comments behind the lines of a topology's regions name, by the
// region's label: init writes the services there to which the region's private endpoints
// lead, and nothing else. A comment with other words names nothing, for it may say anything of
// a service, and so does a text that is no topology.
func Named(text []byte) map[string][]string {
	named := make(map[string][]string)
	var document yaml.Node
	if yaml.Unmarshal(text, &document) != nil || len(document.Content) == 0 {
		return named
	}
	regions := path(document.Content[0], "regions")
	if regions == nil || regions.Kind != yaml.MappingNode {
		return named
	}
	lines := bytes.Split(text, []byte("\n"))
	for i := 0; i+1 < len(regions.Content); i += 2 {
		label := regions.Content[i]
		if label.Line < 1 || label.Line > len(lines) {
			continue
		}
		_, comment, _ := strings.Cut(string(lines[label.Line-1]), " #")
		named[label.Value] = append(named[label.Value], servicesIn(strings.TrimSpace(comment))...)
	}
	return named
}

// servicesIn returns the services of which a comment is a list, as init writes it.
func servicesIn(comment string) []string {
	names := strings.Split(comment, ", ")
	other := func(name string) bool { return !strings.ContainsAny(name, "./") || strings.ContainsAny(name, " \t,") }
	if slices.ContainsFunc(names, other) {
		return nil
	}
	return names
}
