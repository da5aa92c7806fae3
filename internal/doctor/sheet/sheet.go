// Package sheet writes what package judge has found: as text for a terminal, as
// Markdown for a ticket, as JUnit for CI, and as JSON, which can be judged again. It
// judges nothing.
package sheet

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/judge"
)

// Document is the JSON form: the report, and all that it was judged by.
type Document struct {
	// Version is [doctor.Version].
	Version int `json:"version"`
	judge.Report
	Records []doctor.Record `json:"records"`
}

// New judges records, and returns the document of it.
func New(records ...doctor.Record) Document {
	return Document{Version: doctor.Version, Report: judge.Judge(records...), Records: records}
}

// WriteJSON writes the document. Each piece of evidence is on a line, and written by
// itself: there may be thousands, which are not held in memory a second time.
func (d Document) WriteJSON(w io.Writer) error {
	out := bufio.NewWriter(w)
	head := struct {
		Version int `json:"version"`
		judge.Report
	}{d.Version, d.Report}
	err := writeOpen(out, "", head)
	fmt.Fprint(out, ",\n  \"records\": [")
	for i, r := range d.Records {
		fmt.Fprint(out, separators[i > 0], "    ")
		err = errors.Join(err, writeRecord(out, r))
	}
	fmt.Fprint(out, "\n  ]\n}\n")
	return errors.Join(err, out.Flush()) // which has the first error of all that was written
}

// separators stand before the first element of a list, and before all others.
var separators = map[bool]string{false: "\n", true: ",\n"}

// writeRecord writes a record.
func writeRecord(out *bufio.Writer, r doctor.Record) error {
	const indent = "    "
	head := struct {
		doctor.Record
		Evidence *struct{} `json:"evidence,omitempty"` // instead of the record's
	}{Record: r}
	err := writeOpen(out, indent, head)
	fmt.Fprint(out, ",\n"+indent+"  \"evidence\": [")
	for i, e := range r.Evidence {
		text, failed := marshal(e)
		err = errors.Join(err, failed)
		fmt.Fprintf(out, "%s%s    %s", separators[i > 0], indent, text)
	}
	fmt.Fprint(out, "\n"+indent+"  ]\n"+indent+"}")
	return err
}

// writeOpen writes an object but for the brace at its end, so that more can follow.
func writeOpen(out *bufio.Writer, indent string, object any) error {
	text, err := marshal(object)
	if err != nil {
		return err
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, text, indent, "  "); err != nil {
		return err
	}
	_, _ = out.Write(bytes.TrimSuffix(indented.Bytes(), []byte("\n"+indent+"}"))) // Flush tells
	return nil
}

// marshal returns a value as JSON, as it is for people: "<" stays "<".
func marshal(v any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), err
}

// errNoDocument is the error of a file that is something else.
var errNoDocument = errors.New("it is not what doctor -o json prints")

// Read reads the records of a document that was saved. What was found then is judged
// anew by whoever wants to know.
func Read(r io.Reader) ([]doctor.Record, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	var head struct {
		Version int               `json:"version"`
		Records []json.RawMessage `json:"records"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, fmt.Errorf("%w: %w", errNoDocument, err)
	}
	switch {
	case head.Version == 0 || len(head.Records) == 0:
		return nil, errNoDocument
	case head.Version > doctor.Version:
		return nil, fmt.Errorf("its version is %d, and this auralink reads up to %d", head.Version, doctor.Version)
	}
	records := make([]doctor.Record, len(head.Records))
	for i, raw := range head.Records {
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.DisallowUnknownFields() // what is not understood is not judged as if it were not there
		if err := decoder.Decode(&records[i]); err != nil {
			return nil, fmt.Errorf("record %d: %w", i+1, err)
		}
	}
	return records, nil
}

// summary says the verdict over all in a line.
func (d Document) summary() string {
	if d.Ready {
		text := "ready to disable public traffic"
		if n := len(d.Unjudged); n > 0 {
			text += fmt.Sprintf(" as far as this network goes: not judged %s %s", map[bool]string{true: "is VPC", false: "are VPCs"}[n == 1], strings.Join(d.Unjudged, ", "))
		}
		if more := tally(d.Findings); more != "" {
			text += "; " + more
		}
		return text
	}
	return "not ready to disable public traffic: " + tally(d.Findings)
}

// tally counts findings by their severities: "2 errors, 1 warning".
func tally(findings []judge.Finding) string {
	counts := make(map[judge.Severity]int)
	for _, f := range findings {
		counts[f.Severity]++
	}
	text := ""
	for _, s := range []struct {
		severity judge.Severity
		one, all string
	}{
		{judge.Error, "error", "errors"},
		{judge.Unproved, "unproved", "unproved"},
		{judge.Warning, "warning", "warnings"},
		{judge.Note, "note", "notes"},
	} {
		n := counts[s.severity]
		switch {
		case n == 0:
			continue
		case text != "":
			text += ", "
		}
		word := s.all
		if n == 1 {
			word = s.one
		}
		text += fmt.Sprintf("%d %s", n, word)
	}
	return text
}

// regionVerdict says in words whether a region is ready.
func regionVerdict(r judge.Region) string {
	if r.Ready {
		return "ready to disable public traffic"
	}
	text := "not ready: "
	for i, code := range r.Because {
		if i > 0 {
			text += ", "
		}
		text += string(code)
	}
	return text
}
