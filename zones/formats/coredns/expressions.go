package coredns

import (
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// expression is one of the ways in which names match a regular expression.
type expression struct {
	// name is the absolute name with which these names end, or "".
	name string
	// told says that it is clear which names match: that name, all below it, all directly
	// below it, or any name at all.
	told bool
}

// expressionsOf returns all ways in which names match a regular expression that are for a
// template of some zones. Names are in lower case.
func expressionsOf(pattern string, zones []string) []expression {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil
	}
	if parsed.Op == syntax.OpAnyChar || parsed.Op == syntax.OpAnyCharNotNL {
		return []expression{{told: true}}
	}
	var all []expression
	for _, way := range expand(parsed) {
		all = append(all, way.expression(zones))
	}
	return all
}

// atom is a part of an expression: a text, or one of the others.
type atom struct {
	kind atomKind
	text string
}

type atomKind uint8

const (
	literal  atomKind = iota
	begin             // of the name
	end               // of the name
	anything          // of any length
	label             // of any length, without a dot
	other             // what cannot be told
)

// way is what stands one after the other in an expression.
type way []atom

// maxWays bounds how many ways of an expression are looked at.
const maxWays = 256

// maxLabel is the longest label, in octets (RFC 1035, section 2.3.4).
const maxLabel = 63

// ways are alternatives.
type ways []way

// expand returns the alternatives of an expression. Where they are too many, or odd,
// they have an atom that cannot be told.
func expand(re *syntax.Regexp) ways {
	switch re.Op { //nolint:exhaustive // all others cannot be told
	case syntax.OpCapture:
		return expand(re.Sub[0])
	case syntax.OpConcat:
		all := ways{nil}
		for _, sub := range re.Sub {
			all = all.times(expand(sub))
		}
		return all
	case syntax.OpAlternate:
		var all ways
		for _, sub := range re.Sub {
			all = append(all, expand(sub)...)
		}
		return all.few()
	case syntax.OpQuest:
		return append(expand(re.Sub[0]), nil).few()
	case syntax.OpStar, syntax.OpPlus:
		return repeated(re.Sub[0], re.Op == syntax.OpStar)
	case syntax.OpRepeat:
		if re.Min <= 1 && (re.Max < 0 || re.Max >= maxLabel) {
			return repeated(re.Sub[0], re.Min == 0)
		}
	}
	return leaf(re)
}

// leaf is expand for what has no other expressions in it.
func leaf(re *syntax.Regexp) ways {
	switch re.Op {
	case syntax.OpEmptyMatch:
		return ways{nil}
	case syntax.OpLiteral:
		return ways{{{literal, strings.ToLower(string(re.Rune))}}}
	case syntax.OpCharClass:
		return characters(re.Rune)
	case syntax.OpBeginText, syntax.OpBeginLine:
		return ways{{{kind: begin}}}
	case syntax.OpEndText, syntax.OpEndLine:
		return ways{{{kind: end}}}
	default:
		return ways{{{kind: other}}}
	}
}

// times returns each way of all with each of next behind it.
func (all ways) times(next ways) ways {
	if len(all)*len(next) > maxWays {
		next = ways{{{kind: other}}}
	}
	var both ways
	for _, first := range all {
		for _, second := range next {
			both = append(both, slices.Concat(first, second))
		}
	}
	return both
}

// few returns the ways if they are few, and else that they cannot be told.
func (all ways) few() ways {
	if len(all) > maxWays {
		return ways{{{kind: other}}}
	}
	return all
}

// characters returns each character of a class that may be in a name.
func characters(class []rune) ways {
	var all ways
	for c := rune('-'); c <= 'z'; c++ {
		if has(class, c) && (c < 'A' || c > 'Z') {
			all = append(all, way{{literal, string(c)}})
		}
	}
	return all
}

// has reports whether a class, as ranges, has a character.
func has(class []rune, c rune) bool {
	for i := 0; i+1 < len(class); i += 2 {
		if class[i] <= c && c <= class[i+1] {
			return true
		}
	}
	return false
}

// repeated returns what any number of an expression is.
func repeated(re *syntax.Regexp, none bool) ways {
	for re.Op == syntax.OpCapture {
		re = re.Sub[0]
	}
	switch re.Op { //nolint:exhaustive // all others are looked at below
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return ways{{{kind: anything}}}
	case syntax.OpCharClass:
		return ways{{{kind: kindOf(re.Rune)}}}
	}
	sub := expand(re)
	if len(sub) != 1 || len(sub[0]) != 2 || sub[0][0].kind != label || sub[0][1] != (atom{literal, "."}) {
		return ways{{{kind: other}}}
	}
	all := ways{{{kind: anything}, {literal, "."}}} // labels, each with its dot
	if none {
		all = append(all, nil)
	}
	return all
}

// kindOf returns what a class is that repeats: a label if it has all that a host's has.
func kindOf(class []rune) atomKind {
	for c := rune('-'); c <= 'z'; c++ {
		if host := c == '-' || '0' <= c && c <= '9' || 'a' <= c; host && !has(class, c) {
			return other
		}
	}
	if has(class, '.') {
		return anything
	}
	return label
}

// joined returns a way with texts that follow each other in one.
func (w way) joined() way {
	var all way
	for _, a := range w {
		if last := len(all) - 1; last >= 0 && a.kind == literal && all[last].kind == literal {
			all[last].text += a.text
			continue
		}
		all = append(all, a)
	}
	return all
}

// inner returns a way without its begin and its end, and whether it had them.
func (w way) inner() (rest way, anchored, ended bool) {
	if len(w) > 0 && w[0].kind == begin {
		w, anchored = w[1:], true
	}
	if last := len(w) - 1; last >= 0 && w[last].kind == end {
		w, ended = w[:last], true
	}
	return w, anchored, ended
}

// expression returns what a way is for a template of some zones.
func (w way) expression(zones []string) expression {
	w, anchored, ended := w.joined().inner()
	if len(w) == 0 || len(w) == 1 && w[0].kind == anything {
		return expression{told: true}
	}
	last := w[len(w)-1]
	if last.kind != literal {
		return expression{}
	}
	e := expression{name: nameIn(last.text)}
	if e.name != "" && (ended || whole(e.name, zones)) {
		e.told = w[:len(w)-1].told(anchored, last.text[0] == '.' || within(zones, e.name))
	}
	return e
}

// told reports whether it is clear which names match a way before a text. The text ends
// labels, or all names that there are.
func (w way) told(anchored, ends bool) bool {
	switch {
	case len(w) == 0:
		return anchored || ends
	case len(w) == 1:
		return ends && (w[0].kind == anything || w[0].kind == label)
	default:
		return false
	}
}

// within reports whether all zones are at or below a name.
func within(zones []string, name string) bool {
	return !slices.ContainsFunc(zones, func(zone string) bool { return !dnsname.AtOrBelow(zone, name) })
}

// nameIn returns the absolute name that a text ends with, from its first dot on if it
// begins with one; "" for none.
func nameIn(text string) string {
	name, err := holdings.CanonicalName(strings.Trim(text, "."))
	if err != nil || !strings.Contains(dnsname.TrimDot(text), ".") {
		return ""
	}
	return name
}

// whole reports whether a name goes on to the root: nothing that matters is below what it
// would be with more behind it.
func whole(name string, zones []string) bool {
	return dnsname.AtOrBelow(name, auraname.Origin) || slices.ContainsFunc(zones, func(zone string) bool {
		return zone != "." && dnsname.AtOrBelow(name, zone)
	})
}

// scope returns the name at or below which are all names that match.
func (e expression) scope() string {
	_, parent, found := strings.Cut(e.name, ".")
	if !found || parent == "" {
		return "."
	}
	return parent
}
