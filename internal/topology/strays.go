package topology

import (
	"fmt"
	"strings"
)

// This file looks for signs that YAML cannot go on from: behind what a quote or a bracket
// closes, in double quotes, and where a value is expected.

// foreign looks for a line that is no YAML at all, and reports whether it is one.
func (r *reading) foreign(at int, line string) bool {
	if foreignLine().MatchString(line) {
		r.add(at, at+len(line), "", "leave out the line", "a line that is no part of a topology")
		return true
	}
	m := otherComment().FindStringSubmatchIndex(line)
	if m == nil {
		return false
	}
	sign := line[m[2]:m[3]]
	r.add(at+m[2], at+m[3], "#", fmt.Sprintf(`put "#" in the place of "%s"`, sign), "a comment begins with #")
	return true
}

// tightColons looks for colons in braces without a space behind them.
func (r *reading) tightColons(at int, line string) {
	mended := line
	for {
		next := tightInFlow().ReplaceAllString(mended, "$1 $2")
		if next == mended {
			break
		}
		mended = next
	}
	switch spaces := len(mended) - len(line); {
	case spaces == 1:
		m := tightInFlow().FindStringSubmatchIndex(line)
		r.add(at+m[3]-1, at+m[3], ": ", "put a space behind the colon", "a colon without a space behind it")
	case spaces > 1 && keyed().MatchString(mended):
		from := indentOf(line)
		r.add(at+from, at+len(line), mended[from:], "write "+mended[from:], "colons without a space behind them")
	}
}

// strays looks for them in a line.
func (r *reading) strays(at int, line string) {
	r.escapes(at, line)
	r.between(at, line)
	if !r.inFlow(at) {
		r.dashes(at, line)
	}
	r.lonely(at, line)
	r.behind(at, line)
}

// inFlow reports whether a bracket is open where a line begins.
func (r *reading) inFlow(at int) bool { return len(r.open) > 0 && r.open[0].at < at }

// leave notes a text that is to be left out.
func (r *reading) leave(at int, text, format string, args ...any) {
	r.add(at, at+len(text), "", fmt.Sprintf(`leave out "%s"`, text), format, args...)
}

// escapes looks for a backslash in double quotes that means nothing there, and for one
// because of which a quote closes nothing.
func (r *reading) escapes(at int, line string) {
	for _, m := range doubleQuoted().FindAllStringSubmatchIndex(line, -1) {
		text := line[m[2]+1 : m[3]-1]
		rest := escaped().ReplaceAllString(text, "")
		if i := strings.IndexByte(rest, '\\'); i >= 0 {
			mended := "'" + strings.ReplaceAll(text, "'", "''") + "'"
			r.add(at+m[2], at+m[3], mended, "put it in single quotes: "+mended, "%s means nothing in double quotes", shorten(rest[i:min(len(rest), i+2)], maxShown))
		}
	}
	for _, m := range escapedQuote().FindAllStringSubmatchIndex(line, -1) {
		r.leave(at+m[2], `\`, "a backslash before the quote that closes")
	}
}

// between looks for a comma that is missing between entries in braces, and for a single
// quote within single quotes.
func (r *reading) between(at int, line string) {
	for _, m := range commaless().FindAllStringSubmatchIndex(line, -1) {
		r.add(at+m[2], at+m[2], ", ", "put a comma before it", "no comma before a key")
	}
	for _, m := range colonForComma().FindAllStringSubmatchIndex(line, -1) {
		r.add(at+m[2], at+m[3], ",", `put "," in the place of ":"`, "a colon where a comma is expected")
	}
	if m := apostrophe().FindStringSubmatchIndex(line); m != nil {
		mended := fmt.Sprintf("%q", line[m[2]+1:m[3]-1])
		r.add(at+m[2], at+m[3], mended, "put it in quotes: "+mended, "a single quote within single quotes")
	}
}

// special looks for values that begin with a character that YAML keeps for itself.
func (r *reading) special(at int, line string) {
	for _, m := range special().FindAllStringSubmatchIndex(line, -1) {
		text := line[m[2]:m[3]]
		if text[0] == '!' || text[0] == '&' || text[0] == '|' || text[0] == '>' {
			continue
		}
		if strings.TrimSpace(line[:m[2]]) == "ttl:" {
			r.add(at+m[2], at+m[3], fmt.Sprint(DefaultTTL), fmt.Sprintf("write %d, the default, or another number of seconds", DefaultTTL), "%s is no number", shorten(text, maxShown))
			continue
		}
		if strings.HasSuffix(text, ":") {
			text, m[3] = text[:len(text)-1], m[3]-1
		}
		text = strings.Trim(text, "\"'`")
		if text[:min(len(text), 1)] == "*" && !strings.HasPrefix(text, "*.") {
			r.add(at+m[2], at+m[3], fmt.Sprintf("%q", text), "put the value itself in its place; the links of another VPC are {same_as: VPC}", "%s is an alias of YAML, which is not supported", shorten(text, maxShown))
			continue
		}
		r.add(at+m[2], at+m[3], fmt.Sprintf("%q", text), fmt.Sprintf("put it in quotes: %q", text), "%s begins with a character that YAML keeps for itself", shorten(line[m[2]:m[3]], maxShown))
	}
}

// clinging looks for signs that stand before a quote or a bracket, and belong to nothing.
func (r *reading) clinging(at int, line string) {
	for _, m := range signed().FindAllStringSubmatchIndex(line, -1) {
		r.leave(at+m[2], line[m[2]:m[3]], "%s stands before a value", line[m[2]:m[3]])
	}
}

// lonely looks for signs that stand where a value is expected, and are none.
func (r *reading) lonely(at int, line string) {
	for _, m := range lonely().FindAllStringSubmatchIndex(line, -1) {
		if m[2] < 0 {
			m = m[2:] // the second group
		}
		sign := line[m[2]:m[3]]
		blanks := len(line[m[3]:]) - len(strings.TrimLeft(line[m[3]:], " "))
		r.leave(at+m[2], sign+line[m[3]:m[3]+blanks], "%s stands where a value is expected", sign)
	}
	for _, m := range hashed().FindAllStringSubmatchIndex(line, -1) {
		text := line[m[2]:m[3]]
		r.add(at+m[2], at+m[3], fmt.Sprintf("%q", text), fmt.Sprintf("put it in quotes: %q", text), "%s begins a comment", shorten(text, maxShown))
	}
}

// marks looks for a mark of documents with something behind it.
func (r *reading) marks(at int, line string) {
	if m := marked().FindStringSubmatchIndex(line); m != nil {
		mark := line[m[2]:m[3]]
		r.leave(at+m[2], mark, "%s has a line of its own", strings.TrimSpace(mark))
	}
}

// dashes looks for dashes that begin no list: behind a key, and among keys.
func (r *reading) dashes(at int, line string) {
	if m := dashed().FindStringSubmatchIndex(line); m != nil {
		mended := "[" + line[m[4]:m[5]] + "]"
		r.add(at+m[2], at+m[3], mended, "write "+mended, "a list that begins in the line of its key")
	}
	if m := unbraced().FindStringSubmatchIndex(line); m != nil {
		mended := "{" + line[m[2]:m[3]] + "}"
		r.add(at+m[2], at+m[3], mended, "write "+mended, "keys with commas between them are in braces")
	}
	width := len(line) - len(strings.TrimLeft(line, " "))
	if m := among().FindStringSubmatchIndex(line); m != nil && r.keyAbove == width {
		r.leave(at+m[2], line[m[2]:m[3]], "an item of a list among keys")
	}
	switch {
	case keyed().MatchString(line) && !strings.HasSuffix(withoutComment(line), ":"):
		r.keyAbove = width
	default:
		r.keyAbove = -1
	}
}

// behind looks for texts behind what a quote or a bracket closes.
func (r *reading) behind(at int, line string) {
	depth := 0
	for _, o := range r.open {
		if o.at < at {
			depth++
		}
	}
	for i, length := range outside(line) {
		switch line[i] {
		case '"', '\'':
			if length > 1 {
				r.follows(at, line, i+length, depth)
			}
		case '[', '{':
			depth++
		case ']', '}':
			depth--
			r.follows(at, line, i+1, depth)
		}
	}
}

// follows notes the text that stands at an index of a line, behind what was closed.
func (r *reading) follows(at int, line string, from, depth int) {
	rest := withoutComment(line[from:])
	from += len(rest) - len(strings.TrimLeft(rest, " \t"))
	rest = strings.TrimLeft(rest, " \t")
	if rest == "" || strings.IndexByte(",]}:#", rest[0]) >= 0 {
		return
	}
	if end := strings.IndexAny(rest, ",]}"); depth > 0 && end >= 0 {
		rest = strings.TrimRight(rest[:end], " \t")
	}
	if !strings.Contains(rest, `"`) {
		r.leave(at+from, rest, "%s stands behind what is closed before it", shorten(rest, maxShown))
	}
}
