package topology

// indicator reads an indicator that no simple key goes through.
func (s *scanner) indicator(t *token, kind tokenKind, width int, keyAllowed bool) bool {
	t.kind = kind
	s.at += width
	s.keyAllowed = keyAllowed
	return s.dropKey()
}

func (s *scanner) open(t *token, kind tokenKind) bool {
	if !s.saveKey() {
		return false
	}
	s.flow++
	if s.key.possible {
		s.keys = append(s.keys, s.key)
	}
	s.key = simpleKey{possible: s.key.possible, number: nowhere, lineStart: nowhere}
	s.keyAllowed = true
	t.kind = kind
	s.at++
	return s.flow <= maxDepth
}

func (s *scanner) close(t *token) bool {
	if !s.dropKey() {
		return false
	}
	if s.flow > 0 {
		s.flow--
		if last := len(s.keys) - 1; last >= 0 && s.keys[last].flow == s.flow {
			s.key, s.keys = s.keys[last], s.keys[:last]
		}
	}
	s.keyAllowed = false
	t.kind = tokenEnd
	s.at++
	return true
}

func (s *scanner) dash(t *token) bool {
	if s.flow == 0 && !s.keyAllowed {
		return false
	}
	t.rolled = s.roll(s.column())
	return s.indicator(t, tokenDash, 1, true)
}

func (s *scanner) questionMark(t *token) bool {
	if s.flow == 0 && !s.keyAllowed {
		return false
	}
	t.rolled = s.roll(s.column())
	return s.indicator(t, tokenQuestionMark, 1, s.flow == 0)
}

// isValue reports whether the colon here is no part of a plain scalar.
func (s *scanner) isValue() bool {
	if isSpace(s.peek(1)) {
		return true
	}
	last := s.last.kind
	inSequence := last == tokenComma || last == tokenSequence
	inScalar := (last == tokenColon || last == tokenQuestionMark || last == tokenMapping) && !isFlow(s.peek(1))
	return s.flow > 0 && !inSequence && !inScalar
}

func (s *scanner) colon(t *token) bool {
	t.kind = tokenColon
	switch {
	case s.flow > 0 && s.column() <= s.indent:
		return false
	case s.key.possible && s.key.lineStart == s.lineStart:
		t.simple, t.after = true, s.key.after.kind
		t.rolled = s.roll(s.key.at - s.key.lineStart + 1)
		s.key.possible, s.key.required = false, false
		s.keyAllowed = false
		s.count++ // the library makes a token of where the key begins
	case s.flow == 0 && !s.keyAllowed:
		return false
	default:
		t.rolled = s.roll(s.column())
		s.keyAllowed = s.flow == 0
	}
	s.at++
	return true
}

// saveKey notes that a simple key may begin here.
func (s *scanner) saveKey() bool {
	if !s.keyAllowed {
		return true
	}
	if !s.dropKey() {
		return false
	}
	s.key = simpleKey{
		possible: true, required: s.flow == 0 && s.indent == s.column(), flow: s.flow,
		number: s.count, after: s.last, at: s.at, lineStart: s.lineStart, inside: s.indent,
	}
	return true
}

// dropKey notes that what began a simple key was none.
func (s *scanner) dropKey() bool {
	s.key.possible = false
	return !s.key.required
}
