package topology

import "flag"

// Update says to write the goldens and the schema instead of comparing them.
var Update = flag.Bool("update", false, "write the goldens and the schema")

// CountNodes returns how many YAML nodes are counted in a text, and whether all
// of it was looked at.
func CountNodes(text []byte) (nodes int, legal bool) {
	s := &source{text: text}
	if _, wrong := s.illegal(); wrong != "" {
		return 0, false
	}
	g := &guard{scanner: newScanner(text)}
	for t, ok := g.next(); ok; t, ok = g.next() {
		g.nodes += g.nodesOf(t)
		g.previous = t.kind
	}
	return g.nodes + nodesIf(expectsNode(g.previous)), true
}
