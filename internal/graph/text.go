package graph

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/auralink/auralink/internal/auraname"
)

// unbroken is what no line ends in: it is read as one word.
const unbroken = auraname.Host

// folds cuts a text into lines of at most so many characters: behind the last blank or
// else the last mark, if that is not in the first third of a line, else anywhere.
func folds(text string, most int) []string {
	var lines []string
	rest := []rune(text)
	marks := []rune(strings.ReplaceAll(text, unbroken, strings.Repeat("x", len(unbroken))))
	for cells(string(rest)) > most {
		end := len(rest)
		for cells(string(rest[:end])) > most {
			end--
		}
		line := string(marks[:end])
		if at := cmp.Or(behind(line, " ", end/3), behind(line, "-._/,:", end/3)); at > 0 {
			end = at
		}
		lines = append(lines, strings.TrimRight(string(rest[:end]), " "))
		rest, marks = rest[end:], marks[end:]
	}
	return append(lines, string(rest))
}

// behind returns how many characters of a line end with the last of some marks, if these
// are more than so many, else 0.
func behind(line, marks string, more int) int {
	at := utf8.RuneCountInString(line[:strings.LastIndexAny(line, marks)+1])
	if at <= more {
		return 0
	}
	return at
}

// cells is how wide a text is, in characters of the font: those of East Asia are twice
// as wide.
func cells(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r >= 0x1100 {
			n++
		}
	}
	return n
}

// visible returns a text without what is not seen, or turns the rest of it round.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) && r != '\n' {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// fitting returns a text as it is drawn, on one line: cut in its middle where it is too
// long.
func fitting(text string) string {
	shown := []rune(visible(strings.ReplaceAll(text, "\n", " ")))
	if cells(string(shown)) <= maxCells {
		return string(shown)
	}
	head, tail := shown[:len(shown)/2], shown[len(shown)/2:]
	for cells(string(head)) > maxCells/2-1 {
		head = head[:len(head)-1]
	}
	for cells(string(tail)) > maxCells/2-1 {
		tail = tail[1:]
	}
	return string(head) + "…" + string(tail)
}

// wrapped cuts a sentence into lines of at most so many characters, at its spaces. What
// has none is cut as any long text.
func wrapped(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		word = fitting(word)
		switch {
		case line == "":
			line = word
		case cells(line)+1+cells(word) > width:
			lines = append(lines, line)
			line = "  " + word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}
