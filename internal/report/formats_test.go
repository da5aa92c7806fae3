package report_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/auralink/auralink/internal/report"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// TestDescriptionsAreNarrow: what is said of a format fits a terminal, but for its
// first line.
func TestDescriptionsAreNarrow(t *testing.T) {
	for _, f := range all.Formats() {
		var text strings.Builder
		if err := report.DescribeFormats(&text, []formats.Format{f}); err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(text.String(), "\n")
		for line := range strings.Lines(rest) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 80 {
				t.Errorf("%s: a line of %d columns: %s", f.Name, n, line)
			}
		}
	}
}

// TestDescribeFormats: long lines are broken at spaces, and what is said of a
// parameter is set in.
func TestDescribeFormats(t *testing.T) {
	f := formats.Format{
		Name: "x", Summary: "what it is", Form: strings.Repeat("five ", 17), Limits: "none", Shaped: true,
		Parameters: []formats.Parameter{{Name: "p", Default: "d", Doc: strings.Repeat("five ", 16) + "end"}},
	}
	var text strings.Builder
	if err := report.DescribeFormats(&text, []formats.Format{f}); err != nil {
		t.Fatal(err)
	}
	five := func(n int) string { return strings.TrimSpace(strings.Repeat("five ", n)) }
	want := "x: what it is\n\n" + five(16) + "\nfive\n\nLimits: none\n\n--shape per-name (the default) or one-zone\n\n" +
		"--set p=VALUE (d if left out)\n  " + five(15) + "\n  five end\n"
	if text.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", text.String(), want)
	}
}
