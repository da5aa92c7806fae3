package exportlist

import (
	"fmt"
	"net/netip"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/topology"
)

// This file says what to write instead of what is of the wrong kind. What stands behind
// "write" can be put in its place as it is.

const (
	exampleOut   = "zones/apps"
	exampleEntry = "{vpc: apps, format: bind, out: " + exampleOut + "}"
	// putBefore is the hint for exports to which their key is missing.
	putBefore = "put the line exports: before it"
)

// plain matches what is a text without quotes, wherever it stands.
var plain = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._/-]*$`)

// quoted returns a text as YAML has it in one line.
func quoted(text string) string {
	if plain.MatchString(text) && !slices.Contains([]string{"true", "false", "null", "yes", "no", "on", "off"}, strings.ToLower(text)) {
		return text
	}
	return strconv.Quote(text)
}

// isEmpty reports whether a node has nothing in it.
func isEmpty(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && (n.Tag == "!!null" || n.Value == "") || n.Kind != yaml.AliasNode && n.Kind != yaml.ScalarNode && len(n.Content) == 0
}

// scalars returns the texts in a node, but for keys.
func scalars(n *yaml.Node) []string {
	var texts []string
	for i, child := range n.Content {
		if n.Kind != yaml.MappingNode || i%2 == 1 {
			texts = append(texts, scalars(child)...)
		}
	}
	switch {
	case n.Kind == yaml.AliasNode && n.Alias.Kind == yaml.ScalarNode:
		return []string{n.Alias.Value}
	case n.Kind == yaml.ScalarNode && !isEmpty(n):
		return []string{n.Value}
	}
	return texts
}

// kindOf says what a node is.
func kindOf(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.AliasNode:
		return "an alias"
	case isEmpty(n):
		return "empty"
	default:
		return fmt.Sprintf("%q", n.Value)
	}
}

// emptyHint says what to do about a key without a value.
func emptyHint(key string) string {
	switch key {
	case keyVPC:
		return "leave it out where the topology has one VPC, or write the name of one"
	case keyFormat:
		return "write bind, or another one that auralink formats lists"
	case keyOut:
		return "write " + exampleOut + ", or another directory below that of the list"
	default:
		return "leave it out"
	}
}

// textHint says how a value that has some texts in it is written as one.
func textHint(key string, texts []string) string {
	if len(texts) > 0 {
		return "write " + quoted(texts[0])
	}
	return emptyHint(key)
}

// serversHint says how the addresses that texts mean are written: several as a format says.
func serversHint(texts []string, several string) string {
	switch meant := addresses(texts); len(meant) {
	case 0:
		return "write an address, such as 10.0.0.53, and no name"
	case 1:
		return "write " + meant[0]
	default:
		return "write " + fmt.Sprintf(several, strings.Join(meant, ", "))
	}
}

// addresses returns the addresses in texts: also with a port or a prefix length.
func addresses(texts []string) []string {
	var found []string
	for _, text := range texts {
		for _, part := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(" ,;\"'", c) }) {
			if at, err := netip.ParseAddrPort(part); err == nil {
				part = at.Addr().String()
			} else if prefix, err := netip.ParsePrefix(part); err == nil {
				part = prefix.Addr().String()
			}
			if addr, err := netip.ParseAddr(strings.Trim(part, "[]")); err == nil {
				found = append(found, inList(addr))
			}
		}
	}
	return found
}

// inList returns an address as it stands in a list in brackets.
func inList(addr netip.Addr) string {
	if addr.Is6() {
		return strconv.Quote(addr.String())
	}
	return addr.String()
}

// setHint says how parameters are written as a mapping.
func setHint(n *yaml.Node) string {
	if line, short := topology.Flow(n); n.Kind == yaml.AliasNode && n.Alias.Kind == yaml.MappingNode && short {
		return "write " + line
	}
	var pairs []string
	for _, text := range pairsIn(n) {
		name, value, _ := strings.Cut(text, "=")
		if name == "" || value == "" {
			return "write {NAME: VALUE}; auralink formats FORMAT lists what there is"
		}
		pairs = append(pairs, quoted(name)+": "+quoted(value))
	}
	if len(pairs) == 0 {
		return "leave it out"
	}
	return "write {" + strings.Join(pairs, ", ") + "}"
}

// pairsIn returns the parameters in a node that is no mapping, each as NAME=VALUE.
func pairsIn(n *yaml.Node) []string {
	switch n.Kind {
	case yaml.SequenceNode:
		var all []string
		for _, child := range n.Content {
			all = append(all, pairsIn(child)...)
		}
		return all
	case yaml.MappingNode:
		var all []string
		for i := 0; i+1 < len(n.Content); i += 2 {
			all = append(all, n.Content[i].Value+"="+strings.Join(scalars(n.Content[i+1]), ","))
		}
		return all
	case yaml.AliasNode:
		return nil // it may stand for what it stands in
	default:
		return strings.FieldsFunc(n.Value, func(c rune) bool { return c == ' ' || c == ';' })
	}
}

// forEach returns the entry once for each text of a key's value, in directories of their
// own; "" of what is not one for each export, or too long.
func (l *list) forEach(key string) string {
	if key != keyVPC && key != keyFormat && key != keyOut {
		return ""
	}
	var all []string
	for _, text := range scalars(valueOf(l.node, key)) {
		one := *l.node
		one.Content = slices.Clone(l.node.Content)
		put(&one, key, text)
		if out := valueOf(&one, keyOut); key != keyOut && out != nil && out.Kind == yaml.ScalarNode {
			put(&one, keyOut, path.Join(out.Value, text))
		}
		line, short := topology.Flow(&one)
		if !short {
			return ""
		}
		all = append(all, line)
	}
	return strings.Join(all, ", ")
}

// valueOf returns the value of a key, or nil.
func valueOf(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// put puts a text in the place of the value of a key.
func put(n *yaml.Node, key, text string) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			n.Content[i+1] = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
		}
	}
}
