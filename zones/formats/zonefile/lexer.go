package zonefile

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
)

// entry is a record or a directive of a master file: what stands in one line, or
// in several where there are parentheses.
type entry struct {
	words []string
	// quoted says which of them stand in quotes; none of those for which it is too short.
	quoted []bool
	// indented says that the line begins with a blank, so that the owner is that
	// of the record before.
	indented bool
	// line is the one in which the entry begins, from 1; last is the one in which
	// it ends.
	line, last int
	// wrong says why it is no entry, or is nil.
	wrong error
	// nested says that a parenthesis stands in others, and touching that quotes stand beside a word
	// or others without a blank, which is right for some servers.
	nested, touching bool
}

// maxEntry is the longest entry that is read, in octets. The data of a record has
// at most 65535 (RFC 1035, section 3.2.1).
const maxEntry = 512 << 10

var (
	errQuote       = errors.New("a quote is not closed in its line")
	errParenthesis = errors.New("a parenthesis is not closed")
	errClosed      = errors.New("a parenthesis is closed that was not opened")
	errLongEntry   = fmt.Errorf("a record is longer than %d octets", maxEntry)
)

// lexer splits a master file into entries (RFC 1035, section 5.1). It goes on
// behind what it cannot read.
type lexer struct {
	r       *bufio.Reader
	comment func(text string) // told of each comment
	line    int               // of the octet that is read next
	octets  int               // of the entry
	depth   int               // of parentheses
	// returns is the line of the first carriage return outside comments and quotes, lone that of the
	// first one of them that no line feed follows, and within that of the first one in quotes; 0 if
	// there is none.
	returns, lone, within int
	word                  []byte
	entry                 entry
	start                 bool // of a line
	closed                bool // whether a quote was closed just before
}

func newLexer(r io.Reader, comment func(string)) *lexer {
	return &lexer{r: bufio.NewReader(r), comment: comment, line: 1}
}

// next returns the next entry; [io.EOF] at the end.
func (l *lexer) next() (entry, error) {
	for {
		l.entry, l.octets, l.depth, l.start = entry{words: l.entry.words[:0], quoted: l.entry.quoted[:0], line: l.line}, 0, 0, true
		err := l.scan()
		l.endWord()
		if l.entry.wrong == nil && l.depth > 0 {
			l.entry.wrong = errParenthesis
		}
		switch {
		case err != nil && !errors.Is(err, io.EOF):
			return entry{line: l.entry.line}, err
		case len(l.entry.words) > 0 || l.entry.wrong != nil:
			return l.entry, nil
		case err != nil:
			return entry{}, err
		}
	}
}

// scan reads until an entry ends.
func (l *lexer) scan() error {
	for {
		c, err := l.read()
		if err != nil {
			l.entry.last = l.line
			return err
		}
		switch c {
		case '\n', '\r':
			if l.endLine(c); l.depth == 0 {
				return nil
			}
		case ' ', '\t': // of the blanks that C has no others: they are a part of a word
			l.entry.indented = l.entry.indented || l.start
			l.endWord()
		case ';':
			l.endWord()
			if err := l.readComment(); err != nil {
				return err
			}
		case '"':
			if err := l.readQuoted(); err != nil {
				return err
			}
		case '(', ')':
			l.endWord()
			l.nest(c)
		default:
			if err := l.readLetter(c); err != nil {
				return err
			}
		}
		l.start, l.closed = false, c == '"'
	}
}

// endLine ends a line at a line feed, or at a carriage return, behind which a line feed may stand:
// so BIND and NSD have it.
func (l *lexer) endLine(c byte) {
	l.endWord()
	l.closed = false
	if c == '\r' {
		l.returns = cmp.Or(l.returns, l.line)
		if next, _ := l.r.Peek(1); string(next) == "\n" {
			_, _ = l.r.Discard(1) // which is there
		} else {
			l.lone = cmp.Or(l.lone, l.line)
		}
	}
	l.entry.last = l.line
	l.line++
}

// nest counts parentheses.
func (l *lexer) nest(c byte) {
	if c == '(' {
		l.depth++
		l.entry.nested = l.entry.nested || l.depth > 1
		return
	}
	if l.depth--; l.depth < 0 {
		l.depth, l.entry.wrong = 0, errClosed
	}
}

// readLetter adds a letter to the word; with a backslash, the next one with it.
func (l *lexer) readLetter(c byte) error {
	if len(l.word) == 0 && len(l.entry.words) == 0 {
		l.entry.line = l.line
	}
	l.entry.touching = l.entry.touching || l.closed
	l.word = append(l.word, c)
	if c != '\\' {
		return nil
	}
	next, err := l.read()
	if err != nil {
		return err
	}
	if next == '\n' || next == '\r' {
		return l.r.UnreadByte()
	}
	l.word = append(l.word, next)
	return nil
}

// readComment reads up to the end of the line, which it leaves.
func (l *lexer) readComment() error {
	var text []byte
	for {
		c, err := l.read()
		if err != nil {
			return err
		}
		if c == '\n' {
			break
		}
		text = append(text, c)
	}
	if l.comment != nil {
		l.comment(string(text))
	}
	return l.r.UnreadByte()
}

// readQuoted reads a string in quotes, whose words do not matter here.
func (l *lexer) readQuoted() error {
	l.entry.touching, l.closed = l.entry.touching || l.closed || len(l.word) > 0, false
	for {
		c, err := l.read()
		if err != nil {
			l.entry.wrong = errQuote
			return err
		}
		switch c {
		case '"':
			l.take(true)
			return nil
		case '\n':
			l.entry.wrong = errQuote
			return l.r.UnreadByte()
		case '\\':
			if err := l.readLetter(c); err != nil {
				return err
			}
		default:
			if c == '\r' {
				l.within = cmp.Or(l.within, l.line)
			}
			l.word = append(l.word, c)
		}
	}
}

// endWord ends the word that is being read, if there is one.
func (l *lexer) endWord() {
	if len(l.word) > 0 {
		l.take(false)
	}
}

func (l *lexer) take(quoted bool) {
	l.entry.words, l.entry.quoted = append(l.entry.words, string(l.word)), append(l.entry.quoted, quoted)
	l.word = l.word[:0]
}

// read returns the next octet. The end of an entry is not waited for without end.
func (l *lexer) read() (byte, error) {
	if l.octets++; l.octets > maxEntry {
		return 0, errLongEntry
	}
	return l.r.ReadByte()
}
