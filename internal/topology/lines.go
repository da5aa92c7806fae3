package topology

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// opening is a bracket that is open, and where.
type opening struct {
	kind byte
	at   int
}

// reading is what is known of a text while its lines are gone through.
type reading struct {
	text    string
	open    []opening
	indents []indent // of the block mappings that are open
	deeper  bool     // the last line opened one
	// keyAbove is how far the line above is indented, if it has a key with a value; or -1.
	keyAbove int
	slips    []slip
}

// indent is how far the keys of a mapping are indented, and the line of the first.
type indent struct{ width, line int }

// slipsIn returns what may be mistakes in a text, in its order.
func slipsIn(text string) []slip {
	r := &reading{text: text, keyAbove: -1}
	number := 0
	for at := 0; at < len(text); {
		end := at + len(text[at:])
		if n := strings.IndexByte(text[at:], '\n'); n >= 0 {
			end = at + n
		}
		number++
		r.line(at, strings.TrimSuffix(text[at:end], "\r"), number)
		at = end + 1
	}
	if len(r.open) > 0 {
		r.unclosed(len(text))
	}
	return r.slips
}

func (r *reading) add(at, end int, remedy, hint, format string, args ...any) {
	if len(r.slips) > 10*maxSlips {
		r.slips = r.slips[:10*maxSlips]
	}
	r.slips = append(r.slips, slip{at: at, end: end, remedy: remedy, hint: hint, message: fmt.Sprintf(format, args...)})
}

// line looks for mistakes in a line that begins at an offset.
func (r *reading) line(at int, line string, number int) {
	if blankLine().MatchString(line) {
		r.marks(at, line)
		return
	}
	if r.foreign(at, line) {
		return
	}
	inFlow := len(r.open) > 0
	if inFlow && keyed().MatchString(line) {
		r.unclosed(at)
	}
	if !inFlow {
		r.indented(at, line, number)
		r.block(at, line)
	}
	r.tightColons(at, line)
	r.clinging(at, line)
	r.special(at, line)
	for _, m := range adjacent().FindAllStringSubmatchIndex(line, -1) {
		r.add(at+m[2], at+m[2], ", ", "put a comma before it", "no comma between two items")
	}
	r.brackets(at, line)
	if end := len(withoutComment(line)); len(r.open) == 0 && strings.HasSuffix(line[:end], ",") {
		r.add(at+end-1, at+end, "", "leave it out", "a comma at the end of a line that is in no brackets")
	}
	r.strays(at, line)
}

// block looks for mistakes of a line that is in no brackets.
func (r *reading) block(at int, line string) {
	if m := tightDash().FindStringSubmatchIndex(line); m != nil {
		r.add(at+m[2], at+m[3], "- ", "put a space behind the dash", "a dash without a space behind it")
	}
	if m := tight().FindStringSubmatchIndex(line); m != nil && (!strings.Contains(line, ": ") || strings.ContainsRune("[{", rune(line[m[6]]))) {
		r.add(at+m[6]-1, at+m[6], ": ", "put a space behind the colon", "a colon without a space behind it")
	}
	if m := equals().FindStringSubmatchIndex(line); m != nil {
		mended := line[m[4]:m[5]] + ": " + line[m[6]:m[7]]
		r.add(at+m[4], at+m[7], mended, "write "+mended, "an equals sign where a colon is expected")
	}
	if m := equalsAtEnd().FindStringSubmatchIndex(line); m != nil {
		r.add(at+m[2], at+m[3], ":", fmt.Sprintf(`put ":" in the place of "%s"`, line[m[2]:m[3]]), "an equals sign where a colon is expected")
	}
	if m := bare().FindStringSubmatchIndex(line); m != nil {
		r.add(at+m[4], at+m[5], line[m[4]:m[5]]+":", "put a colon behind it", "a key without a colon")
	}
	if m := spaced().FindStringSubmatchIndex(line); m != nil && !keyed().MatchString(line) {
		mended := line[m[2]:m[3]] + ": " + line[m[4]:m[5]]
		r.add(at+m[2], at+m[5], mended, "write "+mended, "a key without a colon")
	}
	r.colons(at, line)
}

// colons looks for colons of another kind, and for a second one.
func (r *reading) colons(at int, line string) {
	if m := wide().FindStringSubmatchIndex(line); m != nil {
		r.add(at+m[2], at+m[3], ": ", "put a colon and a space in its place", "a full-width colon")
	}
	if m := paired().FindStringSubmatchIndex(line); m != nil && (isSameAs(line[m[4]:m[5]]) || strings.ContainsRune("[{", rune(line[m[6]]))) {
		key := line[m[4]:m[5]]
		if isSameAs(key) {
			key = sameAsKey
		}
		mended := "{" + key + ": " + line[m[6]:m[7]] + "}"
		r.add(at+m[2], at+m[3], mended, "write "+mended, "a second colon in the line")
	}
	if m := twice().FindStringSubmatchIndex(line); m != nil {
		value := line[m[2]:m[3]]
		r.add(at+m[2], at+m[3], fmt.Sprintf("%q", value), fmt.Sprintf("put it in quotes: %q", value), "a second colon in the line")
	}
}

// indented looks at how far a line is indented.
func (r *reading) indented(at int, line string, number int) {
	width := len(line) - len(strings.TrimLeft(line, " "))
	if strings.HasPrefix(line[width:], "\t") {
		r.tab(at, line)
		return
	}
	top, dropped := r.settle(width)
	isKey, isItem := keyed().MatchString(line), strings.HasPrefix(line[width:], "-")
	switch {
	case top.width == width:
		r.item(line, number)
	case dropped.width < 0 && (r.deeper || top.width < 0):
		if isKey || isItem {
			r.indents = append(r.indents, indent{width, number})
		}
		r.item(line, number)
	case !isKey && !isItem:
	default:
		r.astray(at, line, number, top, dropped)
	}
	r.deeper = (isKey || isItem) && strings.HasSuffix(withoutComment(line), ":")
}

// item opens the mapping that begins in a line behind the dash of a list.
func (r *reading) item(line string, number int) {
	if m := keyedItem().FindStringSubmatchIndex(line); m != nil {
		r.indents = append(r.indents, indent{m[2], number})
	}
}

// astray notes a line that is indented as none before it: a key of the file belongs to the
// others, and all else to what was closed last.
func (r *reading) astray(at int, line string, number int, top, dropped indent) {
	width := len(line) - len(strings.TrimLeft(line, " "))
	key := keyed().FindStringSubmatch(line)
	ofFile := key != nil && isTopKey(key[2])
	switch {
	case ofFile && width == 0 && dropped.width >= 0:
		r.wrongIndent(r.startOf(dropped.line), dropped.width, indent{0, number})
	case ofFile && len(r.indents) > 0:
		r.wrongIndent(at, width, r.indents[0])
	case dropped.width >= 0:
		r.oddBefore(number, width, dropped)
		r.wrongIndent(at, width, dropped)
	default:
		r.oddBefore(number, width, top)
		r.wrongIndent(at, width, top)
	}
}

// isTopKey reports whether a key is one of the file.
func isTopKey(key string) bool {
	return slices.Contains(keysOf(reflect.TypeFor[rawTopology]()), key)
}

// tab notes a line that is indented with tabs: all of a text that is, if it is a topology then.
func (r *reading) tab(at int, line string) {
	step := cmp.Or(usualStep(strings.Split(r.text, "\n")), 2)
	if mended := tabless(r.text, step); strings.Count(r.text, "\n\t") > 1 && len(r.text) <= maxRelined && shaped(mended) {
		r.slips = append(r.slips, slip{
			at: 0, end: len(r.text), remedy: mended, shown: at, elsewhere: true, message: "tabs in the indentation",
			hint: fmt.Sprintf("put %s in the place of each tab that a line begins with: YAML does not allow tabs", countedSpaces(step)),
		})
		return
	}
	rest := len(line) - len(strings.TrimLeft(line, " \t"))
	width := r.likely()
	r.add(at, at+rest, strings.Repeat(" ", width),
		fmt.Sprintf("indent it with %s: YAML does not allow tabs", countedSpaces(width)), "a tab in the indentation")
}

// tabless returns a text in which each tab that a line begins with is so many spaces.
func tabless(text string, step int) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		rest := strings.TrimLeft(line, " \t")
		lines[i] = strings.ReplaceAll(line[:len(line)-len(rest)], "\t", strings.Repeat(" ", step)) + rest
	}
	return strings.Join(lines, "\n")
}

// settle closes the mappings whose keys are indented more than a line. It returns the
// innermost that is left, and the last one that was closed; none has width -1.
func (r *reading) settle(width int) (top, closed indent) {
	top, closed = indent{width: -1}, indent{width: -1}
	for len(r.indents) > 0 && r.indents[len(r.indents)-1].width > width {
		closed = r.indents[len(r.indents)-1]
		r.indents = r.indents[:len(r.indents)-1]
	}
	if len(r.indents) > 0 {
		top = r.indents[len(r.indents)-1]
	}
	return top, closed
}

// wrongIndent notes a line that is indented as none before it.
func (r *reading) wrongIndent(at, width int, like indent) {
	r.add(at, at+width, strings.Repeat(" ", like.width),
		fmt.Sprintf("indent it with %s, like line %d", countedSpaces(like.width), like.line),
		"the line is indented with %s, as none before it that it could belong to", countedSpaces(width))
	r.slips[len(r.slips)-1].place(at + width)
}

func countedSpaces(n int) string {
	if n == 1 {
		return "1 space"
	}
	return fmt.Sprintf("%d spaces", n)
}

// likely is how far the next line is indented, most likely.
func (r *reading) likely() int {
	switch n := len(r.indents); {
	case n == 0:
		return 0
	case r.deeper:
		return r.indents[n-1].width + 2
	default:
		return r.indents[n-1].width
	}
}
