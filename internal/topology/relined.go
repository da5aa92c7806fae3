package topology

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/pattern"
)

// A line that is indented wrongly is seldom the one in which that is noticed: YAML takes it
// for something else, and stumbles later or not at all. This file looks for the one line
// which, written otherwise, makes all of the file a topology by its keys and kinds.

// relined is a line that is to be written otherwise: what to put in the place of the octets
// from at to end.
type relined struct {
	at, end       int
	remedy        string
	message, hint string
	like          int // the line that it is to be indented like, or 0
}

const (
	// maxRelined is the largest text of which lines are tried, in octets.
	maxRelined = 16 << 10
	// reach is how many lines before and behind the one that was noticed are tried.
	reach = 10
	// maxTries bounds how often a text is read for that.
	maxTries = 150
)

// shapeless are the codes of what is wrong with keys and kinds, and not with values.
var shapeless = []Code{CodeSyntax, CodeUnsupported, CodeUnknownKey, CodeWrongType, CodeEmpty, CodeEmptyLink, CodeDuplicate, CodeCatchAllConflict, CodeBadName, CodeUnknownRegion}

// shaped reports whether a text is a topology, but for its values.
func shaped(text string) bool {
	c := &collector{source: &source{text: []byte(text)}}
	raw, decoded := (&decoder{collector: c, quiet: true}).decode()
	if !decoded {
		return false
	}
	(&validator{collector: c}).validate(raw)
	return !slices.ContainsFunc(c.findings, func(f Finding) bool {
		return f.Severity == SeverityError && slices.Contains(shapeless, f.Code)
	})
}

// reline returns the line near the one that was noticed, the nearest first, which makes a
// topology of a text if it is written otherwise.
func reline(text string, noticed int) (relined, bool) {
	if len(text) > maxRelined {
		return relined{}, false
	}
	lines := strings.SplitAfter(text, "\n")
	tries := 0
	for _, number := range nearest(noticed, len(lines)) {
		at := 0
		for _, line := range lines[:number-1] {
			at += len(line)
		}
		for _, r := range otherwise(lines, number, at) {
			if tries++; tries > maxTries {
				return relined{}, false
			}
			if shaped(text[:r.at] + r.remedy + text[r.end:]) {
				return odder(text, lines, number, r), true
			}
		}
	}
	return relined{}, false
}

// nearest returns the numbers of lines around one, that one first.
func nearest(number, lines int) []int {
	var all []int
	for away := range reach {
		for _, n := range []int{number - away, number + away} {
			if n >= 1 && n <= lines && !slices.Contains(all, n) {
				all = append(all, n)
			}
		}
	}
	return all
}

var (
	// leading matches signs before a line that are no part of it: of a list, a quotation or
	// a patch.
	leading = pattern.Lazily(`^(\s*)(- |> |>|\+|\| )`)
	// trailing matches what other languages have at the end of a line.
	trailing = pattern.Lazily(`(;|\s*\\)\s*$`)
	// slashes matches how other languages begin a comment.
	slashes = pattern.Lazily(`(?:^|\s)(//)`)
	// clinging matches a comment without a space before it.
	clinging = pattern.Lazily(`[\]"'}0-9a-z:](#)`)
)

// otherwise returns the ways in which a line that begins at an offset may have been meant.
func otherwise(lines []string, number, at int) []relined {
	line := strings.TrimRight(lines[number-1], "\r\n")
	if strings.TrimSpace(line) == "" || strings.HasPrefix(strings.TrimSpace(line), "#") {
		return nil
	}
	all := signs(line, at)
	width := len(line) - len(strings.TrimLeft(line, " "))
	key := keyed().FindStringSubmatch(line)
	ofFile := key != nil && isTopKey(key[2])
	for _, like := range widths(lines, number) {
		if like.width != width && (!ofFile || like.width == 0) {
			all = append(all, reindented(lines, number, at, like))
		}
	}
	return all
}

// reindented returns a line that begins at an offset as it is with the indentation of another one.
func reindented(lines []string, number, at int, like indent) relined {
	width := indentOf(lines[number-1])
	return relined{
		at: at, end: at + width, remedy: strings.Repeat(" ", like.width), like: like.line,
		message: fmt.Sprintf("the line is indented with %s, and belongs where %s are", countedSpaces(width), fmt.Sprint(like.width)),
		hint:    fmt.Sprintf("indent it with %s, like line %d", countedSpaces(like.width), like.line),
	}
}

// signs returns the ways in which a line may have been meant that has a sign too many.
func signs(line string, at int) []relined {
	var all []relined
	add := func(m []int, group int, remedy, message, hint string) {
		if m != nil {
			all = append(all, relined{at: at + m[group], end: at + m[group+1], remedy: remedy, message: message, hint: hint})
		}
	}
	leave := func(pattern *regexp.Regexp, group int, where string) {
		if m := pattern.FindStringSubmatchIndex(line); m != nil {
			sign := line[m[group]:m[group+1]]
			add(m, group, "", fmt.Sprintf("%q %s, which means something else in YAML", sign, where), fmt.Sprintf(`leave out "%s"`, sign))
		}
	}
	leave(leading(), 4, "before the line")
	leave(trailing(), 2, "at the end of the line")
	add(slashes().FindStringSubmatchIndex(line), 2, "#", "a comment begins with #", `put "#" in the place of "//"`)
	add(clinging().FindStringSubmatchIndex(line), 2, " #", "a comment has a space before it", "put a space before it")
	return all
}

// widths returns how far lines are indented, each with the nearest line that is so, but for
// that one.
func widths(lines []string, number int) []indent {
	var all []indent
	for _, n := range nearest(number, len(lines)) {
		line := strings.TrimRight(lines[n-1], "\r\n")
		width := len(line) - len(strings.TrimLeft(line, " "))
		known := slices.ContainsFunc(all, func(i indent) bool { return i.width == width })
		if n != number && !known && strings.TrimSpace(line) != "" && len(all) < 6 {
			all = append(all, indent{width, n})
		}
	}
	return all
}

// retell puts the one line that is wrong in the place of all that comes of it, where it is
// found.
func (c *collector) retell() {
	first := slices.IndexFunc(c.findings, func(f Finding) bool { return f.Severity == SeverityError && slices.Contains(shapeless, f.Code) })
	if first < 0 || c.findings[first].Line == 0 || slices.ContainsFunc(c.findings, mendable) {
		return
	}
	r, found := reline(string(c.source.text), c.findings[first].Line)
	if !found {
		return
	}
	again := &collector{source: c.source}
	place := r.at
	if strings.HasPrefix(r.hint, "indent") {
		place = r.end
	}
	again.errorf(CodeSyntax, c.source.positionAt(place), "", r.hint, "%s", r.message)
	*c = *again
}

// mendable reports whether a finding has a hint that is better than what would be found
// here: a word is mistyped, or a key of the file is elsewhere.
func mendable(f Finding) bool {
	known := strings.HasPrefix(f.Hint, "did you mean") || strings.HasPrefix(f.Hint, "indent ")
	return f.Severity == SeverityError && f.Code != CodeSyntax && known
}

// mends reports whether the hint that is given already makes a topology of the text.
func (c *collector) mends() bool {
	return c.mended != "" && len(c.mended) <= maxRelined && shaped(c.mended)
}
