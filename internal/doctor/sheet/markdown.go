package sheet

import (
	"fmt"
	"io"
	"strings"

	"github.com/auralink/auralink/internal/report"
)

// WriteMarkdown writes the document for a ticket: the same table, and the findings.
func (d Document) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**\n", report.Markup(d.summary()))
	for i, n := range d.Networks {
		fmt.Fprintf(&b, "\n### %s\n\n| | group | check | findings |\n|---|---|---|---|\n", report.Markup(header(n, d.Records[i])))
		for _, g := range n.Groups {
			for _, c := range g.Checks {
				fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", glyphs[c.Sign], g.Kind, report.Markup(c.Text), report.Markup(strings.Trim(codes(c.Codes), " []")))
			}
		}
		if len(n.Regions) > 0 {
			b.WriteString("\n| region | verdict |\n|---|---|\n")
		}
		for _, r := range n.Regions {
			fmt.Fprintf(&b, "| %s | %s |\n", report.Markup(r.Name), report.Markup(regionVerdict(r)))
		}
	}
	for i, f := range d.Findings {
		if i == 0 {
			b.WriteString("\n### What was found\n\n| | finding | what came | meaning | what to do |\n|---|---|---|---|---|\n")
		}
		what := f.Message
		if f.Network != "" {
			what = f.Network + ": " + what
		}
		came := make([]string, len(f.Evidence))
		for k, line := range f.Evidence {
			came[k] = report.Markup(line)
		}
		fmt.Fprintf(&b, "| %s | %s (`%s`) | %s | %s | %s |\n", f.Severity, report.Markup(what), f.Code, strings.Join(came, "<br>"), report.Markup(f.Means), report.Markup(f.Remedy))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
