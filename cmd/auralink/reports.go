package main

import (
	"fmt"
	"io"

	"github.com/auralink/auralink/internal/report"
)

// written is a report of one VPC, for people.
type written interface {
	WriteText(w io.Writer) error
	WriteMarkdown(w io.Writer) error
}

// writeReports writes reports: as one document, as annotations, or one behind the other.
// The parameter elsewhere is the file of what is at no line.
func writeReports[R written](w io.Writer, all []R, format output, elsewhere string, annotations func(R) []report.Annotation) error {
	switch format {
	case outputJSON:
		return report.WriteJSON(w, all)
	case outputGitHub, outputGitLab:
		var shown []report.Annotation
		for _, one := range all {
			shown = append(shown, annotations(one)...)
		}
		return writeAnnotations(w, format, shown, elsewhere)
	default: // outputText and outputMarkdown; the others are of other verbs
	}
	for i, one := range all {
		if i > 0 {
			fmt.Fprintln(w)
		}
		write := one.WriteText
		if format == outputMarkdown {
			write = one.WriteMarkdown
		}
		if err := write(w); err != nil {
			return err
		}
	}
	return nil
}

// writeAnnotations writes what a host of repositories shows at lines of files; elsewhere is
// the file of what is at none.
func writeAnnotations(w io.Writer, format output, all []report.Annotation, elsewhere string) error {
	if format == outputGitLab {
		return report.WriteQuality(w, all, elsewhere)
	}
	return report.WriteAnnotations(w, all)
}
