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
	return flowList(found, d.isNames())
}

// flowList writes a list. Names are in quotes; so is what would be no string without.
func flowList(texts []string, quoted bool) string {
	written := make([]string, len(texts))
	for i, text := range texts {
		written[i] = flowScalar(text, quoted)
	}
	return "[" + strings.Join(written, ", ") + "]"
}

// plainScalar matches what is a string without quotes, wherever it stands.
var plainScalar = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]*$`)

func flowScalar(text string, quoted bool) string {
	_, err := strconv.ParseFloat(text, 64)
	if quoted || err == nil || !plainScalar.MatchString(text) || slices.Contains([]string{"true", "false", "null", "yes", "no"}, text) {
		return strconv.Quote(text)
	}
	return text
}

// items returns the texts in a node: of a scalar what is between commas and blanks,
// of a mapping its values or, where it has none, its keys.
func items(n *yaml.Node) []string {
	var found []string
	switch n.Kind {
	case yaml.SequenceNode:
		for _, child := range n.Content {
			found = append(found, items(child)...)
		}
	case yaml.MappingNode:
		for i := 1; i < len(n.Content); i += 2 {
			found = append(found, items(n.Content[i])...)
		}
		for i := 0; i < len(n.Content) && len(found) == 0; i += 2 {
			found = append(found, n.Content[i].Value)
		}
	default:
		if !isNull(n) {
			found = split(n.Value)
		}
	}
	return found
}

// split returns what is between commas, semicolons and blanks, without brackets,
// quotes and dashes around it.
func split(text string) []string {
	var found []string
	for _, part := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(" \t,;\n", c) }) {
		if part = strings.Trim(part, `()[]{}<>"'`+"“”‘’-"); part != "" {
			found = append(found, part)
		}
	}
	return found
}

// asMapping returns the mapping that a scalar or a list stands for.
func (d *decoder) asMapping(n *yaml.Node) string {
	switch {
	case len(d.path) == 2 && d.path[0] == "regions":
		return "{orchestras: " + flowList(items(n), true) + "}"
	case len(d.path) == 2 && d.path[0] == "vpcs":
		return "{links: " + d.pairs(n, "links") + "}"
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

// nameKeys are what people call the name of an entry of a list.
var nameKeys = []string{"name", "label", "id", "region", "vpc", "endpoint"}

// named returns the name of an entry and what else it has.
func named(n *yaml.Node) (name string, rest []*yaml.Node) {
	if n.Kind != yaml.MappingNode {
		return "", nil
	}
	if len(n.Content) == 2 {
		return n.Content[0].Value, n.Content[1:]
	}
	for _, key := range nameKeys {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == key && n.Content[i+1].Kind == yaml.ScalarNode {
				return n.Content[i+1].Value, slices.Concat(n.Content[:i], n.Content[i+2:])
			}
		}
	}
	return "", nil
}

// valueOf writes what an entry has beside its name: a node, or keys with nodes.
func valueOf(rest []*yaml.Node, of string) string {
	var found []string
	for i := 1 - len(rest)%2; i < len(rest); i += 2 {
		found = append(found, items(rest[i])...)
	}
	switch {
	case of == "links":
		return flowList(found, false)
	case of == "custom_endpoints" && len(found) == 1:
		return flowScalar(found[0], false)
	case len(rest) == 1:
		return flow(rest[0])
	default:
		return flow(&yaml.Node{Kind: yaml.MappingNode, Content: rest})
	}
}

// flow writes a node in one line.
func flow(n *yaml.Node) string {
	var parts []string
	switch n.Kind {
	case yaml.SequenceNode:
		for _, child := range n.Content {
			parts = append(parts, flow(child))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			parts = append(parts, flow(n.Content[i])+": "+flow(n.Content[i+1]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case yaml.AliasNode:
		return flow(n.Alias)
	default:
		if n.ShortTag() == "!!str" {
			return flowScalar(n.Value, n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0)
		}
		return n.Value
	}
}

// regionsIn returns the keys under regions, or the names in a list of regions.
func regionsIn(root *yaml.Node) []string {
	var names []string
	for i := 0; root.Kind == yaml.MappingNode && i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value != "regions" {
			continue
		}
		value := root.Content[i+1]
		for j := 0; value.Kind == yaml.MappingNode && j+1 < len(value.Content); j += 2 {
			names = append(names, value.Content[j].Value)
		}
	}
	return names
}

// stringHint says how a value is written that is to be a string.
func (d *decoder) stringHint(n *yaml.Node) string {
	top := keysOf(reflect.TypeFor[rawTopology]())
	switch inEndpoints := len(d.path) == 2 && d.path[0] == "custom_endpoints"; {
	case inEndpoints && slices.Contains(top, d.key()):
		return fmt.Sprintf("indent %s with 0 spaces: it is a key of the file, and no custom endpoint", d.key())
	case inEndpoints && isNull(n):
		return d.withRegion("write " + anyRegion)
	case isNull(n):
		return "leave it out"
	case n.Kind == yaml.ScalarNode:
		return fmt.Sprintf("put it in quotes: %q", shorten(n.Value, maxShown))
	}
	found := items(n)
	if len(found) != 1 {
		return ""
	}
	return "write " + flowScalar(found[0], d.isNames())
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
