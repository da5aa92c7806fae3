package unheld_test

import (
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/unheld"
)

// TestName: names that are made up differ, are known by their looks, and fit.
func TestName(t *testing.T) {
	parent := "endpoints.neo4j.io."
	name := unheld.Name(parent)
	label, ok := strings.CutSuffix(name, "."+parent)
	if !ok || !unheld.Is(label) || !unheld.Is([]byte(strings.ToUpper(label))) {
		t.Errorf("%q is not known", name)
	}
	if unheld.Name(parent) == name {
		t.Errorf("%q was made up twice", name)
	}
	for _, room := range []int{1, 15, 24} {
		if got := unheld.Label(room); len(got) > room || got == "" {
			t.Errorf("%d octets: %q", room, got)
		}
	}
}

// TestIs: no label of somebody's is taken for one that is made up.
func TestIs(t *testing.T) {
	for label, want := range map[string]bool{
		"auralink-abcdefghijklmno2":    true,
		"AURALINK-ABCDEFGHIJKLMNO7":    true,
		"auralink-abcdefghijklmno1":    false,
		"auralink-abcdefghijklmn-2":    false,
		"auralink-abcdefghijklmno":     false,
		"auralink-abcdefghijklmno22":   false,
		"a-auralink-abcdefghijklmno":   false,
		"auralink\x0dabcdefghijklmno2": false,
		"sales-ab12-cd34":              false,
		"":                             false,
	} {
		if got := unheld.Is(label); got != want {
			t.Errorf("%q: %t", label, got)
		}
	}
}
