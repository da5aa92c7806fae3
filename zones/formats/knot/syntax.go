package knot

import (
	"regexp"
	"strings"
)

// The parts of a line: what stands before the key, the key, and its values.
var (
	keyed = regexp.MustCompile(`^( *(?:- +)?)([A-Za-z0-9\\/._*][A-Za-z0-9\\/._*-]*) *:(.*)$`)
	datum = `(?:"(?:[^"\\[:cntrl:]]|\\[[:print:]])*"|(?:[^"\\#,\[\][:cntrl:] ]|\\[[:print:]])+)`
	value = regexp.MustCompile(`^(?: +(?:(` + datum + `)|(\[ *` + datum + `(?: *, *` + datum + `)* *\])))?(?: +#.*| *)$`)
	each  = regexp.MustCompile(datum)
)

// parseLine splits a line: a key, a colon, and values, which may be in brackets. A line that Knot
// cannot parse says why.
func parseLine(line string) (i item, lead string, wrong string) {
	line = strings.TrimRight(line, "\r")
	bare := strings.TrimLeft(line, " ")
	if bare == "" || bare[0] == '#' {
		return item{}, "", ""
	}
	match := keyed.FindStringSubmatch(line)
	if match == nil {
		return item{}, "", failure(bare)
	}
	i.key, lead = match[2], match[1]
	values := value.FindStringSubmatch(match[3])
	switch {
	case values == nil:
		return i, lead, failure(match[3])
	case values[1] != "":
		i.values = []string{unquote(values[1])}
	case values[2] != "":
		for _, one := range each.FindAllString(values[2][1:len(values[2])-1], -1) {
			i.values = append(i.values, unquote(one))
		}
	}
	if strings.Contains(lead, "-") && values[1] == "" {
		return i, lead, "parser failed: an identifier has one value"
	}
	return i, lead, ""
}

// failure is what Knot says of a text that it cannot parse.
func failure(text string) string {
	if before, _, _ := strings.Cut(text, "#"); strings.Contains(before, "\t") {
		return "tabulator character is not allowed"
	}
	return "parser failed"
}

// unquote takes off double quotes: to Knot single ones are a part of the text.
func unquote(text string) string {
	if len(text) > 1 && text[0] == '"' && text[len(text)-1] == '"' {
		text = text[1 : len(text)-1]
	}
	return strings.ReplaceAll(text, `\"`, `"`)
}

// indents are where the items of a section and the dashes of its blocks stand.
type indents struct{ item, dash int }

// take judges where a line begins.
func (n *indents) take(lead string) (wrong bool) {
	dash := strings.IndexByte(lead, '-')
	switch {
	case lead == "":
		*n = indents{}
		return false
	case dash >= 0:
		wrong = dash > 0 && n.dash > 0 && dash != n.dash
		*n = indents{item: len(lead), dash: dash}
		return wrong
	default:
		wrong = n.item > 0 && n.item != len(lead)
		n.item = len(lead)
		return wrong
	}
}
