package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
)

// ListFormats prints a line for each format, by group.
func ListFormats(w io.Writer, list []formats.Format) error {
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

// wrap breaks text into lines of that width, at spaces. Where it begins with spaces
// each of its lines does.
func wrap(text string) string {
	indent := text[:len(text)-len(strings.TrimLeft(text, " "))]
	var b strings.Builder
	column := 0
	for i, word := range strings.Fields(text) {
		length := utf8.RuneCountInString(word)
		switch {
		case i == 0:
			b.WriteString(indent)
			column = len(indent)
		case column+1+length > width:
			b.WriteString("\n" + indent)
			column = len(indent)
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += length
	}
	return b.String()
}

// DescribeFormats prints all there is to know of each format.
func DescribeFormats(w io.Writer, list []formats.Format) error {
	for i, f := range list {
		var b strings.Builder
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s: %s\n\n%s\n\n%s\n", f.Name, f.Summary,
			wrap(Flags(f, f.Form)), wrap("Limits: "+Flags(f, f.Limits)))
		if f.Shaped {
			b.WriteString("\n--shape per-name (the default) or one-zone\n")
		}
		if f.Servers {
			b.WriteString("\n--server IP is needed\n")
		}
		for _, p := range f.Parameters {
			fmt.Fprintf(&b, "\n%s\n%s\n", wrap("--set "+p.Name+"=VALUE"+parameterNote(p)), wrap("  "+p.Doc))
		}
		if f.Permissions != "" {
			fmt.Fprintf(&b, "\nThe least permissions that it needs:\n%s", f.Permissions)
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

// FormatsMarkdown prints docs/formats.md: formats that are written, and those that are
// read.
func FormatsMarkdown(w io.Writer, list, readable []formats.Format) error {
	var b strings.Builder
	b.WriteString("# Export formats\n\nWhat `auralink formats` says of each. Written by `make generate`: do not edit.\n")
	group := formats.Group("")
	for _, f := range list {
		if f.Group != group {
			group = f.Group
			fmt.Fprintf(&b, "\n## %s\n", strings.ToUpper(string(group[:1]))+string(group[1:]))
		}
		fmt.Fprintf(&b, "\n### %s\n\nWrites %s.\n\n%s\n\n**Limits.** %s\n", f.Name, f.Summary, literal(Flags(f, f.Form)), literal(Flags(f, f.Limits)))
		if f.Shaped {
			b.WriteString("\n- `--shape per-name` (the default) or `--shape one-zone`\n")
		}
		if f.Servers {
			b.WriteString("\n- `--server IP` is needed\n")
		}
		for _, p := range f.Parameters {
			fmt.Fprintf(&b, "\n- `--set %s=VALUE`%s: %s\n", p.Name, parameterNote(p), literal(p.Doc))
		}
		if f.Permissions != "" {
			fmt.Fprintf(&b, "\nThe least permissions that it needs:\n\n```json\n%s```\n", f.Permissions)
		}
	}
	if len(readable) > 0 {
		b.WriteString("\n## What is read\n\n`audit`, `diff` and `init --from` find out from a file's content what it is; `--as` says it.\n\n")
		for _, f := range readable {
			fmt.Fprintf(&b, "- `%s`: %s\n", f.Syntax(), literal(f.Reads))
		}
		fmt.Fprintf(&b, "\n### Files that others name\n\n%s\n", literal(formats.Following))
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
	// Permissions is a policy document of a cloud, as text; or empty.
	Permissions string `json:"permissions"`
}

type parameterDocument struct {
	Name     string `json:"name"`
	Default  string `json:"default"`
	Required bool   `json:"required"`
	Doc      string `json:"doc"`
}

// FormatsJSON prints formats for programs.
func FormatsJSON(w io.Writer, list []formats.Format) error {
	documents := make([]formatDocument, len(list))
	for i, f := range list {
		d := formatDocument{
			Name: f.Name, Group: string(f.Group), Summary: f.Summary, Shape: Flags(f, f.Form), Limits: Flags(f, f.Limits),
			Shapes: []zones.Shape{}, Servers: f.Servers, Parameters: []parameterDocument{}, Permissions: f.Permissions,
		}
		if f.Shaped {
			d.Shapes = []zones.Shape{zones.ShapePerName, zones.ShapeOneZone}
		}
		for _, p := range f.Parameters {
			d.Parameters = append(d.Parameters, parameterDocument{Name: p.Name, Default: p.Default, Required: p.Required, Doc: p.Doc})
		}
		documents[i] = d
	}
	return WriteJSON(w, documents)
}
