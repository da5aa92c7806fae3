package report_test

import (
	"testing"

	"github.com/auralink/auralink/internal/report"
)

func TestMarkup(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a name", "production-orch-0000.neo4j.io", "production-orch-0000.neo4j.io"},
		{"a wildcard", "*.endpoints.neo4j.io", `\*.endpoints.neo4j.io`},
		{"a table's pipe", "a|b", `a\|b`},
		{"a tag, code and emphasis", "<b>`x`_y_", "&lt;b>\\`x\\`\\_y\\_"},
		{"two lines", "a\nb", "a b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := report.Markup(tt.text); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
