package topology

import (
	"flag"
	"maps"
	"slices"
)

// Update says to write the goldens and the schema instead of comparing them.
var Update = flag.Bool("update", false, "write the goldens and the schema")

// CountNodes returns how many YAML nodes are counted in a text, and whether all
// of it was looked at.
func CountNodes(text []byte) (nodes int, legal bool) {
	s := &source{text: text}
	if _, wrong := s.illegal(); wrong != "" {
		return 0, false
	}
	l := &limits{scanner: newScanner(text)}
	for t, ok := l.next(); ok; t, ok = l.next() {
		l.nodes += l.nodesOf(t)
		l.previous = t.kind
	}
	return l.nodes + nodesIf(expectsNode(l.previous)), true
}

// LibraryMessages returns what the YAML library says, as far as there are words of ours.
func LibraryMessages() []string { return slices.Collect(maps.Keys(libraryWords)) }
