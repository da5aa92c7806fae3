package report_test

import (
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/report"
)

func TestAnnotation(t *testing.T) {
	tests := []struct {
		name string
		a    report.Annotation
		want string
	}{
		{
			"all of it",
			report.Annotation{Level: "error", File: "topology.yaml", Line: 3, Column: 5, Title: "bad-name", Message: "no"},
			"::error file=topology.yaml,line=3,col=5,title=bad-name::no",
		},
		{
			"a name with a line break",
			report.Annotation{Level: "error", File: "a\n::error::b", Message: "c\r\n::set-output name=d::e"},
			"::error file=a%0A%3A%3Aerror%3A%3Ab::c%0D%0A::set-output name=d::e",
		},
		{
			"a name that would add properties",
			report.Annotation{Level: "warning", File: "a,line=9::b", Message: "100 %"},
			"::warning file=a%2Cline=9%3A%3Ab::100 %25",
		},
		{"an escape that is there", report.Annotation{Level: "notice", File: "%0A", Message: "%0A"}, "::notice file=%250A::%250A"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.a.String(); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// TestWriteAnnotations: the runner shows ten of a level, and the last one says how
// many there are.
func TestWriteAnnotations(t *testing.T) {
	all := make([]report.Annotation, 25)
	for i := range all {
		all[i] = report.Annotation{Level: "error", File: "f", Line: i + 1, Message: "no"}
	}
	var b strings.Builder
	if err := report.WriteAnnotations(&b, append(all, report.Annotation{Level: "notice", Message: "fine"})); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 11 || lines[9] != "::error file=f::and 16 more: the log of this step has all" || lines[10] != "::notice ::fine" {
		t.Errorf("%q", lines)
	}
}
