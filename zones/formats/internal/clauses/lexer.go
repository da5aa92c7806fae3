package clauses

import (
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// lexer takes a line of a configuration apart, in which an option has as many values as its
// grammar says, or as there are up to the next option.
type lexer struct {
	*parser
	at holdings.Place
	// stopped says that the line has something with which the server does not start, so that
	// no more is said of it.
	stopped bool
}

// line takes the words of a line.
func (l *lexer) line(line string) error {
	for line = blank(line); line != "" && line[0] != '#'; line = blank(line) {
		var w Word
		w, line = l.next(line)
		taken, err := l.take(w, l.at)
		if err != nil {
			return err
		}
		if !taken {
			l.stop("%s is neither an option nor the value of one", lines.Shown(w.Text))
		}
	}
	return nil
}

// next cuts a word off a line.
func (l *lexer) next(line string) (w Word, rest string) {
	if strings.IndexByte(l.Quotes, line[0]) >= 0 {
		return l.quoted(line)
	}
	end := l.end(line)
	w.Text = line[:end]
	if l.Counted && l.missing == 0 {
		if colon := strings.IndexByte(w.Text, ':'); colon >= 0 {
			w.Text = w.Text[:colon+1] // a value may stand right behind
		}
	}
	return w, line[len(w.Text):]
}

func (l *lexer) quoted(line string) (w Word, rest string) {
	end := closing(line[1:], line[0])
	if end < 0 {
		l.stop("a quote is not closed")
		return Word{Text: line[1:], Quoted: true}, ""
	}
	w = Word{Text: line[1 : end+1], Quoted: true}
	if line[0] == '"' {
		w.Text = unescaped.Replace(w.Text)
	}
	return w, line[end+2:]
}

// end returns where the word ends that a line begins with.
func (l *lexer) end(line string) int {
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\':
			i++
		case c == ' ' || c == '\t' || c == '\r' || strings.IndexByte(l.Quotes, c) >= 0:
			return i
		}
	}
	return len(line)
}

func (l *lexer) stop(format string, args ...any) {
	if !l.stopped {
		l.b.NotStarted(l.Server, l.at, format, args...)
	}
	l.stopped = true
}

func blank(line string) string { return strings.TrimLeft(line, " \t\r") }
