package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/spell"
)

// WriteMarkdown writes the document for a comment on a change.
func (d Diff) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### VPC %s against %s\n\n%s.\n", Markup(d.VPC), Markup(d.Against), Markup(d.phrase()))
	d.dangersTo(&b)
	if len(d.Faults) > 0 {
		fmt.Fprintf(&b, "\n**%s**\n\n", strings.ToUpper(faultsHeading[:1])+faultsHeading[1:])
	}
	for _, f := range d.Faults {
		fmt.Fprintf(&b, "- :grey_question: %s (`%s`)\n", Markup(f.String()), f.Kind)
	}
	if len(d.Violations) > 0 {
		fmt.Fprintf(&b, "\n**Guards**\n\n")
	}
	for _, v := range d.Violations {
		fmt.Fprintf(&b, "- `%s`: %s%s\n", v.Code, Markup(v.Message), d.forced(v))
	}
	if d.Acceptance != "" {
		fmt.Fprintf(&b, "\nA server that holds it back takes it with this line at the top of the new text:\n\n```yaml\n%s\n```\n", d.Acceptance)
	}
	d.newClientsTo(&b)
	d.tableTo(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// dangersTo writes what is dangerous, and what individual records mend.
func (d Diff) dangersTo(b *strings.Builder) {
	if d.dangers() > 0 {
		fmt.Fprintf(b, "\n**Dangerous**\n\n")
	}
	warning := func(sentence string) string { return "- :warning: " + Markup(sentence) + "\n" }
	for _, m := range d.dangerousClients() {
		b.WriteString(warning(clientSentence(m)))
	}
	b.WriteString(d.sentences(true, "- ", warning))
	if d.mends() > 0 {
		fmt.Fprintf(b, "\n**%s%s**\n\n", strings.ToUpper(mendsHeading[:1]), mendsHeading[1:])
		b.WriteString(d.sentences(false, "- ", func(sentence string) string { return "- " + Markup(sentence) + "\n" }))
	}
}

// newClientsTo writes which clients were in no VPC before.
func (d Diff) newClientsTo(b *strings.Builder) {
	moves := d.newClients()
	if len(moves) > 0 {
		b.WriteByte('\n')
	}
	for _, m := range moves {
		fmt.Fprintf(b, "- %s\n", Markup(clientSentence(m)))
	}
}

// tableTo writes all changes as a table, folded if it is long.
func (d Diff) tableTo(b *strings.Builder) {
	if len(d.Changes) == 0 {
		return
	}
	fold := len(d.Changes) > unfolded
	if fold {
		fmt.Fprintf(b, "\n<details><summary>%s</summary>\n", spell.Count(d.Counts.Total(), "change"))
	}
	fmt.Fprintf(b, "\n| | name | before | after |\n|---|---|---|---|\n")
	for _, c := range d.Changes {
		before, after := c.Before.cell(), c.After.cell()
		switch {
		case c.Kind == diff.TTL:
			before, after = fmt.Sprintf("TTL %d", *c.Before.TTL), fmt.Sprintf("TTL %d", *c.After.TTL)
		case c.Kind == diff.Leaks && c.Before.answers():
			before += ", other types asked elsewhere"
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", c.Kind, Markup(c.Name), before, after)
	}
	if rest := d.Counts.Total() - len(d.Changes); rest > 0 {
		fmt.Fprintf(b, "\nand %s\n", spell.Count(rest, "more change"))
	}
	if fold {
		b.WriteString("\n</details>\n")
	}
}

// unfolded is how many changes are shown without being asked for.
const unfolded = 30

// cell returns what a side has, for a table.
func (s *stateDocument) cell() string {
	if s == nil {
		return "–"
	}
	text := s.withRegions()
	if s.By != "" {
		text += " by " + s.By
	}
	return Markup(text)
}
