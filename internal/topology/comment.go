package topology

import "bytes"

// blankComments returns a copy of a text in which comments are blanks, so that
// what is read stands where it stood. The YAML library keeps each comment by the
// value that it is for, which costs more than the value. Comments stay where
// without them a scalar would go on, or where they are a mistake.
func blankComments(text []byte) []byte {
	s := newScanner(text)
	s.blanked = bytes.Clone(text)
	for _, ok := s.next(); ok; _, ok = s.next() {
		continue // next blanks the comments before a token
	}
	return s.blanked
}

// comments goes over a comment that began at an offset.
func (s *scanner) comments(from int) {
	if s.comment.to > 0 {
		s.blank(span{from, s.at})
		return
	}
	s.comment = span{from, s.at}
	s.commented++
}

// endGap ends what is between two tokens.
func (s *scanner) endGap() {
	first := s.comment
	s.comment = span{}
	touches := first.from > 0 && !isSpace(s.text[first.from-1])
	if first.to > 0 && !touches && !s.goesOn() {
		s.blank(first)
	}
}

func (s *scanner) blank(c span) {
	for i := c.from; s.blanked != nil && i < c.to; i++ {
		s.blanked[i] = ' '
	}
}

// goesOn reports whether the scalar before this token could go on here if there
// were no comment between them.
func (s *scanner) goesOn() bool {
	if s.last.kind != tokenScalar {
		return false
	}
	switch s.text[s.last.at] {
	case '\'', '"':
		return false
	case '|', '>':
		return true
	}
	return s.at < len(s.text) && !s.atDocumentMark() && !s.endsPlain() && (s.flow > 0 || s.column() > s.indent)
}
