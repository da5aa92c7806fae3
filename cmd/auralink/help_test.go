package main

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestHelp: the help of each verb fits, and says what the value of each flag is in words of
// ours, and not by its type.
func TestHelp(t *testing.T) {
	root := newRoot()
	for _, verb := range append(verbs(root), hiddenVerbs(root)...) {
		var out, errs bytes.Buffer
		if status := run([]string{verb, "--help"}, strings.NewReader(""), &out, &errs); status != 0 || errs.Len() > 0 {
			t.Errorf("%s --help: status %d: %s", verb, status, errs.String())
		}
		for line := range strings.Lines(out.String()) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > usualWidth {
				t.Errorf("%s --help has a line of %d columns:\n%s", verb, n, line)
			}
			for _, kind := range []string{" string ", " strings ", " ip ", " int ", " number ", " duration ", " stringArray ", "[]"} {
				if flag := strings.TrimSpace(line); strings.HasPrefix(flag, "-") && strings.Contains(line, kind) {
					t.Errorf("%s --help has a flag by its type:\n%s", verb, line)
				}
			}
		}
	}
}

func TestWrapped(t *testing.T) {
	long := strings.Repeat("word ", 40)
	for line := range strings.Lines(wrapped(long)) {
		if len(line) > textWidth+1 {
			t.Errorf("%d columns: %s", len(line), line)
		}
	}
	if got := strings.Fields(wrapped(long)); len(got) != 40 {
		t.Errorf("%d words", len(got))
	}
	if got := wrapped("one two"); got != "one two" {
		t.Errorf("%q", got)
	}
}
