package judge_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/doctor/judge"
)

//go:generate go test . -run ^TestDocs$ -update

// marker is where the entries of the codes begin in docs/doctor.md.
const marker = "<!-- generated from internal/doctor/judge/catalogue.go by \"make generate\" -->\n"

// entries returns the entries of all codes, as docs/doctor.md has them.
func entries() string {
	var b strings.Builder
	for _, e := range judge.Codes() {
		fmt.Fprintf(&b, "\n### %s\n\n%s: %s.\n\n- **Means**: %s.\n- **Do**: %s.\n", e.Code, e.Severity, e.Title, e.Means, e.Remedy)
	}
	return b.String()
}

// TestDocs: docs/doctor.md has an entry for each code, which findings name.
func TestDocs(t *testing.T) {
	const path = "../../../docs/doctor.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, got, found := strings.Cut(string(text), marker)
	if !found {
		t.Fatalf("%s has no marker", path)
	}
	if *update {
		if err := os.WriteFile(path, []byte(before+marker+entries()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(entries(), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}
