package clauses

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/auralink/auralink/internal/pattern"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// Kind says why a value is none of its kind, or "".
type Kind func(value string) (why string)

// Matching is the kind of the values that an expression matches; why is what is said of others.
func Matching(expression, why string) Kind {
	matches := pattern.Matching(expression)
	return func(value string) string {
		if matches(value) {
			return ""
		}
		return why
	}
}

// Grammar is which options may stand in which clauses of a configuration, and of what kinds
// their values are.
type Grammar struct {
	options func() map[string]map[string][]string // kinds, by clause and option
	kinds   map[string]Kind
}

// NewGrammar returns what a table says, which is read when it is first asked: each of its
// lines is clauses with commas between them, the kinds of the values of an option, a colon,
// and the options that have such values. The last kind may have "?" or "*" behind it: there
// may be no such value, or any number of them. N in an option is any number above zero.
func NewGrammar(table string, kinds map[string]Kind) *Grammar {
	return &Grammar{options: sync.OnceValue(func() map[string]map[string][]string { return readTable(table) }), kinds: kinds}
}

func readTable(table string) map[string]map[string][]string {
	options := make(map[string]map[string][]string)
	for line := range strings.Lines(table) {
		head, names, _ := strings.Cut(line, ":")
		fields := strings.Fields(head)
		if len(fields) == 0 {
			continue
		}
		for clause := range strings.SplitSeq(fields[0], ",") {
			if options[clause] == nil {
				options[clause] = make(map[string][]string)
			}
			for _, name := range strings.Fields(names) {
				options[clause][name] = fields[1:]
			}
		}
	}
	return options
}

// knows reports whether an option is known, in any clause.
func (g *Grammar) knows(key string) bool {
	for clause := range g.options() {
		if g.kindsOf(clause, key) != nil {
			return true
		}
	}
	return includes(key)
}

// number matches one within the name of an option.
var number = pattern.Lazily(`-[1-9][0-9]*-`)

// kindsOf returns the kinds of the values of an option in a clause, or nil.
func (g *Grammar) kindsOf(clause, key string) []string {
	options := g.options()[clause]
	if kinds := options[key]; kinds != nil {
		return kinds
	}
	return options[number().ReplaceAllString(key, "-N-")]
}

// values returns how many values an option of a clause has, or -1 where that is not known, or
// where there may be any number.
func (g *Grammar) values(clause, key string) int {
	if includes(key) {
		return 1
	}
	kinds := g.kindsOf(clause, key)
	for other := range g.options() {
		if kinds == nil {
			kinds = g.kindsOf(other, key)
		}
	}
	if len(kinds) == 0 || strings.HasSuffix(kinds[len(kinds)-1], "?") || strings.HasSuffix(kinds[len(kinds)-1], "*") {
		return -1
	}
	return len(kinds)
}

// includes reports whether an option includes other files.
func includes(key string) bool { return key == "include" || key == "include-toplevel" }

// wrong says what is wrong with an option in a clause, or "".
func (g *Grammar) wrong(clause string, o Option) string {
	kinds := g.kindsOf(clause, o.Key)
	switch {
	case includes(o.Key):
		if len(o.Values) == 0 {
			return o.Key + ": without a file"
		}
		return ""
	case !g.knows(o.Key):
		return ""
	case kinds == nil:
		return fmt.Sprintf("%s: does not stand in %s:", o.Key, clause)
	}
	for i, kind := range kinds {
		base := strings.TrimRight(kind, "?*")
		if i >= len(o.Values) {
			if base != kind {
				return ""
			}
			return fmt.Sprintf("%s: lacks a value", o.Key)
		}
		if why := g.kinds[base](o.Values[i]); why != "" {
			return fmt.Sprintf("%s: %s: %s", o.Key, lines.Shown(o.Values[i]), why)
		}
	}
	if len(o.Values) > len(kinds) && !strings.HasSuffix(kinds[len(kinds)-1], "*") {
		return fmt.Sprintf("%s behind the value of %s: is no option", lines.Shown(o.Values[len(kinds)]), o.Key)
	}
	return ""
}

// check notes the options with which the server does not start, and those that are not known
// here, which may be a newer version's.
func (p *parser) check() {
	if first := p.clauses[0].Options; len(p.clauses) > 1 && len(first) > 0 && !includes(first[0].Key) {
		p.b.Unread(first[0].Place, "%s: stands before the first clause: %s does not start with it, unless the file is a part of another one", first[0].Key, p.Server)
	}
	for _, c := range p.clauses {
		for _, o := range c.Options {
			if !p.Grammar.knows(o.Key) {
				p.b.Unread(o.Place, "%s: is not read: %s has no such option as far as is known here, and does not start with one that it does not have", o.Key, p.Server)
			} else if why := p.Grammar.wrong(c.Kind, o); why != "" {
				p.b.NotStarted(p.Server, o.Place, "%s", why)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(p.Once)) {
		p.once(key, p.Once[key])
	}
	for _, key := range slices.Sorted(maps.Keys(p.AtMost)) {
		p.atMost(key, p.AtMost[key])
	}
}

// once looks at the option that each clause of some kinds has, and has once.
func (p *parser) once(key string, clauses []string) {
	for _, c := range p.clauses {
		if !slices.Contains(clauses, c.Kind) {
			continue
		}
		switch all := c.All(key); {
		case len(all) == 0:
			p.b.NotStarted(p.Server, c.Place, "%s: without %s:", c.Kind, key)
		case len(all) > 1 && p.Single:
			second, _ := c.Last(key)
			p.b.NotStarted(p.Server, second.Place, "%s: of %s: stands twice", key, c.Kind)
		}
	}
}

// atMost looks at the option that each clause of some kinds has once at the most.
func (p *parser) atMost(key string, clauses []string) {
	for _, c := range p.clauses {
		if slices.Contains(clauses, c.Kind) && len(c.All(key)) > 1 {
			second, _ := c.Last(key)
			p.b.NotStarted(p.Server, second.Place, "%s: of %s: stands twice", key, c.Kind)
		}
	}
}
