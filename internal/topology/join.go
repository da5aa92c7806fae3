package topology

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// join is where the YAML library is given a text without the line breaks before
// a bracket. At the beginning of a line a bracket could be a key, and until it
// closes the library would keep some hundred octets for each token in it: for a
// JSON file, of the whole file. In the line of its key it cannot be one.
type join struct {
	from, to int      // offsets of what is left out
	original position // of to
	joined   position // of to, in what the library sees
}

// join joins the bracket that the library keeps tokens for with the line of its
// key, and reports whether that can be done without another meaning.
func (l *limits) join() bool {
	first, _ := l.pending()
	before := first.after
	switch {
	case first.flow > 0 || first.required || l.text[first.at] != '[' && l.text[first.at] != '{':
		return false
	case before.kind == tokenNone, before.kind == tokenMark && before.at == l.start():
		l.joins = append(l.joins, join{from: 0, to: first.at})
	case before.kind == tokenColon && before.simple && before.indent == first.inside &&
		first.at-first.lineStart+1 > first.inside && before.end < first.lineStart:
		l.joins = append(l.joins, join{from: before.end, to: first.at})
	default:
		return false
	}
	l.settle()
	return true
}

// start returns the offset of the first token of the text.
func (l *limits) start() int {
	s := newScanner(l.text)
	s.toToken()
	return s.at
}

// feed is what the YAML library sees of a text.
type feed struct {
	text  []byte
	joins []join
}

func newFeed(text []byte, joins []join) *feed {
	file, fed := position{1, 1}, position{1, 1}
	done := 0
	for i := range joins {
		j := &joins[i]
		fed = fed.after(text[done:j.from]).after([]byte(j.between()))
		file = file.after(text[done:j.to])
		j.joined, j.original = fed, file
		done = j.to
	}
	return &feed{text: text, joins: joins}
}

// reader returns the text with its joins.
func (f *feed) reader() io.Reader {
	var parts []io.Reader
	done := 0
	for _, j := range f.joins {
		parts = append(parts, bytes.NewReader(f.text[done:j.from]), strings.NewReader(j.between()))
		done = j.to
	}
	return io.MultiReader(append(parts, bytes.NewReader(f.text[done:]))...)
}

// between returns what stands for what is left out: a blank or, at the beginning,
// the mark that a document begins here, behind which no key may stand either.
func (j join) between() string {
	if j.from == 0 {
		return "--- "
	}
	return " "
}

// after returns the position behind a text that begins at p.
func (p position) after(text []byte) position {
	if n := bytes.LastIndexByte(text, '\n'); n >= 0 {
		p = positionOf(int(p.line)+bytes.Count(text, []byte{'\n'}), 1)
		text = text[n+1:]
	}
	p.column += int32(utf8.RuneCount(text))
	return p
}

// place returns the position in the file of what the library says is at a line and
// a column.
func (f *feed) place(line, column int) (int, int) {
	for _, j := range slices.Backward(f.joins) {
		switch {
		case line > int(j.joined.line):
			return line + int(j.original.line-j.joined.line), column
		case line == int(j.joined.line) && column >= int(j.joined.column):
			return int(j.original.line), column + int(j.original.column-j.joined.column)
		}
	}
	return line, column
}

// relocate gives all nodes their position in the file.
func (f *feed) relocate(n *yaml.Node) {
	if len(f.joins) == 0 {
		return
	}
	n.Line, n.Column = f.place(n.Line, n.Column)
	for _, child := range n.Content {
		f.relocate(child)
	}
}
