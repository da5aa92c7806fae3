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
		{"a tag, code and emphasis", "<b>`x`_y_", "&lt;b&gt;\\`x\\`\\_y\\_"},
		{"a link", "[x](https://example.org/)", `\[x\](https:\//example.org/)`},
		{"an image", "![x](//example.org/a.png)", `\!\[x\](//example.org/a.png)`},
		{"a link without markup", "see https://example.org and www.example.org", `see https:\//example.org and www\.example.org`},
		{"an address of mail", "admin@example.org", "admin@\u200bexample.org"},
		{"somebody mentioned", "@someone and @some/team", "@\u200bsomeone and @\u200bsome/team"},
		{"an issue and others", "#1 GH-2 !3 ~bug %4 &5", "#\u200b1 GH-\u200b2 \\!\u200b3 \\~\u200bbug %\u200b4 &amp;\u200b5"},
		{"an entity", "&lt;b&gt;", "&amp;\u200blt;b&amp;\u200bgt;"},
		{"a backslash before a bracket", `\[x](y)`, `\\\[x\](y)`},
		{"a percentage", "more than 30 % of 10", "more than 30 % of 10"},
		{"an escape sequence", "a\x1b[31mb\r", "a \\[31mb "},
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
