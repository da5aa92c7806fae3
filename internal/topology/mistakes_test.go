package topology_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
)

// TestMistakes mends each of two hundred topologies by what the hints say, to the
// letter: one error after the other, until there is none. The golden has the errors,
// the hints, and what comes of them.
func TestMistakes(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/mistakes.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range archive.Files {
		t.Run(file.Name, func(t *testing.T) {
			fmt.Fprintf(&all, "-- %s --\n%s", file.Name, mendAll(t, string(file.Data)))
		})
	}
	const golden = "testdata/mistakes.golden"
	if *topology.Update {
		if err := os.WriteFile(golden, []byte(all.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), all.String()); diff != "" {
		t.Errorf("%s (-golden +got):\n%s", golden, diff)
	}
}

// maxRounds is how many hints a topology with a mistake may take.
const maxRounds = 6

// mendAll follows the hint of the first error until there is none, and returns what was done.
func mendAll(t *testing.T, text string) string {
	t.Helper()
	log, _ := mended(t, text)
	return log
}

// mended is mendAll, and returns the text as well.
func mended(t *testing.T, text string) (done, right string) {
	t.Helper()
	var log strings.Builder
	for range maxRounds {
		_, _, findings, err := plan.ReadTopology(strings.NewReader(text))
		if err == nil {
			return log.String(), text
		}
		for _, f := range alike(findings) {
			if mended, ok := mend(text, f); ok {
				fmt.Fprintf(&log, "%s%s", topology.Findings{f}.Report(), changed(text, mended))
				text = mended
				continue
			}
			t.Fatalf("the hint says nothing that can be followed:\n%s\n%s%s", text, log.String(), topology.Findings{f}.Report())
		}
	}
	t.Fatalf("the hints do not lead to a topology that can be used:\n%s\n%s", log.String(), text)
	return "", ""
}

// alike returns the first error and, of YAML that is not supported, all of them, the
// last first: what an anchor is for is told where it is used.
func alike(findings topology.Findings) topology.Findings {
	var errors topology.Findings
	for _, f := range findings {
		if f.Severity == topology.SeverityError && (len(errors) == 0 || f.Code == errors[0].Code) {
			errors = append(errors, f)
		}
	}
	if errors[0].Code != topology.CodeUnsupported {
		return errors[:1]
	}
	slices.Reverse(errors)
	return errors
}

// changed are the lines that differ.
func changed(before, after string) string {
	count := make(map[string]int)
	for line := range strings.Lines(before) {
		count[line]++
	}
	var b strings.Builder
	for line := range strings.Lines(after) {
		if count[line]--; count[line] < 0 {
			b.WriteString("  +   | " + line)
		}
	}
	if b.Len() == 0 {
		return "  -   |\n"
	}
	return b.String()
}
