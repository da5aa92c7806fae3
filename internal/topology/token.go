package topology

import "bytes"

// tokenKind is what a token of YAML is.
type tokenKind byte

const (
	tokenNone         tokenKind = iota
	tokenMark                   // --- or ...
	tokenSequence               // [
	tokenMapping                // {
	tokenEnd                    // ] or }
	tokenComma                  // ,
	tokenDash                   // -
	tokenQuestionMark           // ?
	tokenColon                  // :
	tokenProperty               // an anchor or a tag
	tokenAlias
	tokenScalar
)

// token is one token of YAML.
type token struct {
	kind tokenKind
	at   int // offset of its first octet
	// rolled is set on what opens a collection in block style.
	rolled bool
	// simple is set on a colon whose key stands in its line without a "?".
	simple bool
	// after is, of a colon with a simple key, what stands before that key.
	after  tokenKind
	end    int // offset of what is behind it
	indent int // column of the innermost collection in block style, behind it
}

// simpleKey is a place where a key without "?" may have begun. While there is
// one the YAML library keeps all tokens from there on.
type simpleKey struct {
	possible  bool
	required  bool  // or else the text is no YAML
	flow      int   // level
	number    int   // of the token
	after     token // what stands before it
	at        int   // offset
	lineStart int
	inside    int // column of the innermost collection in block style
}

// nowhere is the place and the number of the key that the library takes for
// possible behind a bracket, where none has begun.
const nowhere = -1

// span is a part of a text.
type span struct{ from, to int }

// scanner splits a text into the tokens that the YAML library makes of it,
// without keeping any: what the library keeps can be known before it does. It
// follows the library's scanner step by step, but where that only finds a reason
// to stop it may go on, which costs nothing. The text has no control characters
// and no directives; offsets and columns count octets.
type scanner struct {
	text      []byte
	at        int
	lineStart int

	indent  int   // column of the innermost collection in block style, or -1
	indents []int // of those around it
	flow    int   // brackets that are open

	keyAllowed bool // whether a simple key may begin here
	key        simpleKey
	keys       []simpleKey // of the brackets around

	count int // tokens so far
	last  token

	commented int    // gaps between tokens that have comments
	comment   span   // the first one of this gap
	blanked   []byte // a copy of text in which comments are blanked, if wanted
}

func newScanner(text []byte) *scanner {
	return &scanner{text: text, indent: -1, keyAllowed: true}
}

// next returns the next token, and false at the end of the text or where the
// library refuses it.
func (s *scanner) next() (token, bool) {
	s.toToken()
	s.endGap()
	s.unroll(s.column())
	if s.at >= len(s.text) {
		return token{}, false
	}
	t := token{at: s.at}
	if !s.fetch(&t) || len(s.indents) > maxDepth {
		return token{}, false
	}
	s.count++
	t.end, t.indent = s.at, s.indent
	s.last = t
	return t, true
}

// pending returns where the first possible simple key began and how many tokens
// the library keeps because of it.
func (s *scanner) pending() (simpleKey, int) {
	first := s.key
	if len(s.keys) > 0 {
		first = s.keys[0]
	}
	if !first.possible || first.number == nowhere {
		return simpleKey{}, 0
	}
	return first, s.count - first.number
}

// settle goes on as if no simple key were possible.
func (s *scanner) settle() { s.key, s.keys = simpleKey{}, nil }

// peek returns the octet at a distance, and a line feed beyond the text.
func (s *scanner) peek(distance int) byte {
	if s.at+distance < len(s.text) {
		return s.text[s.at+distance]
	}
	return '\n'
}

func (s *scanner) column() int { return s.at - s.lineStart + 1 }

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

func isBreak(c byte) bool { return c == '\n' || c == '\r' }

func isSpace(c byte) bool { return isBlank(c) || isBreak(c) }

func isFlow(c byte) bool { return c == ',' || c == '[' || c == ']' || c == '{' || c == '}' }

// newline goes to the next line from the end of one.
func (s *scanner) newline() {
	if s.peek(0) == '\r' {
		s.at++
	}
	s.at = min(s.at+1, len(s.text))
	s.lineStart = s.at
}

// toLineEnd goes to the line feed of this line, or to the end of the text.
func (s *scanner) toLineEnd() {
	if n := bytes.IndexByte(s.text[s.at:], '\n'); n >= 0 {
		s.at += n
		return
	}
	s.at = len(s.text)
}

func (s *scanner) skipBlanks() {
	for isBlank(s.peek(0)) {
		s.at++
	}
}

// toToken goes to where the next token begins.
func (s *scanner) toToken() {
	for s.at < len(s.text) {
		s.skipBlanks()
		if s.peek(0) == '#' {
			from := s.at
			s.toLineEnd()
			s.comments(from)
		}
		if s.at >= len(s.text) || !isBreak(s.peek(0)) {
			return
		}
		s.newline()
		s.keyAllowed = s.keyAllowed || s.flow == 0
	}
}

// roll opens a collection in block style at a column, unless it is open.
func (s *scanner) roll(column int) bool {
	if s.flow > 0 || s.indent >= column {
		return false
	}
	s.indents = append(s.indents, s.indent)
	s.indent = column
	return true
}

// unroll closes the collections in block style beyond a column.
func (s *scanner) unroll(column int) {
	for s.flow == 0 && s.indent > column {
		s.indent = s.indents[len(s.indents)-1]
		s.indents = s.indents[:len(s.indents)-1]
	}
}

// fetch reads the token that begins here.
func (s *scanner) fetch(t *token) bool {
	switch c := s.peek(0); {
	case s.atDocumentMark():
		s.unroll(-1)
		return s.indicator(t, tokenMark, 3, false)
	case c == '[':
		return s.open(t, tokenSequence)
	case c == '{':
		return s.open(t, tokenMapping)
	case c == ']' || c == '}':
		return s.close(t)
	case c == ',':
		return s.indicator(t, tokenComma, 1, true)
	case c == '-' && isSpace(s.peek(1)):
		return s.dash(t)
	case c == '?' && isSpace(s.peek(1)):
		return s.questionMark(t)
	case c == ':' && s.isValue():
		return s.colon(t)
	default:
		return s.node(t, c)
	}
}

// node reads a property, an alias or a scalar.
func (s *scanner) node(t *token, c byte) bool {
	switch {
	case c == '|' || c == '>':
		return s.block(t)
	case !s.saveKey():
		return false
	}
	s.keyAllowed = false
	t.kind = tokenScalar
	switch {
	case c == '*':
		t.kind = tokenAlias
		return s.word()
	case c == '&' || c == '!':
		t.kind = tokenProperty
		return s.word()
	case c == '\'' || c == '"':
		return s.quoted(c)
	case c == '%' || c == '@' || c == '`', c == '-' && s.flow > 0 && isFlow(s.peek(1)):
		return false
	default:
		s.plain()
		return true
	}
}

// atDocumentMark reports whether a line begins here with --- or ....
func (s *scanner) atDocumentMark() bool {
	if s.at != s.lineStart || !isSpace(s.peek(3)) {
		return false
	}
	three := s.text[s.at:min(s.at+3, len(s.text))]
	return string(three) == "---" || string(three) == "..."
}
