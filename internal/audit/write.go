package audit

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/auralink/auralink/internal/markdown"
)

// Document is what an audit prints; its JSON form is meant for programs.
type Document struct {
	// VPC is the one whose clients ask.
	VPC string `json:"vpc"`
	// Names is how many names were read.
	Names    int       `json:"names"`
	Errors   int       `json:"errors"`
	Warnings int       `json:"warnings"`
	Findings []Finding `json:"findings"`
}

// NewDocument returns the findings as they are printed.
func NewDocument(s Subject, findings []Finding) Document {
	d := Document{VPC: s.VPC.Name, Names: s.Set.Len(), Findings: append([]Finding{}, findings...)}
	for _, f := range findings {
		if f.Severity == SeverityError {
			d.Errors++
		} else {
			d.Warnings++
		}
	}
	return d
}

// WriteJSON writes the document, indented.
func (d Document) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(d)
}

func (d Document) summary() string {
	if len(d.Findings) == 0 {
		return fmt.Sprintf("VPC %s: no findings; %d names were read", d.VPC, d.Names)
	}
	return fmt.Sprintf("VPC %s: %d errors, %d warnings; %d names were read", d.VPC, d.Errors, d.Warnings, d.Names)
}

// WriteText writes the document for a person at a terminal.
func (d Document) WriteText(w io.Writer) error {
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
	fmt.Fprintln(&b, d.summary())
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteMarkdown writes the document for a comment on a change.
func (d Document) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s.\n", markdown.Text(d.summary()))
	if len(d.Findings) > 0 {
		b.WriteString("\n| severity | place | what | what to do |\n|---|---|---|---|\n")
	}
	for _, f := range d.Findings {
		fmt.Fprintf(&b, "| %s | %s | %s (`%s`) | %s |\n", f.Severity, markdown.Text(f.Place.String()), markdown.Text(f.Message), f.Code, markdown.Text(f.Hint))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
