package coredns

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"unicode"

	"github.com/auralink/auralink/internal/holdings"
)

// token is a word of a Corefile.
type token struct {
	text  string
	place holdings.Place
	// first says that it is the first in its line, or behind an import.
	first bool
}

const (
	// maxToken is the longest word that is read, in octets; maxTokens is how many words a
	// Corefile may have, with all that it imports.
	maxToken  = 1 << 20
	maxTokens = 1 << 20
)

var (
	errLongToken  = fmt.Errorf("a word is longer than %d octets", maxToken)
	errManyTokens = fmt.Errorf("there are more than %d words", maxTokens)
)

// lexer splits a Corefile into words as Caddy does: a quote begins at a word's start and
// may go on over lines, a comment begins anywhere else.
type lexer struct {
	r    *bufio.Reader
	file string
	line int
	last int // the line in which the word before ended
	word []rune
}

// tokens returns all words of a file.
func tokens(r io.Reader, file string) ([]token, error) {
	l := &lexer{r: bufio.NewReader(r), file: file, line: 1}
	var all []token
	for {
		t, err := l.next()
		switch {
		case errors.Is(err, io.EOF):
			return all, nil
		case err == nil && len(all) >= maxTokens:
			err = errManyTokens
		}
		if err != nil {
			return nil, holdings.Place{File: file, Line: l.line}.Errorf("%w", err)
		}
		all = append(all, t)
	}
}

// next returns the next word; [io.EOF] at the end.
func (l *lexer) next() (token, error) {
	l.word = l.word[:0]
	c, err := l.skip()
	if err != nil {
		return token{}, err
	}
	t := token{place: holdings.Place{File: l.file, Line: l.line}, first: l.line != l.last}
	if c == '"' {
		err = l.quoted()
	} else {
		err = l.plain(c)
	}
	l.last = l.line
	t.text = string(l.word)
	if errors.Is(err, io.EOF) {
		err = nil // the word is the last
	}
	return t, err
}

// skip returns the first character of the next word.
func (l *lexer) skip() (rune, error) {
	comment := false
	for {
		c, _, err := l.r.ReadRune()
		if err != nil {
			return 0, err
		}
		switch {
		case c == '\n':
			l.line++
			comment = false
		case c == '#':
			comment = true
		case !comment && !unicode.IsSpace(c):
			return c, nil
		}
	}
}

// plain reads a word without quotes around it.
func (l *lexer) plain(c rune) error {
	for {
		if err := l.add(c); err != nil {
			return err
		}
		next, _, err := l.r.ReadRune()
		if err != nil {
			return err
		}
		for next == '\r' { // which is nothing
			if next, _, err = l.r.ReadRune(); err != nil {
				return err
			}
		}
		if unicode.IsSpace(next) || next == '#' {
			return l.r.UnreadRune()
		}
		c = next
	}
}

// quoted reads a word up to its closing quote.
func (l *lexer) quoted() error {
	escaped := false
	for {
		c, _, err := l.r.ReadRune()
		if err != nil {
			return err
		}
		switch {
		case escaped:
			if escaped = false; c != '"' {
				l.word = append(l.word, '\\')
			}
		case c == '\\':
			escaped = true
			continue
		case c == '"':
			return nil
		}
		if c == '\n' {
			l.line++
		}
		if err := l.add(c); err != nil {
			return err
		}
	}
}

func (l *lexer) add(c rune) error {
	if len(l.word) >= maxToken {
		return errLongToken
	}
	l.word = append(l.word, c)
	return nil
}
