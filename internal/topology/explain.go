package topology

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// The YAML library says where it could not go on, which is seldom where the mistake
// is. This file looks for the mistakes that people make, line by line, and takes the
// first whose remedy gets the library further.

// slip is a mistake in YAML and its remedy: what to put in the place of the octets
// from at to end.
type slip struct {
	at, end       int
	remedy        string
	message, hint string
	// shown is where it is shown, if that is not where the remedy goes.
	shown     int
	elsewhere bool
}

// maxExplained is the largest text whose mistakes are sought, in octets; maxSlips is
// how many remedies are tried.
const (
	maxExplained = 64 << 10
	maxSlips     = 30
)

// explain returns the mistake because of which the library could not go on in a line,
// if it is found.
func explain(text []byte, noticed int) (slip, bool) {
	if len(text) > maxExplained {
		return slip{}, false
	}
	slips := slipsIn(string(text))
	for _, s := range slips[:min(len(slips), maxSlips)] {
		mended := string(text[:s.at]) + s.remedy + string(text[s.end:])
		if line, wrong := wrongIn(mended); !wrong || line > noticed+strings.Count(s.remedy, "\n") {
			return s, true
		}
	}
	return slip{}, false
}

// slipIn returns the mistake because of which YAML takes a key and its value for one
// string, if n is that.
func (d *decoder) slipIn(n *yaml.Node) (slip, bool) {
	line := d.source.line(n.Line)
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" || n.Style != 0 || len(line) > maxExplained {
		return slip{}, false
	}
	from := d.source.offset(line, n.Column-1)
	if strings.TrimLeft(string(line[:from]), " ") != "" {
		return slip{}, false
	}
	slips := slipsIn(string(line))
	if len(slips) == 0 {
		return slip{}, false
	}
	return slips[0], true
}

// wrongIn returns the line in which the library cannot go on with a text.
func wrongIn(text string) (line int, wrong bool) {
	feed, refused := feedOf(&source{text: []byte(text)})
	if refused != nil {
		return 0, true
	}
	var limit depthLimit
	loader, err := yaml.NewLoader(feed.reader(), yaml.WithPlugin(&limit))
	if err != nil {
		return 0, true
	}
	var document yaml.Node
	err = loader.Load(&document)
	if load, ok := err.(*yaml.LoadError); ok { //nolint:errorlint // the library returns it as it is
		return max(load.Mark.Line, load.ContextMark.Line), true
	}
	return 0, err != nil
}

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
	slips   []slip
}

// indent is how far the keys of a mapping are indented, and the line of the first.
type indent struct{ width, line int }

// slipsIn returns what may be mistakes in a text, in its order.
func slipsIn(text string) []slip {
	r := &reading{text: text}
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
	for _, m := range tightFlow().FindAllStringIndex(line, -1) {
		r.add(at+m[1]-2, at+m[1]-1, ": ", "put a space behind the colon", "a colon without a space behind it")
	}
	for _, m := range special().FindAllStringSubmatchIndex(line, -1) {
		text := line[m[2]:m[3]]
		if text[0] == '!' || text[0] == '&' || text[0] == '|' || text[0] == '>' {
			continue
		}
		r.add(at+m[2], at+m[3], fmt.Sprintf("%q", text), fmt.Sprintf("put it in quotes: %q", text), "%s begins with a character that YAML keeps for itself", shorten(text, maxShown))
	}
	for _, m := range adjacent().FindAllStringSubmatchIndex(line, -1) {
		r.add(at+m[2], at+m[2], ", ", "put a comma before it", "no comma between two items")
	}
	r.brackets(at, line)
	if end := len(withoutComment(line)); len(r.open) == 0 && strings.HasSuffix(line[:end], ",") {
		r.add(at+end-1, at+end, "", "leave it out", "a comma at the end of a line that is in no brackets")
	}
}

// block looks for mistakes of a line that is in no brackets.
func (r *reading) block(at int, line string) {
	if m := tight().FindStringSubmatchIndex(line); m != nil && !strings.Contains(line, ": ") {
		r.add(at+m[6]-1, at+m[6], ": ", "put a space behind the colon", "a colon without a space behind it")
	}
	if m := equals().FindStringSubmatchIndex(line); m != nil {
		mended := line[m[4]:m[5]] + ": " + line[m[6]:m[7]]
		r.add(at+m[4], at+m[7], mended, "write "+mended, "an equals sign where a colon is expected")
	}
	if m := bare().FindStringSubmatchIndex(line); m != nil {
		r.add(at+m[4], at+m[5], line[m[4]:m[5]]+":", "put a colon behind it", "a key without a colon")
	}
	if m := spaced().FindStringSubmatchIndex(line); m != nil && !keyed().MatchString(line) {
		mended := line[m[2]:m[3]] + ": " + line[m[4]:m[5]]
		r.add(at+m[2], at+m[5], mended, "write "+mended, "a key without a colon")
	}
	if m := wide().FindStringSubmatchIndex(line); m != nil {
		r.add(at+m[2], at+m[3], ": ", "put a colon and a space in its place", "a full-width colon")
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
	isKey := keyed().MatchString(line)
	switch {
	case top.width == width:
	case dropped.width < 0 && (r.deeper || top.width < 0):
		if isKey {
			r.indents = append(r.indents, indent{width, number})
		}
	case !isKey && !strings.HasPrefix(line[width:], "-"):
	default:
		r.astray(at, line, number, top, dropped)
	}
	r.deeper = isKey && strings.HasSuffix(withoutComment(line), ":")
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
		r.wrongIndent(at, width, dropped)
	default:
		r.wrongIndent(at, width, top)
	}
}

// isTopKey reports whether a key is one of the file.
func isTopKey(key string) bool {
	return slices.Contains(keysOf(reflect.TypeFor[rawTopology]()), key)
}

// tab notes a line that is indented with tabs.
func (r *reading) tab(at int, line string) {
	rest := len(line) - len(strings.TrimLeft(line, " \t"))
	width := r.likely()
	r.add(at, at+rest, strings.Repeat(" ", width),
		fmt.Sprintf("indent it with %s: YAML does not allow tabs", countedSpaces(width)), "a tab in the indentation")
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

// withoutComment cuts off a comment and the blanks before it.
func withoutComment(line string) string {
	if at := strings.Index(line, " #"); at >= 0 {
		line = line[:at]
	}
	return strings.TrimRight(line, " \t")
}

// startOf returns the offset of a line.
func (r *reading) startOf(number int) int {
	at := 0
	for range number - 1 {
		at += strings.IndexByte(r.text[at:], '\n') + 1
	}
	return at
}

func (r *reading) lineOf(at int) int { return strings.Count(r.text[:at], "\n") + 1 }

// place shows a slip elsewhere than where its remedy goes.
func (s *slip) place(at int) { s.shown, s.elsewhere = at, true }

// blankLike returns the offset of a character that looks like a blank or a quote and
// is none, outside of comments, and what to write instead.
func (s *source) blankLike() (at int, instead string) {
	if isASCII(s.text) {
		return 0, ""
	}
	comment := false
	for i := 0; i < len(s.text); {
		c, size := utf8.DecodeRune(s.text[i:])
		switch {
		case c == '\n':
			comment = false
		case c == '#' && (i == 0 || s.text[i-1] <= ' '):
			comment = true
		case comment:
		case strings.ContainsRune("\u00a0\u2002\u2003\u2007\u2009\u202f\u3000", c):
			return i, "a space"
		case strings.ContainsRune("\u200b\u200c\u200d\u2060", c):
			return i, "nothing"
		}
		i += size
	}
	return 0, ""
}

func isASCII(text []byte) bool {
	return bytes.IndexFunc(text, func(c rune) bool { return c >= utf8.RuneSelf }) < 0
}

// misplaced complains of a key of the file among regions or VPCs, with a value that is none
// of theirs: what looks like a region or a VPC of that name is one.
func (d *decoder) misplaced(key, value *yaml.Node, of reflect.Type) bool {
	if len(d.path) != 1 || of != reflect.TypeFor[rawRegion]() && of != reflect.TypeFor[rawVPC]() || !isTopKey(key.Value) {
		return false
	}
	for i := 0; value.Kind == yaml.MappingNode && i < len(value.Content); i += 2 {
		if slices.Contains(keysOf(of), value.Content[i].Value) {
			return false
		}
	}
	d.within(key.Value, func() {
		d.errorf(CodeUnknownKey, at(key), d.where(), fmt.Sprintf("indent %s with 0 spaces", key.Value), "%s is a key of the file, and stands among %s", key.Value, d.path[0])
	})
	return true
}
