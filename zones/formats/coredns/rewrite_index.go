package coredns

import (
	"regexp/syntax"
	"slices"
)

// ruleIndex finds which rules may fit a name without asking each of them. Its values are indexes of
// rules, in order.
type ruleIndex struct {
	exact, prefixes, suffixes, within texts
	others                            []int // of regular expressions that may fit anything
}

// texts are rules by a text that names they fit are, begin with, end with or have in them.
type texts struct {
	rules   map[string][]int
	lengths []int // of the texts
}

// indexOf returns the index of some rules.
func indexOf(rules []rewrite) ruleIndex {
	var x ruleIndex
	for i, r := range rules {
		switch r.kind {
		case "exact":
			x.exact.add(r.from, i)
		case "prefix":
			x.prefixes.add(r.from, i)
		case "suffix":
			x.suffixes.add(r.from, i)
		case "substring":
			x.within.add(r.from, i)
		default:
			if text := needed(r.pattern.String()); text != "" {
				x.within.add(text, i)
			} else {
				x.others = append(x.others, i)
			}
		}
	}
	return x
}

// add adds a rule.
func (t *texts) add(text string, rule int) {
	if t.rules == nil {
		t.rules = make(map[string][]int)
	}
	t.rules[text] = append(t.rules[text], rule)
	if at, there := slices.BinarySearch(t.lengths, len(text)); !there {
		t.lengths = slices.Insert(t.lengths, at, len(text))
	}
}

// needed returns a text that all have in them that fit an expression, or "" if none is known.
func needed(expression string) string {
	parsed, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return ""
	}
	return neededBy(parsed)
}

func neededBy(re *syntax.Regexp) string {
	switch re.Op { //nolint:exhaustive // of all others none is known
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase == 0 {
			return string(re.Rune)
		}
	case syntax.OpCapture, syntax.OpPlus:
		return neededBy(re.Sub[0])
	case syntax.OpConcat:
		longest := ""
		for _, sub := range re.Sub {
			if text := neededBy(sub); len(text) > len(longest) {
				longest = text
			}
		}
		return longest
	}
	return ""
}

// from returns the rules from one on that may fit a name, in order.
func (x ruleIndex) from(first int, name string) []int {
	all := behind(nil, x.others, first)
	all = behind(all, x.exact.rules[name], first)
	for _, n := range x.prefixes.upTo(len(name)) {
		all = behind(all, x.prefixes.rules[name[:n]], first)
	}
	for _, n := range x.suffixes.upTo(len(name)) {
		all = behind(all, x.suffixes.rules[name[len(name)-n:]], first)
	}
	for _, n := range x.within.upTo(len(name)) {
		for at := range len(name) - n + 1 {
			all = behind(all, x.within.rules[name[at:at+n]], first)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// upTo returns the lengths that a text of some length can have.
func (t texts) upTo(length int) []int {
	at, _ := slices.BinarySearch(t.lengths, length+1)
	return t.lengths[:at]
}

// behind appends those of some rules that are not before the first one.
func behind(all, rules []int, first int) []int {
	at, _ := slices.BinarySearch(rules, first)
	return append(all, rules[at:]...)
}
