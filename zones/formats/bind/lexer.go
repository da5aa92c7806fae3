package bind

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/auralink/auralink/internal/holdings"
)

// word is a word of a configuration, or one of "{", "}" and ";".
type word struct {
	text   string
	quoted bool // it is no bracket, and no keyword
	place  holdings.Place
}

// is reports whether a word is a bracket or a semicolon.
func (w word) is(mark string) bool { return !w.quoted && w.text == mark }

// maxWord is the longest word that is read, in octets.
const maxWord = 1 << 20

var (
	errLongWord = fmt.Errorf("a word is longer than %d octets", maxWord)
	errComment  = errors.New("a comment is not closed")
	errQuote    = errors.New("a quote is not closed")
)

// lexer splits a configuration into words. Comments are those of C, C++ and shells.
type lexer struct {
	r    *bufio.Reader
	file string
	line int
}

func newLexer(r io.Reader, file string) *lexer {
	return &lexer{r: bufio.NewReader(r), file: file, line: 1}
}

// next returns the next word; [io.EOF] at the end.
func (l *lexer) next() (word, error) {
	w, err := l.word()
	if err != nil && !errors.Is(err, io.EOF) {
		err = holdings.Place{File: l.file, Line: l.line}.Errorf("%w", err)
	}
	return w, err
}

func (l *lexer) word() (word, error) {
	for {
		c, err := l.r.ReadByte()
		if err != nil {
			return word{}, err
		}
		w := word{place: holdings.Place{File: l.file, Line: l.line}}
		switch c {
		case '\n':
			l.line++
		case ' ', '\t', '\r', '\f', '\v':
		case '#':
			err = l.toEnd()
		case '{', '}', ';':
			w.text = string(c)
			return w, nil
		case '"':
			w.quoted = true
			w.text, err = l.quote()
			return w, err
		case '/':
			var comment bool
			if comment, err = l.comment(); err == nil && !comment {
				w.text, err = l.plain(c)
				return w, err
			}
		default:
			w.text, err = l.plain(c)
			return w, err
		}
		if err != nil {
			return word{}, err
		}
	}
}

// toEnd reads to the end of the line, which it leaves.
func (l *lexer) toEnd() error {
	for {
		c, err := l.r.ReadByte()
		if err != nil {
			return err
		}
		if c == '\n' {
			return l.r.UnreadByte()
		}
	}
}

// comment reads a comment, if one begins with the slash that was read.
func (l *lexer) comment() (bool, error) {
	next, _ := l.r.Peek(1) // an error comes again when more is read
	switch string(next) {
	case "/":
		return true, l.toEnd()
	case "*":
	default:
		return false, nil
	}
	for last := byte(0); ; {
		c, err := l.r.ReadByte()
		if errors.Is(err, io.EOF) {
			return true, errComment
		}
		if err != nil {
			return true, err
		}
		if c == '\n' {
			l.line++
		}
		if last == '*' && c == '/' {
			return true, nil
		}
		last = c
	}
}

// quote reads up to the closing quote.
func (l *lexer) quote() (string, error) {
	var text []byte
	for {
		c, err := l.r.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return "", errQuote
		case err != nil:
			return "", err
		case c == '"':
			return string(text), nil
		case c == '\n':
			l.line++
		case c == '\\':
			if c, err = l.r.ReadByte(); err != nil {
				return "", errQuote
			}
		}
		if text = append(text, c); len(text) > maxWord {
			return "", errLongWord
		}
	}
}

// plain reads a word without quotes. Behind a backslash nothing ends it.
func (l *lexer) plain(first byte) (string, error) {
	text := []byte{first}
	for {
		if text[len(text)-1] == '\\' {
			if next, err := l.r.ReadByte(); err == nil {
				text = append(text, next)
			}
		}
		c, err := l.r.ReadByte()
		if errors.Is(err, io.EOF) {
			return string(text), nil
		}
		if err != nil {
			return "", err
		}
		switch c {
		case '\n', ' ', '\t', '\r', '\f', '\v', '{', '}', ';', '"', '#':
			return string(text), l.r.UnreadByte()
		}
		if text = append(text, c); len(text) > maxWord {
			return "", errLongWord
		}
	}
}
