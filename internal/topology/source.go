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

// MaxOctets is the largest file, in octets. A topology of 1,000,000 custom
// endpoints with the longest labels has fewer.
const MaxOctets = 128 << 20

// ErrTooLarge is returned for a file of more than MaxOctets.
var ErrTooLarge = errors.New("topology is too large")

// readSource reads all of r, up to the limit.
func readSource(r io.Reader) (*source, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxOctets+1))
	if err != nil {
		return nil, err
	}
	if len(text) > MaxOctets {
		return nil, fmt.Errorf("%w: more than %d octets", ErrTooLarge, MaxOctets)
	}
	return &source{text: bytes.TrimPrefix(text, []byte("\ufeff"))}, nil
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
	lines []int32 // offset of each line's first octet, made when first needed
	ascii bool    // whether all characters are one octet, known with lines
}

// illegal returns at what offset the text has an octet that is no text, and what
// that is.
// Beyond what YAML forbids these are the line breaks that only some programs
// take for one: a line that an editor shows as a comment must not hide a key.
func (s *source) illegal() (at int, wrong string) {
	for i := 0; i < len(s.text); {
		if c := s.text[i]; ' ' <= c && c <= '~' || c == '\n' || c == '\t' {
			i++
			continue
		}
		c, size := utf8.DecodeRune(s.text[i:])
		switch {
		case c == '\r' && bytes.HasPrefix(s.text[i:], []byte("\r\n")):
		case c == utf8.RuneError && size == 1:
			return i, fmt.Sprintf("octet 0x%02x is not UTF-8", s.text[i])
		case unicode.IsControl(c), c == '\u2028', c == '\u2029', c == '\ufeff':
			return i, fmt.Sprintf("character %U is not allowed", c)
		}
		i += size
	}
	return 0, ""
}

// legalHint says how to save a text that has something at an offset that is no text.
func (s *source) legalHint(at int) string {
	if s.text[at] == '\r' && !bytes.Contains(s.text, []byte{'\n'}) {
		return "its lines end as those of old Macs: save the file with the line ends of Unix (LF)"
	}
	return "save the file as plain UTF-8 text"
}

// directive returns the offset of a line that looks like a YAML directive: a
// topology needs none, and the library compares each with all before it.
func (s *source) directive() (at int, found bool) {
	if bytes.HasPrefix(s.text, []byte{'%'}) {
		return 0, true
	}
	at = bytes.Index(s.text, []byte("\n%"))
	return at + 1, at >= 0
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
func scanLines(text []byte) (starts []int32, ascii bool) {
	starts, ascii = append(make([]int32, 0, bytes.Count(text, []byte{'\n'})+1), 0), true
	for i, c := range text {
		if c == '\n' {
			starts = append(starts, int32(i)+1) // a file has at most MaxOctets
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
