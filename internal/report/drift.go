package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/auralink/auralink/internal/drift"
	"github.com/auralink/auralink/internal/spell"
)

// Drift is what has changed in the clouds; its JSON form is meant for programs.
type Drift struct {
	// Links is how many links the topology has, Judged how many of them were compared.
	Links    int             `json:"links"`
	Judged   int             `json:"judged"`
	Unjudged []string        `json:"unjudged,omitempty"`
	Findings []drift.Finding `json:"findings"`
}

// NewDrift returns what was found out as it is printed.
func NewDrift(r drift.Result) Drift {
	return Drift{Links: r.Links, Judged: r.Links - len(r.Unjudged), Unjudged: r.Unjudged, Findings: append([]drift.Finding{}, r.Findings...)}
}

func (d Drift) summary() string {
	found := spell.Count(len(d.Findings), "finding")
	written := 0
	for _, f := range d.Findings {
		if f.Written {
			written++
		}
	}
	switch {
	case len(d.Findings) == 0:
		found = "no drift"
	case written > 0:
		found += fmt.Sprintf(", %d of them written", written)
	}
	return fmt.Sprintf("%s; %d of %s compared", found, d.Judged, spell.Count(d.Links, "link"))
}

// where returns the VPC and the region of a finding, with a colon; "" where it has none.
func where(f drift.Finding) string {
	switch {
	case f.VPC == "":
		return ""
	case f.Region == "":
		return "VPC " + f.VPC + ": "
	default:
		return fmt.Sprintf("VPC %s, link %s: ", f.VPC, f.Region)
	}
}

// WriteText writes it for a terminal.
func (d Drift) WriteText(w io.Writer) error {
	var b strings.Builder
	for _, f := range d.Findings {
		fmt.Fprintf(&b, "%s%s [%s]%s\n", where(f), f.Message, f.Code, ifWritten(f))
		if f.Hint != "" {
			fmt.Fprintf(&b, "      hint: %s\n", f.Hint)
		}
	}
	for _, u := range d.Unjudged {
		fmt.Fprintf(&b, "not compared: %s: the lists say nothing of it\n", u)
	}
	fmt.Fprintln(&b, d.summary())
	_, err := io.WriteString(w, b.String())
	return err
}

// ifWritten says of a finding that was dealt with that it was.
func ifWritten(f drift.Finding) string {
	if f.Written {
		return ", written"
	}
	return ""
}

// cell returns a text as a cell of a table in Markdown.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`, "`", `\`+"`").Replace(text)
}

// WriteMarkdown writes it for a ticket.
func (d Drift) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### Private endpoints: %s\n", d.summary())
	if len(d.Findings) > 0 {
		b.WriteString("\n| VPC | link | what | to do |\n|---|---|---|---|\n")
	}
	for _, f := range d.Findings {
		fmt.Fprintf(&b, "| %s | %s | %s (`%s`) | %s |\n", cell(f.VPC), cell(f.Region), cell(f.Message), f.Code, cell(f.Hint+strings.TrimPrefix(ifWritten(f), ", ")))
	}
	if len(d.Unjudged) > 0 {
		fmt.Fprintf(&b, "\nNot compared, for the lists say nothing of them: %s.\n", cell(strings.Join(d.Unjudged, ", ")))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
