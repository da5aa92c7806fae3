package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/spell"
)

// WriteText writes the document for a person at a terminal.
func (d Diff) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "VPC %s against %s: %s\n", d.VPC, d.Against, d.phrase())
	d.writeDangers(&b)
	d.writeChanges(&b)
	for i, f := range d.Faults {
		if i == 0 {
			fmt.Fprintf(&b, "\n%s:\n", faultsHeading)
		}
		fmt.Fprintf(&b, "? %s [%s]\n", f.Note, f.Kind)
	}
	for i, v := range d.Violations {
		if i == 0 {
			fmt.Fprintf(&b, "\nguards:\n")
		}
		fmt.Fprintf(&b, "%s: %s%s\n", v.Code, v.Message, d.forced(v))
	}
	if d.Acceptance != "" {
		fmt.Fprintf(&b, "\na server that holds it back takes it with this line at the top of the new text:\n%s\n", d.Acceptance)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (d Diff) writeDangers(b *strings.Builder) {
	marked := func(mark string) func(string) string {
		return func(sentence string) string { return mark + " " + sentence + "\n" }
	}
	if d.dangers() > 0 {
		fmt.Fprintf(b, "\ndangerous:\n")
	}
	for _, m := range d.dangerousClients() {
		b.WriteString(marked("!")(clientSentence(m)))
	}
	b.WriteString(d.sentences(true, "  ", marked("!")))
	if d.mends() > 0 {
		fmt.Fprintf(b, "\n%s:\n%s", mendsHeading, d.sentences(false, "  ", marked("~")))
	}
}

func (d Diff) writeChanges(b *strings.Builder) {
	more := d.newClients()
	if len(d.Changes)+len(more) > 0 {
		fmt.Fprintf(b, "\nchanges:\n")
	}
	for _, m := range more {
		fmt.Fprintf(b, "+ %s\n", clientSentence(m))
	}
	for _, c := range d.Changes {
		fmt.Fprintf(b, "%s %s\n", c.mark(), c.line())
	}
	b.WriteString(others("  ", d.Counts.Total()-len(d.Changes), "changes"))
}

// forced says of a violation that it does not stand in the way.
func (d Diff) forced(v guard.Violation) string {
	if slices.Contains(d.Forced, v.Code) {
		return " (forced)"
	}
	return ""
}

// countsPhrase says the counts.
func (d Diff) countsPhrase() string {
	c := d.Counts
	switch {
	case c.Total() == 0 && len(d.Faults) > 0:
		return spell.Count(c.After, "name") + ", the same in what is read"
	case c.Total() == 0:
		return spell.Count(c.After, "name") + ", all the same"
	}
	phrase := fmt.Sprintf("%s before, %d after; %d added, %d removed, %d changed", spell.Count(c.Before, "name"), c.After, c.Added, c.Removed, c.Changed)
	if c.Unanswered > 0 {
		phrase += fmt.Sprintf(", %d not known", c.Unanswered)
	}
	if c.Leaks > 0 {
		phrase += fmt.Sprintf(", %d asked elsewhere", c.Leaks)
	}
	if c.Hides > 0 {
		phrase += fmt.Sprintf(", %d hidden", c.Hides)
	}
	if c.TTL > 0 {
		phrase += fmt.Sprintf(", %d with another TTL", c.TTL)
	}
	return phrase
}

// others says how many are not listed.
func others(indent string, n int, what string) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf("%sand %d more %s\n", indent, n, what)
}

// sentence says what flips.
func (f flipDocument) sentence() string {
	return fmt.Sprintf("%s: from %s to %s", f.Family, f.side(f.Before), f.side(f.After))
}

func (f flipDocument) side(mode string) string {
	if mode == familyWildcard {
		return "the wildcard *." + f.Family
	}
	return fmt.Sprintf("%d individual records", f.Names)
}

// sentence says how a name moves.
func (c changeDocument) sentence() string {
	return fmt.Sprintf("%s leads to %s instead of %s (%s)", c.Name, regionsPhrase(c.After.Regions), regionsPhrase(c.Before.Regions), c.how())
}

// how says by which records a name moves.
func (c changeDocument) how() string {
	by := func(s *stateDocument) string {
		text := s.data()
		if s.By != "" {
			text += " by " + s.By
		}
		return text
	}
	return by(c.Before) + " → " + by(c.After)
}

func regionsPhrase(regions []string) string {
	if len(regions) == 0 {
		return "no known region"
	}
	return strings.Join(regions, ", ")
}

func (c changeDocument) mark() string {
	switch c.Kind {
	case diff.Added:
		return "+"
	case diff.Removed:
		return "-"
	case diff.Unanswered:
		return "?"
	case diff.Changed, diff.TTL, diff.Leaks, diff.Hides:
	}
	return "~"
}

// line says what happens to a name, in a line.
func (c changeDocument) line() string {
	switch c.Kind {
	case diff.Added:
		return c.Name + "  " + c.After.withRegions() + c.Before.covering(c.After, "before")
	case diff.Removed:
		return c.Name + "  " + c.Before.withRegions() + c.After.covering(c.Before, "from now on")
	case diff.TTL:
		return fmt.Sprintf("%s  TTL %d → %d", c.Name, *c.Before.TTL, *c.After.TTL)
	case diff.Unanswered:
		return c.Name + "  not answered; wanted " + c.After.withRegions()
	case diff.Leaks:
		if c.Before.answers() {
			return c.Name + "  " + c.Before.withRegions() + ", and questions for other types (AAAA, HTTPS) are asked elsewhere"
		}
	case diff.Changed, diff.Hides:
	}
	return c.Name + "  " + c.Before.withRegions() + " → " + c.After.withRegions()
}

// covering says what a wildcard has for a name on a side where the name has no
// record of its own, unless that is the same.
func (s *stateDocument) covering(own *stateDocument, when string) string {
	switch {
	case s == nil || s.By == "":
		return ""
	case s.data() == own.data():
		return fmt.Sprintf("; %s by %s", when, s.By)
	default:
		return fmt.Sprintf("; %s %s by %s", when, s.withRegions(), s.By)
	}
}

// answers reports whether a name has addresses, or a target.
func (s *stateDocument) answers() bool { return s != nil && (len(s.Addresses) > 0 || s.Target != "") }

// data says what a name has.
func (s *stateDocument) data() string {
	if s == nil {
		return "nothing"
	}
	return holdings.Data{Addrs: s.Addresses, Target: s.Target, Action: s.Action}.String()
}

// withRegions says what a name has and where that leads.
func (s *stateDocument) withRegions() string {
	text := s.data()
	switch {
	case s == nil || len(s.Addresses) == 0:
		return text
	case len(s.Regions) == 0:
		return text + " (no known region)"
	default:
		return text + " (" + strings.Join(s.Regions, ", ") + ")"
	}
}
