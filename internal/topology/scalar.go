package topology

import "unicode/utf8"

// word goes to the end of an anchor, an alias or a tag. Colons at the end of the
// first two are not theirs.
func (s *scanner) word() bool {
	first, isTag := s.at+1, s.peek(0) == '!'
	verbatim := s.peek(0) == '!' && s.peek(1) == '<'
	for s.at++; s.at < len(s.text); s.at++ {
		c := s.peek(0)
		if isSpace(c) || isFlow(c) && !verbatim || c >= utf8.RuneSelf && !isTag {
			break
		}
		verbatim = verbatim && c != '>'
	}
	for !isTag && s.at > first && s.text[s.at-1] == ':' {
		s.at--
	}
	return true
}

// quoted goes to the end of a quoted scalar.
func (s *scanner) quoted(quote byte) bool {
	for s.at++; s.at < len(s.text); {
		switch c := s.peek(0); {
		case s.atDocumentMark():
			return false
		case isBreak(c):
			s.newline()
		case c == '\\' && quote == '"' && !isBreak(s.peek(1)), c == '\'' && quote == c && s.peek(1) == c:
			s.at += 2
		case c == quote:
			s.at++
			return true
		default:
			s.at++
		}
	}
	return false
}

// plain goes to the end of a plain scalar, which may have many lines, and to
// what comes next.
func (s *scanner) plain() {
	parent := s.indent
	for {
		if s.atDocumentMark() || s.peek(0) == '#' {
			return
		}
		for !isSpace(s.peek(0)) && !s.endsPlain() {
			s.at++
			s.keyAllowed = false
		}
		if s.at >= len(s.text) || !isSpace(s.peek(0)) {
			return
		}
		for s.at < len(s.text) && isSpace(s.peek(0)) {
			if isBlank(s.peek(0)) {
				s.at++
				continue
			}
			s.newline()
			s.keyAllowed = true
		}
		if s.flow == 0 && s.column() < parent+1 {
			return
		}
	}
}

// endsPlain reports whether a plain scalar ends here.
func (s *scanner) endsPlain() bool {
	c, next := s.peek(0), s.peek(1)
	if c == ':' && isSpace(next) {
		return true
	}
	return s.flow > 0 && (isFlow(c) || c == ':' && (next == ',' || next == ']' || next == '}'))
}

// block goes to the end of a block scalar.
func (s *scanner) block(t *token) bool {
	t.kind = tokenScalar
	if s.flow > 0 || !s.dropKey() {
		return false
	}
	s.keyAllowed = true
	indent := s.blockHeader()
	for {
		s.blockBreaks(&indent)
		if s.at >= len(s.text) || s.column() != indent {
			return true
		}
		s.toLineEnd()
		if s.at < len(s.text) {
			s.newline()
		}
	}
}

// blockHeader reads the first line of a block scalar and returns the column that
// it gives for the text, or 0.
func (s *scanner) blockHeader() (indent int) {
	for s.at++; s.peek(0) == '+' || s.peek(0) == '-' || '1' <= s.peek(0) && s.peek(0) <= '9'; s.at++ {
		if c := s.peek(0); c <= '9' && c >= '1' {
			indent = max(s.indent, 1) + int(c-'0')
		}
	}
	s.toLineEnd()
	if s.at < len(s.text) {
		s.newline()
	}
	return indent
}

// blockBreaks goes over what is blank at the beginning of lines, and finds the
// column of the text where it is not known.
func (s *scanner) blockBreaks(indent *int) {
	deepest := 0
	for {
		for s.peek(0) == ' ' && (*indent == 0 || s.column() < *indent) {
			s.at++
		}
		deepest = max(deepest, s.column())
		if s.at >= len(s.text) || !isBreak(s.peek(0)) {
			break
		}
		s.newline()
	}
	if *indent == 0 {
		*indent = max(deepest, s.indent+1, 1)
	}
}
