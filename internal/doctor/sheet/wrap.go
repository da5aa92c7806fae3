package sheet

import (
	"strings"
	"unicode/utf8"
)

// width is how many columns a line of text has at most.
const width = 80

// wrapped returns text behind a first prefix and, on all further lines, a second one.
// A word that is longer than a line, as names may be, is cut.
func wrapped(first, rest, text string) string {
	var b strings.Builder
	line, empty := first, true
	flush := func() {
		b.WriteString(strings.TrimRight(line, " ") + "\n")
		line, empty = rest, true
	}
	for _, word := range strings.Fields(text) {
		for {
			space := " "
			if empty {
				space = ""
			}
			free := width - utf8.RuneCountInString(line) - len(space)
			if n := utf8.RuneCountInString(word); n <= free {
				line, empty = line+space+word, false
				break
			} else if !empty {
				flush()
			} else {
				runes := []rune(word)
				line += string(runes[:free])
				word = string(runes[free:])
				flush()
			}
		}
	}
	if !empty {
		flush()
	}
	return b.String()
}
