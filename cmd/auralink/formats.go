package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/muesli/reflow/wordwrap"
	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/report"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

//go:generate sh -c "go run . formats -o markdown >../../docs/formats.md"

const formatsLong = `List the formats of auralink export, or tell what some of them are for: how a
view is written so that it means the same there, what they cannot express, and
what they must be told with --set.`

func newFormats() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:               "formats [FORMAT...]",
		Short:             "List the formats of export, and what each can and cannot express",
		Long:              formatsLong,
		Example:           "  auralink formats\n  auralink formats bind json",
		ValidArgsFunction: cobra.FixedCompletions(formatNames(), cobra.ShellCompDirectiveNoFileComp),
		RunE: func(cmd *cobra.Command, names []string) error {
			formats, err := formatsNamed(names)
			if err != nil {
				return err
			}
			switch {
			case output(out) == outputJSON:
				return writeFormatsJSON(cmd.OutOrStdout(), formats)
			case output(out) == outputMarkdown:
				return writeFormatsMarkdown(cmd.OutOrStdout(), formats)
			case len(names) == 0:
				return listFormats(cmd.OutOrStdout(), formats)
			default:
				return describeFormats(cmd.OutOrStdout(), formats)
			}
		},
	}
	outputFlag(cmd, &out, outputText, outputJSON, outputMarkdown)
	return cmd
}

func formatNames() []string {
	var names []string
	for _, f := range all.Formats() {
		names = append(names, f.Name)
	}
	return names
}

// formatsNamed returns the formats with these names, or all of them.
func formatsNamed(names []string) ([]formats.Format, error) {
	if len(names) == 0 {
		return all.Formats(), nil
	}
	var list []formats.Format
	for _, name := range names {
		f, err := pickFormat(name)
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, nil
}

// pickFormat returns the format with that name.
func pickFormat(name string) (formats.Format, error) {
	f, ok := all.Named(name)
	if !ok {
		return f, hintedError{err: fmt.Errorf("unknown format %q", name), hint: "auralink formats lists them"}
	}
	return f, nil
}

// listFormats prints a line for each format, by group.
func listFormats(w io.Writer, list []formats.Format) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	group := formats.Group("")
	for _, f := range list {
		if f.Group != group {
			group = f.Group
			fmt.Fprintf(out, "%s\n", group)
		}
		fmt.Fprintf(out, "  %s\t%s\n", f.Name, f.Summary)
	}
	fmt.Fprintf(out, "\nauralink formats FORMAT tells what it can and cannot express.\n")
	return out.Flush()
}

// width is that of running text, in columns.
const width = 80

// describeFormats prints all there is to know of each format.
func describeFormats(w io.Writer, list []formats.Format) error {
	for i, f := range list {
		var b strings.Builder
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s: %s\n\n%s\n\n%s\n", f.Name, f.Summary,
			wordwrap.String(report.Flags(f, f.Shape), width), wordwrap.String("Limits: "+report.Flags(f, f.Limits), width))
		if f.Shaped {
			b.WriteString("\n--shape per-name (the default) or one-zone\n")
		}
		if f.Servers {
			b.WriteString("\n--server IP is needed\n")
		}
		for _, p := range f.Parameters {
			fmt.Fprintf(&b, "\n--set %s=VALUE%s\n%s\n", p.Name, parameterNote(p), wordwrap.String("  "+p.Doc, width))
		}
		if _, err := io.WriteString(w, b.String()); err != nil {
			return err
		}
	}
	return nil
}

// parameterNote says whether a parameter is needed, or what its default is.
func parameterNote(p formats.Parameter) string {
	switch {
	case p.Required:
		return " is needed"
	case p.Default != "":
		return fmt.Sprintf(" (%s if left out)", p.Default)
	default:
		return ""
	}
}

// writeFormatsMarkdown prints docs/formats.md.
func writeFormatsMarkdown(w io.Writer, list []formats.Format) error {
	var b strings.Builder
	b.WriteString("# Export formats\n\nWhat `auralink formats` says of each. Written by `make generate`: do not edit.\n")
	group := formats.Group("")
	for _, f := range list {
		if f.Group != group {
			group = f.Group
			fmt.Fprintf(&b, "\n## %s\n", strings.ToUpper(string(group[:1]))+string(group[1:]))
		}
		fmt.Fprintf(&b, "\n### %s\n\nWrites %s.\n\n%s\n\n**Limits.** %s\n", f.Name, f.Summary, literal(report.Flags(f, f.Shape)), literal(report.Flags(f, f.Limits)))
		if f.Shaped {
			b.WriteString("\n- `--shape per-name` (the default) or `--shape one-zone`\n")
		}
		if f.Servers {
			b.WriteString("\n- `--server IP` is needed\n")
		}
		for _, p := range f.Parameters {
			fmt.Fprintf(&b, "\n- `--set %s=VALUE`%s: %s\n", p.Name, parameterNote(p), literal(p.Doc))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// literal keeps Markdown from taking the asterisks of wildcards for emphasis.
func literal(text string) string { return strings.ReplaceAll(text, "*", "\\*") }

// formatDocument is a format for programs.
type formatDocument struct {
	Name       string              `json:"name"`
	Group      string              `json:"group"`
	Summary    string              `json:"summary"`
	Shape      string              `json:"shape"`
	Limits     string              `json:"limits"`
	Shapes     []zones.Shape       `json:"shapes"`
	Servers    bool                `json:"needs_server"`
	Parameters []parameterDocument `json:"parameters"`
}

type parameterDocument struct {
	Name     string `json:"name"`
	Default  string `json:"default"`
	Required bool   `json:"required"`
	Doc      string `json:"doc"`
}

func writeFormatsJSON(w io.Writer, list []formats.Format) error {
	documents := make([]formatDocument, len(list))
	for i, f := range list {
		d := formatDocument{
			Name: f.Name, Group: string(f.Group), Summary: f.Summary, Shape: report.Flags(f, f.Shape), Limits: report.Flags(f, f.Limits),
			Shapes: []zones.Shape{}, Servers: f.Servers, Parameters: []parameterDocument{},
		}
		if f.Shaped {
			d.Shapes = []zones.Shape{zones.ShapePerName, zones.ShapeOneZone}
		}
		for _, p := range f.Parameters {
			d.Parameters = append(d.Parameters, parameterDocument{Name: p.Name, Default: p.Default, Required: p.Required, Doc: p.Doc})
		}
		documents[i] = d
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(documents)
}
