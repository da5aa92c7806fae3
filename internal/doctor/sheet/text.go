package sheet

import (
	"fmt"
	"io"
	"strings"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/judge"
)

// glyphs are the sign of each severity, at the head of a line.
var glyphs = map[judge.Severity]string{
	judge.Error: "✗", judge.Unproved: "?", judge.Warning: "!", judge.Note: "·", judge.Fine: "✓",
}

// Sign is the sign of a severity, at the head of a line.
func Sign(s judge.Severity) string { return glyphs[s] }

// colours are those of the glyphs, as SGR parameters (ECMA-48).
var colours = map[judge.Severity]string{
	judge.Error: "1;31", judge.Unproved: "35", judge.Warning: "33", judge.Note: "36", judge.Fine: "32",
}

// kinds says in a few words what each group is about.
var kinds = map[doctor.Kind]string{
	doctor.KindMachine: "what this machine does to names", doctor.KindPath: "how name servers are reached",
	doctor.KindResolve: "where names lead", doctor.KindControl: "what must stay public",
	doctor.KindTCP: "connections to the links", doctor.KindTLS: "certificates, versions and suites",
	doctor.KindHTTPS: "GET / on 443", doctor.KindBolt: "Bolt on 7687, and sessions",
	doctor.KindRegion: "whether endpoints are where the topology says", doctor.KindIdle: "how long silent connections live",
	doctor.KindBrowser: "what browsers need",
}

// text writes for a terminal.
type text struct {
	strings.Builder
	colour bool
}

// WriteText writes the document for a person at a terminal, with colours if there is
// somebody to see them.
func (d Document) WriteText(w io.Writer, colour bool) error {
	t := &text{colour: colour}
	for i, n := range d.Networks {
		t.network(n, d.Records[i])
	}
	t.findings(d.Findings)
	for _, n := range d.Networks {
		t.verdicts(n, len(d.Networks) > 1)
	}
	sign := judge.Fine
	if !d.Ready {
		sign = d.Worst()
	}
	t.line(sign, "", "  ", d.summary())
	_, err := io.WriteString(w, t.String())
	return err
}

// network writes all groups of a network.
func (t *text) network(n judge.Network, r doctor.Record) {
	t.WriteString(wrapped("", "  ", header(n, r)) + "\n")
	for _, g := range n.Groups {
		t.line(g.Sign, "", "  ", fmt.Sprintf("%s: %s", g.Kind, kinds[g.Kind]))
		for _, c := range g.Checks {
			t.line(c.Sign, "  ", "    ", c.Text+codes(c.Codes))
		}
	}
	t.WriteByte('\n')
}

// header says which network it is, when and by what.
func header(n judge.Network, r doctor.Record) string {
	return fmt.Sprintf("%s, %s, %.1f s, %d probes, auralink %s",
		n.Name, r.From.UTC().Format("2006-01-02 15:04:05 UTC"), r.To.Sub(r.From).Seconds(), len(r.Evidence), r.Auralink)
}

// codes names the findings that a check led to.
func codes(all []judge.Code) string {
	if len(all) == 0 {
		return ""
	}
	words := make([]string, len(all))
	for i, code := range all {
		words[i] = string(code)
	}
	return " [" + strings.Join(words, ", ") + "]"
}

// line writes a line with a severity's glyph, and wraps it.
func (t *text) line(s judge.Severity, indent, rest, what string) {
	wrappedLine := wrapped(indent+glyphs[s]+" ", rest, what)
	t.WriteString(strings.Replace(wrappedLine, glyphs[s], t.painted(s, glyphs[s]), 1))
}

func (t *text) painted(s judge.Severity, what string) string {
	if !t.colour {
		return what
	}
	return "\x1b[" + colours[s] + "m" + what + "\x1b[0m"
}

// findings writes all findings, each with what came, what it means and what to do.
func (t *text) findings(all []judge.Finding) {
	for i, f := range all {
		what := f.Message
		if f.Network != "" {
			what = f.Network + ": " + what
		}
		number := fmt.Sprintf("%d. ", i+1)
		lines := wrapped(number+glyphs[f.Severity]+" ", "   ", fmt.Sprintf("%s: %s [%s]", f.Severity, what, f.Code))
		t.WriteString(strings.Replace(lines, glyphs[f.Severity]+" "+string(f.Severity), t.painted(f.Severity, glyphs[f.Severity]+" "+string(f.Severity)), 1))
		for k, line := range f.Evidence {
			label := "        "
			if k == 0 {
				label = "came    "
			}
			t.WriteString(wrapped("   "+label, "             ", line))
		}
		t.WriteString(wrapped("   means   ", "           ", f.Means))
		t.WriteString(wrapped("   do      ", "           ", f.Remedy))
		t.WriteString(wrapped("   more    ", "           ", f.More))
		t.WriteByte('\n')
	}
}

// verdicts writes the verdict on each region.
func (t *text) verdicts(n judge.Network, named bool) {
	for _, r := range n.Regions {
		sign := judge.Fine
		if !r.Ready {
			sign = judge.Error
		}
		what := r.Name
		if named {
			what = n.Name + ", " + what
		}
		t.line(sign, "", "  ", what+": "+regionVerdict(r))
	}
}
