package exportlist

import (
	"fmt"
	"path"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/topology"
)

// This file says what to write in the place of a file, a list or an export of another kind.

// fileHint says what to write in the place of a file that is no mapping.
func fileHint(n *yaml.Node) string {
	line, short := topology.Flow(n)
	switch {
	case n.Kind == yaml.SequenceNode && n.Style&yaml.FlowStyle == 0:
		return putBefore
	case n.Kind == yaml.SequenceNode && short:
		return "write exports: " + line
	default:
		return "write exports: [" + exampleEntry + "]"
	}
}

// entryHint says what to write in the place of an export that is no mapping.
func entryHint(n *yaml.Node) string {
	line, short := topology.Flow(n)
	switch {
	case isEmpty(n):
		return "leave it out"
	case n.Kind == yaml.AliasNode && short:
		return "write " + line
	case n.Kind == yaml.SequenceNode && len(n.Content) == 1 && n.Content[0].Kind == yaml.MappingNode && short:
		return "write " + line[1:len(line)-1]
	case n.Kind == yaml.ScalarNode && plain.MatchString(n.Value):
		return fmt.Sprintf("write {vpc: %s, format: bind, out: %s}, if %s is the VPC", n.Value, path.Join("zones", n.Value), n.Value)
	default:
		return "write " + exampleEntry + ", or another export"
	}
}

// listHint says what to write in the place of what is no list of exports.
func listHint(n *yaml.Node) string {
	line, short := topology.Flow(n)
	if n.Kind != yaml.MappingNode || !short || len(n.Content) == 0 {
		return "write [" + exampleEntry + "], or your own exports"
	}
	for _, key := range keys {
		if valueOf(n, key) != nil {
			return "write [" + line + "]"
		}
	}
	var entries []string
	for i := 1; i < len(n.Content); i += 2 {
		entry, _ := topology.Flow(n.Content[i])
		entries = append(entries, entry)
	}
	return "write [" + strings.Join(entries, ", ") + "]"
}
