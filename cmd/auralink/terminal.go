package main

import (
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/auralink/auralink/internal/report"
)

// terminal is an output that is coloured where it is a terminal that wants colours.
type terminal struct {
	io.Writer
	painter *report.Painter // nil: no colours
}

// newTerminal returns an output. Nothing is coloured in a file or a pipe, with
// NO_COLOR (no-color.org), or on a terminal that is said to be dumb.
func newTerminal(w io.Writer) terminal {
	if !isTerminal(w) || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return terminal{Writer: w}
	}
	painter := report.NewPainter(w)
	return terminal{Writer: painter, painter: painter}
}

// flush writes what is left of a line without an end.
func (t terminal) flush() {
	if t.painter != nil {
		_ = t.painter.Flush() // what could be told of it would go the same way
	}
}

// isTerminal reports whether a person sees what is written there.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// uncoloured returns what an output writes to.
func uncoloured(w io.Writer) io.Writer {
	t, ok := w.(terminal)
	switch {
	case !ok:
		return w
	case t.painter == nil:
		return t.Writer
	default:
		return t.painter.Writer()
	}
}

// colour sets what a command's standard output is coloured by: findings and changes
// are, and what is for programs or for another DNS system is not.
func colour(cmd *cobra.Command) {
	t, ok := cmd.OutOrStdout().(terminal)
	if !ok || t.painter == nil {
		return
	}
	format := cmd.Flags().Lookup("output")
	check := cmd.Flags().Lookup("check")
	switch {
	case check != nil && check.Value.String() == "true", cmd.Name() == "diff" && format.Value.String() == string(outputText):
		t.painter.Changes()
	case cmd.Name() == "export", format == nil, format.Value.String() != string(outputText):
		t.painter.Off()
	}
}
