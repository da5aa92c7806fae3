package topology

import (
	"fmt"
	"strings"
)

// Where two lines of a mapping are indented differently, YAML complains of the second. This file
// finds out whether the first is the odd one: other lines say how far they belong.

// oddBefore notes the line before another one, if that is indented as its neighbours are and this is not.
// The mapping that like begins has no other line yet.
func (r *reading) oddBefore(number, width int, like indent) {
	parent := 0
	for _, i := range r.indents {
		if i.width < min(width, like.width) {
			parent = i.width
		}
	}
	lines := strings.Split(r.text, "\n")
	if strings.HasPrefix(strings.TrimLeft(lines[like.line-1], " "), "-") {
		return // the dash of an item is not to be moved
	}
	before, after := alike(lines[like.line-1:number-1], like.width), alike(lines[number-1:], width)
	if before > 1 || after < before || after == before && width != parent+usualStep(lines) {
		return
	}
	example := number
	for n := number - 1; n > 0 && example == number; n-- {
		if text := lines[n-1]; n != like.line && !blankLine().MatchString(text) && indentOf(text) == width {
			example = n
		}
	}
	at := r.startOf(like.line)
	r.add(at, at+like.width, strings.Repeat(" ", width),
		fmt.Sprintf("indent it with %s, like line %d", countedSpaces(width), example),
		"the line is indented with %s, and those that it belongs to with %s", countedSpaces(like.width), countedSpaces(width))
	r.slips[len(r.slips)-1].place(at + like.width)
}

// odder returns the line that another one is to be indented like, if that one is the odd one: what it is
// indented with is no multiple of what the text has elsewhere, and the text is a topology if it is mended.
func odder(text string, lines []string, number int, r relined) relined {
	step := usualStep(lines)
	if r.like == 0 || r.like >= number || step == 0 {
		return r
	}
	width := indentOf(lines[number-1])
	if width%step != 0 || indentOf(lines[r.like-1])%step == 0 {
		return r
	}
	odd := reindented(lines, r.like, len(strings.Join(lines[:r.like-1], "")), indent{width, number})
	if !shaped(text[:odd.at] + odd.remedy + text[odd.end:]) {
		return r
	}
	return odd
}

// alike counts the lines of a mapping that are indented like its first one. It ends where a line is
// indented less.
func alike(lines []string, width int) int {
	n := 0
	for _, line := range lines {
		switch w := indentOf(line); {
		case blankLine().MatchString(line):
		case w < width:
			return n
		case w == width:
			n++
		}
	}
	return n
}

// usualStep returns how much further most mappings of a text are indented than the key that they belong to.
func usualStep(lines []string) int {
	count := make(map[int]int)
	opened := -1
	for _, line := range lines {
		line = strings.TrimRight(line, "\r\n")
		if blankLine().MatchString(line) {
			continue
		}
		if w := indentOf(line); opened >= 0 && w > opened {
			count[w-opened]++
		}
		opened = -1
		if strings.HasSuffix(withoutComment(line), ":") {
			opened = indentOf(line)
		}
	}
	usual := 0
	for step, n := range count {
		if n > count[usual] || n == count[usual] && step < usual {
			usual = step
		}
	}
	return usual
}

// indentOf returns how far a line is indented.
func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
