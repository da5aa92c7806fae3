package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/internal/topology"
)

// WriteText prints the plan for a person at a terminal.
func (d Plan) WriteText(w io.Writer) error {
	if d.Matrix != nil {
		var b strings.Builder
		d.Matrix.writeText(&b)
		fmt.Fprintln(&b)
		if _, err := io.WriteString(w, b.String()); err != nil {
			return err
		}
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for i, vpc := range d.VPCs {
		if i > 0 {
			fmt.Fprintln(out)
		}
		vpc.writeText(out)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if len(d.VPCs) > 0 {
		fmt.Fprintln(w)
	}
	if len(d.Findings) == 0 {
		_, err := fmt.Fprintln(w, "No findings.")
		return err
	}
	_, err := fmt.Fprintf(w, "%s: %s\n\n%s", "Findings", countFindings(d.Findings), d.Findings.Report())
	return err
}

func (v vpcDocument) writeText(out io.Writer) {
	fmt.Fprintf(out, "VPC %s: custom endpoints %s (%s)\n", v.Name, modePhrase(v.Mode), v.Reason)
	fmt.Fprintf(out, "  %s.\n", v.Explanation)
	for _, decision := range v.Decisions[1:] {
		fmt.Fprintf(out, "  *.%s: %s (%s): %s.\n",
			dnsname.TrimDot(decision.Family), decision.Mode, decision.Reason, decision.Sentence())
	}
	fmt.Fprintf(out, "  clients\t%s\n", v.clientsPhrase())
	for i, link := range v.Links {
		title := ""
		if i == 0 {
			title = "links"
		}
		fmt.Fprintf(out, "  %s\t%s\t%s\n", title, link.Region, strings.Join(link.Addresses, ", "))
	}
	fmt.Fprintf(out, "  counts\t%s\n", v.countsPhrase())
	for i, name := range v.Names {
		title := ""
		if i == 0 {
			title = "names"
		}
		fmt.Fprintf(out, "  %s\t%s\n", title, name)
	}
	if more := v.NamesTotal - len(v.Names); more > 0 {
		fmt.Fprintf(out, "  \tand %d more\n", more)
	}
}

func modePhrase(mode plan.Mode) string {
	switch mode {
	case plan.Wildcard:
		return "by wildcard"
	case plan.Individual:
		return "by individual records"
	case plan.None:
		return "left to public DNS"
	default:
		return string(mode)
	}
}

func (v vpcDocument) clientsPhrase() string {
	if len(v.Clients) == 0 {
		return "all that are in no other VPC"
	}
	return strings.Join(v.Clients, ", ")
}

func (v vpcDocument) countsPhrase() string {
	c := v.Counts
	return fmt.Sprintf("zones %d, names %d, orchestras %d, extra names %d, custom endpoints %d linked and %d not",
		c.Zones, v.NamesTotal, c.Orchestras, c.ExtraNames, c.LinkedEndpoints, c.UnlinkedEndpoints)
}

// countFindings says how many findings there are of each severity.
func countFindings(findings topology.Findings) string {
	counts := make(map[topology.Severity]int)
	for _, f := range findings {
		counts[f.Severity]++
	}
	text := spell.Count(counts[topology.SeverityError], "error") + ", " + spell.Count(counts[topology.SeverityWarning], "warning")
	if notes := counts[topology.SeverityNote]; notes > 0 {
		text += ", " + spell.Count(notes, "note")
	}
	return text
}

// WriteMarkdown prints the plan for a comment on a change.
func (d Plan) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	if d.Matrix != nil {
		d.Matrix.writeMarkdown(&b)
	}
	if len(d.VPCs) > 0 {
		b.WriteString("| VPC | custom endpoints | why | links | endpoints linked / not | names |\n|---|---|---|---|---|---|\n")
	}
	for _, vpc := range d.VPCs {
		links := make([]string, len(vpc.Links))
		for i, link := range vpc.Links {
			links[i] = Markup(link.Region + ": " + strings.Join(link.Addresses, ", "))
		}
		fmt.Fprintf(&b, "| %s | %s | `%s`: %s | %s | %d / %d | %d |\n", Markup(vpc.Name), vpc.Mode, vpc.Reason,
			Markup(vpc.Explanation), strings.Join(links, "<br>"), vpc.Counts.LinkedEndpoints, vpc.Counts.UnlinkedEndpoints, vpc.NamesTotal)
	}
	if len(d.VPCs) > 0 {
		b.WriteByte('\n')
	}
	if len(d.Findings) == 0 {
		b.WriteString("No findings.\n")
	} else {
		fmt.Fprintf(&b, "Findings: %s\n\n| severity | place | what | what to do |\n|---|---|---|---|\n", countFindings(d.Findings))
	}
	for _, f := range d.Findings {
		fmt.Fprintf(&b, "| %s | %s | %s (`%s`) | %s |\n", f.Severity, Markup(f.Where()), Markup(f.Message), f.Code, Markup(f.Hint))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
