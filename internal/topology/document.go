package topology

import (
	"bytes"

	"go.yaml.in/yaml/v4"
)

// FileKind says in which words is told what is wrong with the YAML of a file.
type FileKind struct {
	// Name is what the file is called.
	Name string
	// Deepest is how many levels one that is right nests at most.
	Deepest int
	// Empty is the hint where nothing is in it, and Reference the one where nothing better can
	// be said.
	Empty, Reference string
}

// topologyFile is the kind of topologies.
var topologyFile = FileKind{
	Name: "topology", Deepest: deepest,
	Empty:     "declare each Aura region: write " + exampleRegions(rawTopology{}) + "; and then each of your networks, under vpcs",
	Reference: "compare with the reference in the README",
}

// Document returns the content of the one YAML document of a file that is no topology. Where
// there is none the content is nil, and findings say why, as they do of a topology.
func Document(text []byte, kind FileKind) (*yaml.Node, Findings) {
	c := &collector{source: &source{text: bytes.TrimPrefix(text, []byte("\ufeff"))}}
	root, _ := (&decoder{collector: c, file: kind}).load()
	return root, c.result()
}

// Flow writes a YAML node in one line, for a hint. It reports whether that is short enough
// for one.
func Flow(n *yaml.Node) (line string, short bool) {
	line = flow(n)
	return line, len(line) <= maxRight
}
