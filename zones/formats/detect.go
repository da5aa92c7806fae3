package formats

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"
	"strings"
)

// HeadSize is how many octets at a file's start are looked at to find out what it
// is.
const HeadSize = 64 << 10

// Certainty is how sure a format is that it can read a file.
type Certainty uint8

// The certainties. The surest of several formats is taken.
const (
	// No: it cannot read the file.
	No Certainty = iota
	// Perhaps: nothing speaks against it.
	Perhaps
	// Likely: what only such files have is there, in a file that could be of
	// another format too.
	Likely
	// Surely: no other file begins like that.
	Surely
)

// Head is the beginning of a file.
type Head string

// NewHead returns the head of a file that begins with text, in UTF-8, without the
// mark of its encoding and without blanks at the end and empty lines at the start.
func NewHead(text []byte) Head {
	decoded, _ := io.ReadAll(Text(bytes.NewReader(text))) // what ends within a letter is read up to there
	decoded = bytes.TrimRight(decoded, " \t\r\n")
	for {
		line, rest, found := bytes.Cut(decoded, []byte("\n"))
		if !found || len(bytes.TrimSpace(line)) > 0 {
			return Head(decoded)
		}
		decoded = rest
	}
}

// Peek returns the octets at the start of what is read, [HeadSize] at most, and all of it.
func Peek(r io.Reader) (head []byte, content *bufio.Reader, err error) {
	content = bufio.NewReaderSize(r, HeadSize)
	head, err = content.Peek(HeadSize)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return head, content, err
}

// Document reports whether the file is a JSON document. What begins with a variable of the environment, as
// Corefiles have them, is none.
func (h Head) Document() bool {
	text := strings.TrimLeft(string(h), " \t\r\n")
	variable := strings.HasPrefix(text, "{$") || strings.HasPrefix(text, "{%")
	return strings.HasPrefix(text, "{") && !variable || strings.HasPrefix(text, "[")
}

// Has reports whether a JSON document has a member of that name, at any depth.
func (h Head) Has(member string) bool {
	return h.Document() && strings.Contains(string(h), `"`+member+`"`)
}

// HasPrefix reports whether a JSON document has a member or a text that begins so, at
// any depth.
func (h Head) HasPrefix(prefix string) bool {
	return h.Document() && strings.Contains(string(h), `"`+prefix)
}

// Lines returns the lines of a file that is no document, without those that are
// blank or a comment.
func (h Head) Lines() iter.Seq[string] {
	return func(yield func(string) bool) {
		if h.Document() {
			return
		}
		for line := range strings.SplitSeq(string(h), "\n") {
			line = strings.TrimSuffix(line, "\r")
			text := strings.TrimSpace(line)
			if text == "" || strings.ContainsAny(text[:1], ";#") || strings.HasPrefix(text, "//") {
				continue
			}
			if !yield(line) {
				return
			}
		}
	}
}

// FirstLine returns the first of the lines, or "".
func (h Head) FirstLine() string {
	for line := range h.Lines() {
		return line
	}
	return ""
}
