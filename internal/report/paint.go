package report

import (
	"bytes"
	"io"
	"regexp"
	"strings"
)

// Painter is a writer that colours lines of text for a terminal. It knows lines by
// how they begin, so that what writes them needs to know no colours.
type Painter struct {
	w       io.Writer
	changes bool
	off     bool
	rest    []byte // of a line that is not whole yet
}

// NewPainter returns a painter that writes to w and colours severities and hints.
func NewPainter(w io.Writer) *Painter { return &Painter{w: w} }

// Writer returns what the painter writes to.
func (p *Painter) Writer() io.Writer { return p.w }

// Changes has the painter colour lines that say what is added and removed.
func (p *Painter) Changes() { p.changes = true }

// Off has the painter write what it gets as it is.
func (p *Painter) Off() { p.off = true }

// Write implements io.Writer. A line is written when it is whole.
func (p *Painter) Write(text []byte) (int, error) {
	if p.off {
		return p.w.Write(text)
	}
	p.rest = append(p.rest, text...)
	end := bytes.LastIndexByte(p.rest, '\n') + 1
	if end == 0 {
		return len(text), nil
	}
	var painted strings.Builder
	for line := range strings.Lines(string(p.rest[:end])) {
		painted.WriteString(p.line(line))
	}
	p.rest = append(p.rest[:0], p.rest[end:]...)
	if _, err := io.WriteString(p.w, painted.String()); err != nil {
		return 0, err
	}
	return len(text), nil
}

// Flush writes what is left of a line without an end.
func (p *Painter) Flush() error {
	_, err := p.w.Write(p.rest)
	p.rest = nil
	return err
}

// The colours, as SGR parameters (ECMA-48).
const (
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
	alarm  = "1;31"
)

// severity matches the word by which a finding or a message is known, behind its
// place: file, line and column, each of which may lack.
var severity = regexp.MustCompile(`^((?:auralink: |[^\s:]+(?::\d+){0,2}: )?\s*)(error|warning|note|hint):`)

var severityColours = map[string]string{"error": alarm, "warning": yellow, "note": cyan, "hint": green}

// line returns a line with its colours.
func (p *Painter) line(line string) string {
	if at := severity.FindStringSubmatchIndex(line); at != nil {
		word := line[at[4]:at[5]]
		return line[:at[4]] + coloured(word, severityColours[word]) + line[at[5]:]
	}
	colour := ""
	switch {
	case !p.changes:
	case strings.HasPrefix(line, "! "):
		colour = alarm
	case strings.HasPrefix(line, "+"):
		colour = green
	case strings.HasPrefix(line, "-"):
		colour = red
	case strings.HasPrefix(line, "~ "), strings.HasPrefix(line, "@@ "):
		colour = yellow
	}
	if colour == "" {
		return line
	}
	text, _ := strings.CutSuffix(line, "\n")
	return coloured(text, colour) + line[len(text):]
}

func coloured(text, colour string) string { return "\x1b[" + colour + "m" + text + "\x1b[0m" }
