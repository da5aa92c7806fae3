package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/audit"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/spell"
)

// Audit is what an audit prints; its JSON form is meant for programs.
type Audit struct {
	// VPC is the one whose clients ask.
	VPC string `json:"vpc"`
	// Names is how many names were read.
	Names int `json:"names"`
	// Partial is why not all was read; "" where it was.
	Partial string `json:"partial,omitempty"`
	// Sources are what the files were taken for.
	Sources []holdings.Source `json:"sources,omitempty"`
	// Notes are what was left out that changes no answer.
	Notes    []holdings.Note `json:"notes,omitempty"`
	Errors   int             `json:"errors"`
	Warnings int             `json:"warnings"`
	Findings []audit.Finding `json:"findings"`
}

// NewAudit returns the findings as they are printed.
func NewAudit(s audit.Subject, findings []audit.Finding) Audit {
	d := Audit{VPC: s.VPC.Name, Names: s.Set.Len(), Sources: s.Set.Sources(), Notes: s.Set.Notes(), Findings: append([]audit.Finding{}, findings...)}
	for _, f := range findings {
		if f.Severity == audit.SeverityError {
			d.Errors++
		} else {
			d.Warnings++
		}
	}
	return d
}

// Add adds that another set was read for some of the VPC's clients.
func (d *Audit) Add(set *holdings.Set) {
	d.Names = max(d.Names, set.Len())
	for _, s := range set.Sources() {
		if !slices.ContainsFunc(d.Sources, func(known holdings.Source) bool { return known.String() == s.String() }) {
			d.Sources = append(d.Sources, s)
		}
	}
	for _, n := range set.Notes() {
		if !slices.Contains(d.Notes, n) {
			d.Notes = append(d.Notes, n)
		}
	}
}

func namesWere(n int) string {
	if n == 1 {
		return "1 name was"
	}
	return spell.Count(n, "name") + " were"
}

func (d Audit) summary() string {
	switch {
	case d.Partial != "":
		return fmt.Sprintf("VPC %s: %s, %s so far; %s", d.VPC,
			spell.Count(d.Errors, "error"), spell.Count(d.Warnings, "warning"), partialPhrase(d.Partial))
	case len(d.Findings) == 0:
		return fmt.Sprintf("VPC %s: no findings; %s read", d.VPC, namesWere(d.Names))
	}
	return fmt.Sprintf("VPC %s: %s, %s; %s read", d.VPC,
		spell.Count(d.Errors, "error"), spell.Count(d.Warnings, "warning"), namesWere(d.Names))
}

// WriteText writes the document for a person at a terminal.
func (d Audit) WriteText(w io.Writer) error {
	var b strings.Builder
	for _, f := range d.Findings {
		if place := f.Place.String(); place != "" {
			fmt.Fprintf(&b, "%s: ", place)
		}
		fmt.Fprintf(&b, "%s: %s [%s]\n      hint: %s\n", f.Severity, f.Message, f.Code, f.Hint)
	}
	if len(d.Findings) > 0 {
		b.WriteByte('\n')
	}
	for _, line := range sourceLines(d.Sources) {
		fmt.Fprintln(&b, line)
	}
	fmt.Fprintln(&b, d.summary())
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteMarkdown writes the document for a comment on a change.
func (d Audit) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s.\n", Markup(d.summary()))
	for _, line := range sourceLines(d.Sources) {
		fmt.Fprintf(&b, "\n- %s", Markup(line))
	}
	for _, n := range d.Notes {
		fmt.Fprintf(&b, "\n- note: %s", Markup(n.String()))
	}
	if len(d.Sources)+len(d.Notes) > 0 {
		b.WriteByte('\n')
	}
	if len(d.Findings) > 0 {
		b.WriteString("\n| severity | place | what | what to do |\n|---|---|---|---|\n")
	}
	for _, f := range d.Findings {
		fmt.Fprintf(&b, "| %s | %s | %s (`%s`) | %s |\n", f.Severity, Markup(f.Place.String()), Markup(f.Message), f.Code, Markup(f.Hint))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// maxSources is how many files are named that were read.
const maxSources = 10

// sourceLines say what files were taken for; of many, how many of each kind.
func sourceLines(sources []holdings.Source) []string {
	var lines []string
	if len(sources) <= maxSources {
		for _, s := range sources {
			lines = append(lines, s.String())
		}
		return lines
	}
	counts := make(map[string]int)
	for _, s := range sources {
		counts[s.Kind]++
	}
	for _, kind := range slices.Sorted(maps.Keys(counts)) {
		lines = append(lines, readAs(counts[kind], kind))
	}
	return lines
}

// readAs says how many files are read as files of a kind.
func readAs(files int, kind string) string {
	if files == 1 {
		return "1 file is read as " + kind
	}
	return fmt.Sprintf("%d files are read as %s", files, kind)
}
