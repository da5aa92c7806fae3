package topology

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

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

// nameKeys are what people call the name of an entry of a list.
var nameKeys = []string{"name", "label", "id", "region", "vpc", "endpoint"}

// keyIndex returns where a key is among the nodes of a mapping, or -1.
func keyIndex(mapping *yaml.Node, key string) int {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return i
		}
	}
	return -1
}

// named returns the name of an entry and what else it has.
func named(n *yaml.Node) (name string, rest []*yaml.Node) {
	if n.Kind != yaml.MappingNode {
		return "", nil
	}
	if len(n.Content) == 2 {
		return n.Content[0].Value, n.Content[1:]
	}
	for _, key := range nameKeys {
		if i := keyIndex(n, key); i >= 0 && n.Content[i+1].Kind == yaml.ScalarNode {
			return n.Content[i+1].Value, slices.Concat(n.Content[:i], n.Content[i+2:])
		}
	}
	if len(n.Content) > 2 && isNull(n.Content[1]) {
		return n.Content[0].Value, n.Content[2:] // the keys below it are not indented enough
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

// flow writes a node in one line. Of what is longer than a hint it writes a beginning that
// is longer, too: an alias may stand for very much, or for what it stands in.
func flow(n *yaml.Node) string {
	var out strings.Builder
	writeFlow(&out, n)
	return out.String()
}

func writeFlow(out *strings.Builder, n *yaml.Node) {
	switch n.Kind {
	case yaml.SequenceNode:
		writeItems(out, "[]", n.Content, ", ")
	case yaml.MappingNode:
		writeItems(out, "{}", n.Content, ": ")
	case yaml.AliasNode:
		writeFlow(out, n.Alias)
	default:
		out.WriteString(flowOf(n))
	}
}

// writeItems writes the nodes of a list, or the keys and values of a mapping, between
// brackets. Behind each first one of two is a separator, and a comma behind each second.
func writeItems(out *strings.Builder, brackets string, nodes []*yaml.Node, separator string) {
	out.WriteByte(brackets[0])
	for i, n := range nodes {
		switch {
		case out.Len() > maxRight:
			return
		case i%2 == 1:
			out.WriteString(separator)
		case i > 0:
			out.WriteString(", ")
		}
		writeFlow(out, n)
	}
	out.WriteByte(brackets[1])
}

// flowOf writes a scalar.
func flowOf(n *yaml.Node) string {
	if n.ShortTag() == "!!str" {
		return flowScalar(n.Value, n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0)
	}
	return n.Value
}
