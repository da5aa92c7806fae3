package report_test

import (
	"io"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/report"
)

func TestPainter(t *testing.T) {
	tests := []struct {
		name    string
		changes bool
		text    string
		want    string
	}{
		{"a finding with its place", false, "topology.yaml:3:5: error: no\n", "topology.yaml:3:5: \x1b[1;31merror\x1b[0m: no\n"},
		{"a finding without", false, "warning: odd\n", "\x1b[33mwarning\x1b[0m: odd\n"},
		{"the hint below it", false, "      hint: write this\n", "      \x1b[32mhint\x1b[0m: write this\n"},
		{"our own message", false, "auralink: error: no\n", "auralink: \x1b[1;31merror\x1b[0m: no\n"},
		{"the word elsewhere", false, "there was an error: no\n", "there was an error: no\n"},
		{"what is added", true, "+ a.example\n", "\x1b[32m+ a.example\x1b[0m\n"},
		{"what is removed", true, "-old\n", "\x1b[31m-old\x1b[0m\n"},
		{"what is dangerous", true, "! a leads elsewhere\n", "\x1b[1;31m! a leads elsewhere\x1b[0m\n"},
		{"no changes are meant", false, "- a list\n", "- a list\n"},
		{"no end", false, "error: x", "error: x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			p := report.NewPainter(&out)
			if tt.changes {
				p.Changes()
			}
			for _, c := range tt.text { // as a tabwriter does, in pieces
				if _, err := io.WriteString(p, string(c)); err != nil {
					t.Fatal(err)
				}
			}
			if err := p.Flush(); err != nil {
				t.Fatal(err)
			}
			if got := out.String(); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
