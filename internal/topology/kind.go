package topology

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// This file says how a value of the wrong kind is written as one of the right kind. What it
// returns can be put in its place as it is.

// maxRight bounds what a hint writes out, in octets.
const maxRight = 200

// rightKind returns the hint for a node that is not what is wanted where the decoder
// is, or "" where nothing can be said.
func (d *decoder) rightKind(n *yaml.Node, want string) string {
	if text := d.placeholderAt(n); text != "" {
		return "put a value in the place of " + text
	}
	if len(d.path) == 0 && n.Kind == yaml.SequenceNode {
		return "leave out the dashes before the keys of the file"
	}
	right := ""
	switch want {
	case "a list":
		right = d.asList(n)
	case "a mapping":
		right = d.asMapping(n)
	case "a whole number":
		if d.key() == "serial" {
			return serialHint(items(n))
		}
		return numberHint(items(n))
	case "a string":
		return d.stringHint(n)
	}
	if right == "" || len(right) > maxRight {
		return ""
	}
	return d.withRegion("write " + right)
}

// placeholderAt returns the placeholder that nobody has put a value in the place of, if one
// stands where a node begins.
func (d *decoder) placeholderAt(n *yaml.Node) string {
	line := d.source.line(n.Line)
	return string(placeholder().Find(line[d.source.offset(line, n.Column-1):]))
}

// anyRegion stands in a hint for a region that is not known.
const anyRegion = "\x00"

// withRegion puts the only region of the file, or else one that is only an example,
// into a hint that lacks one.
func (d *decoder) withRegion(hint string) string {
	if !strings.Contains(hint, anyRegion) {
		return hint
	}
	region := "aws-us-east-1"
	if len(d.regions) > 0 {
		region = d.regions[0]
	}
	hint = strings.ReplaceAll(hint, anyRegion, flowScalar(region, false))
	if len(d.regions) == 1 {
		return hint
	}
	return fmt.Sprintf("%s, if the region is %s, and not another one", hint, region)
}

// key returns the last step of the path.
func (d *decoder) key() string {
	if len(d.path) == 0 {
		return ""
	}
	return d.path[len(d.path)-1]
}

// isNames reports whether the decoder is in a list of names.
func (d *decoder) isNames() bool {
	return slices.Contains(d.path, "orchestras") || slices.Contains(d.path, "extra_names")
}

// asList returns the list that a scalar or a mapping stands for.
func (d *decoder) asList(n *yaml.Node) string {
	found := items(n)
	if len(found) == 0 {
		return ""
	}
	if n.Kind == yaml.ScalarNode && n.ShortTag() != "!!str" && len(d.path) == 4 && d.path[2] == "links" {
		return "[10.0.1.10]" + ownAddresses
	}
	return flowList(found, d.isNames())
}

// ownAddresses follows an address that is only an example.
const ownAddresses = ", with the private endpoint's own addresses"

// asMapping returns the mapping that a scalar or a list stands for.
func (d *decoder) asMapping(n *yaml.Node) string {
	switch {
	case len(d.path) == 2 && d.path[0] == "regions":
		return "{orchestras: " + flowList(items(n), true) + "}"
	case len(d.path) == 2 && d.path[0] == "vpcs":
		links, own := strings.CutSuffix(d.pairs(n, "links"), ownAddresses)
		if own {
			return "{links: " + links + "}" + ownAddresses
		}
		return "{links: " + links + "}"
	case d.key() == "links" && d.sameAsIn(n) != "":
		return "{" + d.sameAsIn(n) + "}"
	case len(d.path) == 1 || d.key() == "links":
		return d.pairs(n, d.key())
	default:
		return ""
	}
}

// pairs writes the entries of a list as a mapping: of mappings with a single key, of
// mappings with a name, or of names alone.
func (d *decoder) pairs(n *yaml.Node, of string) string {
	entries := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		entries = n.Content
	}
	var pairs, alone []string
	for _, e := range entries {
		switch key, rest := named(e); {
		case e.Kind != yaml.MappingNode:
			alone = append(alone, items(e)...)
		case key == "":
			return ""
		default:
			pairs = append(pairs, flowScalar(key, false)+": "+valueOf(rest, of))
		}
	}
	switch {
	case len(alone) == 0:
	case of == "links" && slices.Contains(d.regions, alone[0]):
		for _, name := range alone {
			pairs = append(pairs, flowScalar(name, false)+": [10.0.1.10]")
		}
		return "{" + strings.Join(pairs, ", ") + "}" + ownAddresses
	case of == "links":
		pairs = append(pairs, anyRegion+": "+flowList(alone, false))
	default:
		value := "{}"
		if of == "custom_endpoints" {
			value = anyRegion
		}
		for _, name := range alone {
			pairs = append(pairs, flowScalar(name, false)+": "+value)
		}
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

// namesIn returns the keys of a section of the file, such as regions.
func namesIn(root *yaml.Node, section string) []string {
	var names []string
	for i := 0; root.Kind == yaml.MappingNode && i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value != section {
			continue
		}
		value := root.Content[i+1]
		for j := 0; value.Kind == yaml.MappingNode && j+1 < len(value.Content); j += 2 {
			names = append(names, value.Content[j].Value)
		}
	}
	return names
}

// scalarHint says how a number, or another scalar that is no string, is written as one.
func (d *decoder) scalarHint(n *yaml.Node) string {
	switch orchestra := readOrchestra(n.Value); {
	case d.key() == "mode":
		return "write auto, individual or wildcard, or leave it out to let the plan choose"
	case slices.Contains(d.path, "orchestras") && orchestra.wrong+orchestra.doubt != "":
		return orchestraHint // in quotes it is none either
	case len(d.path) > 3 && d.path[2] == "links" && strings.HasPrefix(d.key(), "["):
		_, _, hint := parseLinkAddr(n.Value)
		return "it is no address in quotes either: " + hint
	default:
		return fmt.Sprintf("put it in quotes: %q", shorten(n.Value, maxShown))
	}
}

// stringHint says how a value is written that is to be a string.
func (d *decoder) stringHint(n *yaml.Node) string {
	if len(d.path) == 2 && d.path[0] == "custom_endpoints" {
		if hint := d.endpointHint(n); hint != "" {
			return hint
		}
	}
	switch {
	case isNull(n):
		return "leave it out"
	case n.Kind == yaml.ScalarNode:
		return d.scalarHint(n)
	}
	found := items(n)
	switch {
	case len(found) == 1:
		return "write " + flowScalar(found[0], d.isNames())
	case n.Kind == yaml.SequenceNode && strings.HasPrefix(d.key(), "["):
		return "leave out its brackets"
	default:
		return ""
	}
}

// endpointHint says how a custom endpoint is written whose value is no region, or "".
func (d *decoder) endpointHint(n *yaml.Node) string {
	reversed := slices.Contains(d.regions, d.key())
	switch {
	case slices.Contains(keysOf(reflect.TypeFor[rawTopology]()), d.key()):
		return fmt.Sprintf("indent %s with 0 spaces: it is a key of the file, and no custom endpoint", d.key())
	case isNull(n):
		return d.withRegion("write " + anyRegion)
	case reversed && n.Kind == yaml.SequenceNode:
		return endpointsFirst(items(n), d.key())
	case reversed && n.Kind == yaml.MappingNode:
		return endpointsFirst(keysIn(n), d.key())
	case n.Kind == yaml.SequenceNode && d.allRegions(n):
		return fmt.Sprintf("a custom endpoint is in one region: write %s, if that is the one which the Aura console shows, or %s",
			flowScalar(items(n)[0], false), regionList(items(n)[1:]))
	default:
		return ""
	}
}

// allRegions reports whether a list has the labels of several regions, and nothing else.
func (d *decoder) allRegions(n *yaml.Node) bool {
	labels := items(n)
	return len(labels) > 1 && !slices.ContainsFunc(labels, func(label string) bool { return !slices.Contains(d.regions, label) })
}

// regionList returns labels of regions of which one is to be chosen.
func regionList(labels []string) string {
	var its []string
	for _, label := range labels {
		its = append(its, flowScalar(label, false))
	}
	return strings.Join(its, " or ")
}

// keysIn returns the keys of a mapping.
func keysIn(n *yaml.Node) []string {
	var keys []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		keys = append(keys, n.Content[i].Value)
	}
	return keys
}

// endpointsFirst says how custom endpoints are written that stand behind their region.
func endpointsFirst(labels []string, region string) string {
	var lines []string
	for _, label := range labels {
		lines = append(lines, flowScalar(label, false)+": "+flowScalar(region, false))
	}
	return "write a line for each, the endpoint first: " + strings.Join(lines, ", ")
}

// units are those of a time, in seconds.
var units = map[string]int{"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}

// duration matches a number, a fraction of nothing, and a unit.
var duration = regexp.MustCompile(`^([0-9]+)(?:\.0*)?(s|m|h|d)?[a-z]*$`)

// numberHint says how a number of seconds is written.
func numberHint(texts []string) string {
	match := duration.FindStringSubmatch(strings.ToLower(strings.Join(texts, "")))
	if match == nil {
		return leaveOutTTL
	}
	n, err := strconv.Atoi(match[1])
	if n *= units[match[2]]; err != nil || n < minTTL || n > maxTTL {
		return leaveOutTTL
	}
	return "write " + strconv.Itoa(n)
}

var leaveOutTTL = fmt.Sprintf("leave it out for the default of %d", DefaultTTL)
