package exportlist

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/spell"
)

// called are words that people have for keys of an entry.
var called = map[string]string{
	"dir": keyOut, "directory": keyOut, "path": keyOut, "to": keyOut, "folder": keyOut,
	"kind": keyFormat, "type": keyFormat, "network": keyVPC, "view": keyVPC,
	"dns": keyServer, "ip": keyServer, "address": keyServer,
	"parameters": keySet, "params": keySet, "options": keySet, "values": keySet,
}

// ofCommand are flags of the command that an entry does not have.
var ofCommand = []string{"force", "serial", "check", "list", "all", "output"}

// mapping iterates over a mapping's keys, each once, and notes those that are not
// known; a nil known takes any. What is no mapping has the hint that otherwise returns.
func (l *list) mapping(n *yaml.Node, what string, known []string, otherwise func(*yaml.Node) string) func(yield func(string, *yaml.Node) bool) {
	return func(yield func(string, *yaml.Node) bool) {
		if n.Kind != yaml.MappingNode {
			l.errorf(l.at(n), otherwise(n), "%s is %s, and not a mapping", what, kindOf(n))
			return
		}
		seen := make(map[string]int)
		for i := 0; i+1 < len(n.Content); i += 2 {
			node := n.Content[i]
			key := node.Value
			switch {
			case node.Kind != yaml.ScalarNode:
				l.errorf(l.at(node), "write a word for it", "a key of %s is %s, and not a text", what, kindOf(node))
				continue
			case seen[key] > 0:
				l.errorf(l.at(node), "keep one of them", "%s has %q twice, first in line %d", what, key, seen[key])
				continue
			case known != nil && !slices.Contains(known, key):
				l.unknown(node, what, known)
				continue
			}
			seen[key] = node.Line
			if !yield(key, n.Content[i+1]) {
				return
			}
		}
	}
}

// unknown notes a key that is not known. What may be meant by it is not missing.
func (l *list) unknown(key *yaml.Node, what string, known []string) {
	near := spell.Near(key.Value, known)
	if meant := called[strings.ToLower(key.Value)]; slices.Contains(known, meant) {
		near = []string{meant}
	}
	hint := "it has " + strings.Join(known, ", ")
	switch {
	case len(near) > 0:
		hint = spell.Question(near) + " " + hint
	case slices.Contains(ofCommand, key.Value):
		hint = fmt.Sprintf("leave it out: --%s is for the command, and for all exports; %s", key.Value, hint)
	default:
		hint = "leave it out: " + hint
	}
	l.errorf(l.at(key), hint, "%s has no key %q", what, key.Value)
	l.now.wrong = append(l.now.wrong, near...)
}
