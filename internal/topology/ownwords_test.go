package topology_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/topology"
)

// TestOwnWords: whichever sign is put into a topology, or left out of it, what is wrong with
// its YAML is told in words of ours, and with what to do.
func TestOwnWords(t *testing.T) {
	const text = "regions:\n  east:\n    orchestras: [\"0000\"]\nvpcs:\n  apps:\n    links:\n      east: [10.0.0.1, 'fd00::1']\ncustom_endpoints: {my-ep: east}\n"
	all := 0
	for at := range text {
		changed := []string{text[:at] + text[at+1:]}
		for _, sign := range []string{`\`, `"`, "'", "`", "@", "%", "&", "*", "!", "|", ">", "?", "- ", ": ", ",", "[", "]", "{", "}", "#", "\t", "\n"} {
			changed = append(changed, text[:at]+sign+text[at:])
		}
		for _, text := range changed {
			_, findings, _ := topology.Parse(strings.NewReader(text))
			for _, f := range findings {
				if f.Code != topology.CodeSyntax {
					continue
				}
				all++
				said := strings.TrimPrefix(f.Message, "not valid YAML: ")
				if slices.Contains(topology.LibraryMessages(), said) || strings.HasPrefix(said, "while ") || f.Hint == "" || f.Line == 0 || strings.HasPrefix(said, "it does not go on") {
					t.Errorf("in\n%s:\n%s", text, topology.Findings{f}.Report())
				}
			}
		}
	}
	if all < 500 {
		t.Errorf("%d errors of YAML, of which there should be many", all)
	}
}
