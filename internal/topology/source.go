package topology

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits on what is read. A topology of 1,000,000 custom endpoints with the
// longest labels has under 128 MiB and 2,000,000 nodes, which countNodes takes
// for 3,000,000; a node costs about 200 octets while decoding.
const (
	// MaxOctets is the largest file, in octets.
	MaxOctets = 128 << 20
	// maxNodes bounds the YAML nodes of a file, counted before decoding.
	maxNodes = 6_000_000
)

// ErrTooLarge is returned for a file beyond the limits on octets or nodes.
var ErrTooLarge = errors.New("topology is too large")

// readSource reads all of r, up to the limits.
func readSource(r io.Reader) (*source, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxOctets+1))
	if err != nil {
		return nil, err
	}
	if len(text) > MaxOctets {
		return nil, fmt.Errorf("%w: more than %d octets", ErrTooLarge, MaxOctets)
	}
	if n := countNodes(text); n > maxNodes {
		return nil, fmt.Errorf("%w: about %d values, more than %d", ErrTooLarge, n, maxNodes)
	}
	return &source{text: bytes.TrimPrefix(text, []byte("\ufeff"))}, nil
}

// countNodes returns an upper bound on the YAML nodes in text. What begins an
// entry can bring two nodes, for a key and its value may both be left empty,
// and in a flow sequence a colon makes the entry a mapping, which is a third.
func countNodes(text []byte) int {
	entries := 1
	for _, start := range []string{"\n", ",", "[", "{", "- ", "-\t", "? ", "?\t"} {
		entries += bytes.Count(text, []byte(start))
	}
	return 2*entries + bytes.Count(text, []byte(":"))
}

// position is where a YAML node begins, counted from 1; the column counts
// characters.
type position struct {
	line, column int32
}

func positionOf(line, column int) position {
	return position{line: clampInt32(line), column: clampInt32(column)}
}

func clampInt32(n int) int32 { return int32(min(max(n, 0), math.MaxInt32)) }

// source is the text of a topology file, to quote lines from.
type source struct {
	text  []byte
	lines []int // offset of each line's first octet, made when first needed
	ascii bool  // whether all characters are one octet, known with lines
}

// illegal returns where the text has an octet that is no text, and what it is.
// Beyond what YAML forbids these are the line breaks that only some programs
// take for one: a line that an editor shows as a comment must not hide a key.
func (s *source) illegal() (at position, wrong string) {
	for i := 0; i < len(s.text); {
		if c := s.text[i]; ' ' <= c && c <= '~' || c == '\n' || c == '\t' {
			i++
			continue
		}
		c, size := utf8.DecodeRune(s.text[i:])
		switch {
		case c == '\r' && bytes.HasPrefix(s.text[i:], []byte("\r\n")):
		case c == utf8.RuneError && size == 1:
			return s.positionAt(i), fmt.Sprintf("octet 0x%02x is not UTF-8", s.text[i])
		case unicode.IsControl(c), c == '\u2028', c == '\u2029', c == '\ufeff':
			return s.positionAt(i), fmt.Sprintf("character %U is not allowed", c)
		}
		i += size
	}
	return position{}, ""
}

// directive returns where a line looks like a YAML directive: a topology needs
// none, and the library compares each with all before it.
func (s *source) directive() (position, bool) {
	if bytes.HasPrefix(s.text, []byte{'%'}) {
		return s.positionAt(0), true
	}
	at := bytes.Index(s.text, []byte("\n%"))
	return s.positionAt(at + 1), at >= 0
}

// positionAt returns the position of the octet at offset.
func (s *source) positionAt(offset int) position {
	before := s.text[:offset]
	start := bytes.LastIndexByte(before, '\n') + 1
	return positionOf(bytes.Count(before, []byte{'\n'})+1, utf8.RuneCount(before[start:])+1)
}

// Bounds of what is quoted of a line, in characters.
const (
	// maxQuoted is the most that is quoted.
	maxQuoted = 160
	// maxLead is how much is quoted before a place beyond maxQuoted.
	maxLead = 60
	// maxSought is how far into a line that is not ASCII a place is sought: to
	// find each of many takes a pass from the line's beginning.
	maxSought = 4096
)

// place returns the position together with the text of its line.
func (s *source) place(at position) Place {
	if at.line < 1 {
		return Place{}
	}
	return Place{Line: int(at.line), Column: int(at.column), Source: s.quote(at)}
}

// quote returns the line at a position, or of a long line the part around it.
// Where that part begins depends on the column alone, so that [caret] can tell.
func (s *source) quote(at position) string {
	line := s.line(int(at.line))
	if int(at.column) <= maxQuoted {
		return s.cut(line, maxQuoted)
	}
	if !s.ascii && at.column > maxSought {
		return ""
	}
	skip := s.offset(line, int(at.column)-1-maxLead)
	return "…" + s.cut(line[skip:], maxQuoted)
}

// caret returns how many characters of the quoted source are before column.
func caret(column int) int {
	if column <= maxQuoted {
		return max(column, 1) - 1
	}
	return utf8.RuneCountInString("…") + maxLead
}

// cut returns the first n characters of a line, and marks that there are more.
func (s *source) cut(line []byte, n int) string {
	end := s.offset(line, n)
	quoted := strings.Map(func(c rune) rune {
		if unicode.IsControl(c) && c != '\t' {
			return utf8.RuneError
		}
		return c
	}, string(line[:end]))
	if end < len(line) {
		quoted += "…"
	}
	return quoted
}

// offset returns the offset of the character with index n, or the length of a
// line that has fewer.
func (s *source) offset(line []byte, n int) int {
	if s.ascii {
		return min(max(n, 0), len(line))
	}
	at := 0
	for ; n > 0 && at < len(line); n-- {
		_, size := utf8.DecodeRune(line[at:])
		at += size
	}
	return at
}

// line returns the text of line n without its end, and nothing if there is no
// such line.
func (s *source) line(n int) []byte {
	if s.lines == nil {
		s.lines, s.ascii = scanLines(s.text)
	}
	if n < 1 || n > len(s.lines) {
		return nil
	}
	text := s.text[s.lines[n-1]:]
	if n < len(s.lines) {
		text = s.text[s.lines[n-1] : s.lines[n]-1]
	}
	return bytes.TrimSuffix(text, []byte{'\r'})
}

// scanLines returns where the lines of text begin, and whether it is ASCII.
func scanLines(text []byte) (starts []int, ascii bool) {
	starts, ascii = append(make([]int, 0, bytes.Count(text, []byte{'\n'})+1), 0), true
	for i, c := range text {
		if c == '\n' {
			starts = append(starts, i+1)
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	return starts, ascii
}

// maxShown bounds what a finding repeats of one value in the file, in octets.
// The longest that can be right is a host name of 253, written as a wildcard.
const maxShown = 256

// shorten cuts s after about longest octets.
func shorten(s string, longest int) string {
	if len(s) <= longest {
		return s
	}
	for longest > 0 && !utf8.RuneStart(s[longest]) {
		longest--
	}
	return s[:longest] + "…"
}

// printable makes what cannot be seen, such as an escape sequence for the
// terminal, a replacement character.
func printable(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return utf8.RuneError
	}, s)
}
