package topology

import (
	"bytes"
	"unicode/utf8"
)

// position is where a YAML node begins, counted from 1.
type position struct {
	line, column int32
}

// source is the text of a topology file, to quote lines from.
type source struct {
	text  []byte
	lines []int // offset of each line's first octet, made when first needed
}

// maxQuoted bounds how much of a line is quoted, in octets.
const maxQuoted = 200

// place returns the position together with the text of its line.
func (s *source) place(at position) Place {
	if at.line < 1 {
		return Place{}
	}
	return Place{Line: int(at.line), Column: int(at.column), Source: s.line(int(at.line))}
}

// line returns the text of line n without its end, cut at maxQuoted octets.
func (s *source) line(n int) string {
	if s.lines == nil {
		s.lines = lineOffsets(s.text)
	}
	if n > len(s.lines) {
		return ""
	}
	text := s.text[s.lines[n-1]:]
	if end := bytes.IndexByte(text, '\n'); end >= 0 {
		text = text[:end]
	}
	text = bytes.TrimRight(text, "\r")
	if len(text) > maxQuoted {
		text = text[:maxQuoted]
		for len(text) > 0 && !utf8.Valid(text) && !utf8.RuneStart(text[len(text)-1]) {
			text = text[:len(text)-1]
		}
	}
	return string(bytes.ToValidUTF8(text, []byte("\ufffd")))
}

func lineOffsets(text []byte) []int {
	offsets := []int{0}
	for i, b := range text {
		if b == '\n' {
			offsets = append(offsets, i+1)
		}
	}
	return offsets
}
