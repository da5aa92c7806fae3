package report_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/report"
)

// TestWriteQuality: a report has what GitLab asks for of each issue, and tells issues apart
// by fingerprints that do not depend on the line.
func TestWriteQuality(t *testing.T) {
	read := func(line int) []map[string]any {
		var out strings.Builder
		err := report.WriteQuality(&out, []report.Annotation{
			{Level: "error", File: "./a/topology.yaml", Line: line, Column: 4, Title: "bad-name", Message: "no <b>name</b>\nwrite another"},
			{Level: "warning", File: "a/topology.yaml", Line: line + 1, Title: "odd", Message: "odd"},
			{Level: "warning", File: "a/topology.yaml", Line: line + 2, Title: "odd", Message: "odd"},
			{Level: "notice", Message: "of no file"},
		}, "else.yaml")
		if err != nil {
			t.Fatal(err)
		}
		var issues []map[string]any
		if err := json.Unmarshal([]byte(out.String()), &issues); err != nil {
			t.Fatal(err)
		}
		return issues
	}
	at := func(path string, line float64) map[string]any {
		return map[string]any{"path": path, "lines": map[string]any{"begin": line}}
	}
	first, moved := read(3), read(30)
	want := []map[string]any{
		{"description": "no <b>name</b>. write another", "check_name": "bad-name", "severity": "critical", "location": at("a/topology.yaml", 3)},
		{"description": "odd", "check_name": "odd", "severity": "minor", "location": at("a/topology.yaml", 4)},
		{"description": "odd", "check_name": "odd", "severity": "minor", "location": at("a/topology.yaml", 5)},
		{"description": "of no file", "check_name": "", "severity": "info", "location": at("else.yaml", 1)},
	}
	seen := make(map[any]bool)
	for i := range first {
		if first[i]["fingerprint"] != moved[i]["fingerprint"] || seen[first[i]["fingerprint"]] {
			t.Errorf("issue %d has the fingerprint %v, and with other lines %v", i, first[i]["fingerprint"], moved[i]["fingerprint"])
		}
		seen[first[i]["fingerprint"]] = true
		delete(first[i], "fingerprint")
	}
	if diff := cmp.Diff(want, first); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var none strings.Builder
	if err := report.WriteQuality(&none, nil, ""); err != nil || none.String() != "[]\n" {
		t.Errorf("of nothing it is %q, error %v", none.String(), err)
	}
}
