package zonefile

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// maxGenerated is how many records the $GENERATE directives of a file may make
// together.
const maxGenerated = 1 << 18

var (
	errGenerate  = errors.New("$GENERATE is not START-STOP[/STEP], a name, a type and data")
	errGenerated = fmt.Errorf("$GENERATE makes more than %d records", maxGenerated)
)

// generate calls do for each entry that a $GENERATE directive stands for, as BIND
// has it.
func (m *master) generate(e entry, do func(entry) error) error {
	if len(e.words) < 4 {
		return errGenerate
	}
	start, stop, step, err := parseRange(e.words[1])
	if err != nil {
		return err
	}
	for i := start; i <= stop; i += step {
		if m.generated++; m.generated > maxGenerated {
			return errGenerated
		}
		made := entry{line: e.line, last: e.last}
		for _, word := range e.words[2:] {
			text, err := expand(word, i)
			if err != nil {
				return err
			}
			made.words = append(made.words, text)
		}
		if err := do(made); err != nil {
			return err
		}
	}
	return nil
}

// parseRange reads START-STOP[/STEP].
func parseRange(word string) (start, stop, step int64, err error) {
	bounds, stepText, hasStep := strings.Cut(word, "/")
	first, last, ok := strings.Cut(bounds, "-")
	start, err1 := strconv.ParseInt(first, 10, 32)
	stop, err2 := strconv.ParseInt(last, 10, 32)
	step = 1
	var err3 error
	if hasStep {
		step, err3 = strconv.ParseInt(stepText, 10, 32)
	}
	if !ok || errors.Join(err1, err2, err3) != nil || start < 0 || step < 1 || stop < start {
		return 0, 0, 0, errGenerate
	}
	return start, stop, step, nil
}

// expand replaces each "$" and "${OFFSET[,WIDTH[,BASE]]}" in a word by the number;
// "\$" and "$$" are a "$".
func expand(word string, i int64) (string, error) {
	var b strings.Builder
	for at := 0; at < len(word); at++ {
		switch c := word[at]; {
		case c == '\\' && at+1 < len(word):
			at++
			if word[at] != '$' {
				b.WriteByte(c)
			}
			b.WriteByte(word[at])
		case c != '$':
			b.WriteByte(c)
		case strings.HasPrefix(word[at:], "$$"):
			at++
			b.WriteByte('$')
		case strings.HasPrefix(word[at:], "${"):
			end := strings.IndexByte(word[at:], '}')
			if end < 0 {
				return "", errGenerate
			}
			text, err := modified(word[at+2:at+end], i)
			if err != nil {
				return "", err
			}
			b.WriteString(text)
			at += end
		default:
			b.WriteString(strconv.FormatInt(i, 10))
		}
	}
	return b.String(), nil
}

// maxWidth is the width to which BIND fills numbers up at most.
const maxWidth = 255

// modified writes a number as OFFSET[,WIDTH[,BASE]] says.
func modified(modifier string, i int64) (string, error) {
	parts := strings.Split(modifier, ",")
	offset, err := strconv.ParseInt(strings.TrimSpace(parts[0]), 10, 32)
	width := int64(0)
	if err == nil && len(parts) > 1 {
		width, err = strconv.ParseInt(strings.TrimSpace(parts[1]), 10, 32)
	}
	base := "d"
	if len(parts) > 2 {
		base = strings.TrimSpace(parts[2])
	}
	if err != nil || len(parts) > 3 || width < 0 || width > maxWidth {
		return "", errGenerate
	}
	switch base {
	case "d", "o", "x", "X":
		return fmt.Sprintf("%0*"+base, int(width), i+offset), nil
	case "n", "N":
		return nibbles(i+offset, int(width), base == "N"), nil
	default:
		return "", errGenerate
	}
}

// nibbles writes a number as names below ip6.arpa have it: a label for each
// hexadecimal digit, the last digit first. The width counts the dots.
func nibbles(number int64, width int, upper bool) string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	for value := uint64(number); ; value >>= 4 {
		b.WriteByte(digits[value&15])
		if value < 16 && b.Len() >= width {
			break
		}
		b.WriteByte('.')
		if value < 16 && b.Len() >= width {
			break
		}
	}
	if upper {
		return strings.ToUpper(b.String())
	}
	return b.String()
}
