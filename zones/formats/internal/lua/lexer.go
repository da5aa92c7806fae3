package lua

import (
	"io"
	"strings"
)

// kind is what a token is.
type kind uint8

const (
	word        kind = iota // a name, a keyword or a number
	quoted                  // a string: its text is without quotes, and escapes are resolved
	punctuation             // one character of any other
)

type token struct {
	kind kind
	text string
	line int
	// begin and end are where it is in the program.
	begin, end int
}

// lexer finds tokens (Lua 5.1, section 2.1).
type lexer struct {
	text string
	at   int
	line int
}

func (l *lexer) next() (token, error) {
	if err := l.skip(); err != nil {
		return token{}, err
	}
	if l.at >= len(l.text) {
		return token{}, io.EOF
	}
	begin, line := l.at, l.line
	t, err := l.token()
	t.begin, t.end, t.line = begin, l.at, line
	return t, err
}

func (l *lexer) token() (t token, err error) {
	switch c := l.text[l.at]; {
	case isWord(c):
		start := l.at
		for l.at < len(l.text) && isWord(l.text[l.at]) {
			l.at++
		}
		t.text = l.text[start:l.at]
		return t, nil
	case c == '"' || c == '\'':
		t.kind = quoted
		t.text, err = l.quote(c)
		return t, err
	case c == '[' && l.level() >= 0:
		t.kind = quoted
		t.text, err = l.long()
		return t, err
	default:
		l.at++
		t.kind, t.text = punctuation, string(c)
		return t, nil
	}
}

func isWord(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}

// skip goes behind blanks and comments.
func (l *lexer) skip() error {
	for l.at < len(l.text) {
		switch c := l.text[l.at]; {
		case c == '\n':
			l.line++
			l.at++
		case c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v':
			l.at++
		case c == '#' && l.at == 0:
			l.rest() // the line that says which program runs it
		case strings.HasPrefix(l.text[l.at:], "--"):
			if err := l.comment(); err != nil {
				return err
			}
		default:
			return nil
		}
	}
	return nil
}

// comment goes behind a comment, of one line or in long brackets.
func (l *lexer) comment() error {
	l.at += len("--")
	if l.at < len(l.text) && l.text[l.at] == '[' && l.level() >= 0 {
		_, err := l.long()
		return err
	}
	l.rest()
	return nil
}

// rest goes to the end of the line.
func (l *lexer) rest() {
	for l.at < len(l.text) && l.text[l.at] != '\n' {
		l.at++
	}
}

// level returns how many equals signs stand between the brackets that open a long string,
// or -1 where none is opened.
func (l *lexer) level() int {
	signs := 0
	for at := l.at + 1; at < len(l.text); at++ {
		switch l.text[at] {
		case '=':
			signs++
		case '[':
			return signs
		default:
			return -1
		}
	}
	return -1
}

// long reads a string, or a comment, in long brackets.
func (l *lexer) long() (string, error) {
	signs := l.level()
	closing := "]" + strings.Repeat("=", signs) + "]"
	begin := l.at + signs + 2
	length := strings.Index(l.text[begin:], closing)
	if length < 0 {
		return "", errOpen
	}
	text := l.text[begin : begin+length]
	l.line += strings.Count(text, "\n")
	l.at = begin + length + len(closing)
	return strings.TrimPrefix(text, "\n"), nil
}

// escapes are the characters that stand for others behind a backslash.
var escapes = map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', 'a': '\a', 'b': '\b', 'f': '\f', 'v': '\v'}

// quote reads a string in quotes.
func (l *lexer) quote(end byte) (string, error) {
	var b strings.Builder
	for l.at++; l.at < len(l.text); l.at++ {
		switch c := l.text[l.at]; {
		case c == end:
			l.at++
			return b.String(), nil
		case c == '\n':
			return "", errOpen
		case c == '\\' && l.at+1 < len(l.text):
			l.at++
			l.escaped(&b)
		default:
			b.WriteByte(c)
		}
	}
	return "", errOpen
}

// escaped writes what stands behind a backslash: up to three digits are an octet.
func (l *lexer) escaped(b *strings.Builder) {
	c := l.text[l.at]
	if c == '\n' {
		l.line++
	}
	if c < '0' || c > '9' {
		if stands, is := escapes[c]; is {
			c = stands
		}
		b.WriteByte(c)
		return
	}
	octet := 0
	for i := 0; i < 3 && l.at < len(l.text) && '0' <= l.text[l.at] && l.text[l.at] <= '9'; i++ {
		octet = octet*10 + int(l.text[l.at]-'0')
		l.at++
	}
	l.at--
	b.WriteByte(byte(octet))
}
