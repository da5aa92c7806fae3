package main

import (
	"fmt"
	"os"

	"github.com/auralink/auralink/internal/acceptance"
)

// acceptance returns the line by which a server takes the topology in the place of
// the one that it is compared with; "" for one that came over standard input, or
// that is the same.
func (f diffFlags) acceptance(path string) (string, error) {
	if path == "-" {
		return "", nil
	}
	var digests [2]acceptance.Digest
	for i, name := range []string{f.against, path} {
		text, err := os.ReadFile(name)
		if err != nil {
			return "", fmt.Errorf("reading topology: %w", err)
		}
		digests[i] = acceptance.Of(text)
	}
	if digests[0] == digests[1] {
		return "", nil
	}
	return acceptance.Acceptance{From: digests[0], To: digests[1]}.String(), nil
}
