package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/audit"
	"github.com/auralink/auralink/internal/topology"
)

// Annotation is a message at a line of a file, as GitHub's runner takes it from what
// a step prints (workflow commands).
type Annotation struct {
	// Level is error, warning or notice.
	Level string
	// File is where it is, and Line and Column from 1; 0 and "" are left out.
	File         string
	Line, Column int
	// Title is a few words; Message may have several lines.
	Title, Message string
}

// maxAnnotations is how many of a level the runner shows for a step.
const maxAnnotations = 10

// inMessage and inProperty escape what would end a message or a property, or begin
// another command.
var (
	inMessage  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	inProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// String returns the workflow command, in one line.
func (a Annotation) String() string {
	var properties []string
	add := func(name, value string) {
		if value != "" && value != "0" {
			properties = append(properties, name+"="+inProperty.Replace(value))
		}
	}
	add("file", a.File)
	add("line", fmt.Sprint(a.Line))
	add("col", fmt.Sprint(a.Column))
	add("title", a.Title)
	return fmt.Sprintf("::%s %s::%s", a.Level, strings.Join(properties, ","), inMessage.Replace(a.Message))
}

// WriteAnnotations writes workflow commands, and says of those that the runner would
// not show how many there are.
func WriteAnnotations(w io.Writer, all []Annotation) error {
	var b strings.Builder
	for _, level := range []string{"error", "warning", "notice"} {
		of := slices.DeleteFunc(slices.Clone(all), func(a Annotation) bool { return a.Level != level })
		for i, a := range of {
			if i == maxAnnotations-1 && len(of) > maxAnnotations {
				a.Message = fmt.Sprintf("and %d more: the log of this step has all", len(of)-i)
				a.Title, a.Line, a.Column = "", 0, 0
				fmt.Fprintln(&b, a)
				break
			}
			fmt.Fprintln(&b, a)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// levelOf returns the level of a severity.
func levelOf(severity string) string {
	if severity == string(topology.SeverityNote) {
		return "notice"
	}
	return severity
}

// withHint returns a message and what to do.
func withHint(message, hint string) string {
	if hint == "" {
		return message
	}
	return message + "\n" + hint
}

// Annotations returns the findings of a plan.
func (d Plan) Annotations() []Annotation {
	var all []Annotation
	for _, f := range d.Findings {
		all = append(all, Annotation{
			Level: levelOf(string(f.Severity)), File: f.File, Line: f.Line, Column: f.Column,
			Title: string(f.Code), Message: withHint(f.Message, f.Hint),
		})
	}
	return all
}

// Annotations returns the findings of an audit.
func (d Audit) Annotations() []Annotation {
	var all []Annotation
	for _, f := range d.Findings {
		all = append(all, Annotation{
			Level: levelOf(string(f.Severity)), File: f.Place.File, Line: f.Place.Line,
			Title: string(f.Code), Message: withHint("VPC "+d.VPC+": "+f.Message, f.Hint),
		})
	}
	if d.Partial != "" {
		all = append(all, Annotation{Level: string(audit.SeverityError), Title: "partial", Message: d.summary()})
	}
	return all
}

// Annotations returns the guards that a comparison trips, at the file that does: as
// errors where they stand in the way; and why clients may get something else, where that is.
func (d Diff) Annotations(file string) []Annotation {
	var all []Annotation
	for _, v := range d.Violations {
		level := "error"
		if slices.Contains(d.Forced, v.Code) {
			level = "notice"
		}
		all = append(all, Annotation{Level: level, File: file, Title: "guard " + string(v.Code), Message: v.String() + d.forced(v)})
	}
	for _, f := range d.Faults {
		all = append(all, Annotation{
			Level: string(audit.SeverityWarning), File: f.Place.File, Line: f.Place.Line, Title: string(f.Kind),
			Message: f.Message + ": clients may get other answers than those that are compared",
		})
	}
	return all
}

// Stale returns the annotation for a file that is not that of the topology.
func Stale(file, instead string) Annotation {
	return Annotation{Level: "error", File: file, Title: "stale", Message: "this file is not that of the topology\n" + instead}
}
