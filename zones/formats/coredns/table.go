package coredns

import (
	_ "embed" // of the table of plugins
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// pluginRule is what the table says of a plugin.
type pluginRule struct {
	args       []string            // the kinds of its arguments
	properties map[string][]string // and of those of its properties
}

//go:embed plugins.txt
var pluginsText string

// pluginRules are those of the table, which is read once.
var pluginRules = sync.OnceValue(func() map[string]pluginRule {
	rules := make(map[string]pluginRule)
	var of pluginRule
	for line := range strings.Lines(pluginsText) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0 || fields[0] == "#":
		case strings.HasPrefix(line, "\t"):
			of.properties[fields[0]] = fields[1:]
		default:
			of = pluginRule{args: fields[1:], properties: make(map[string][]string)}
			rules[fields[0]] = of
		}
	}
	return rules
})

// needs are the properties that plugins have to have.
var needs = map[string][]string{"transfer": {"to"}, "secondary": {"transfer"}, "dynupdate": {"file", "allow"}}

// anyCase are the plugins whose properties are taken in any case.
var anyCase = setOf("header nomad")

// check tells with what of a plugin's lines CoreDNS does not start. A property that no CoreDNS
// is known to have may be a newer one's.
func (d directive) check(b *holdings.Builder) {
	rule, known := pluginRules()[d.name]
	if !known || d.open {
		return
	}
	if why := wrong(rule.args, d.args); why != "" {
		b.NotStarted("CoreDNS", d.place, "%s: %s", d.name, why)
	}
	for _, needed := range needs[d.name] {
		if len(d.lines(needed)) == 0 {
			b.NotStarted("CoreDNS", d.place, "%s: '%s' is required", d.name, needed)
		}
	}
	if d.braces && len(rule.properties) == 0 {
		b.Unread(d.place, "the braces of %s are not read: it is not known to have any", d.name)
	}
	if d.name == "forward" && len(d.args) > 1 && slices.ContainsFunc(d.args[1:], isHost) {
		b.Unread(d.place, "forward names a server by its host: CoreDNS starts, if it is a new one, when it finds the host's address")
	}
	if d.name != "rewrite" { // whose rules may stand in several lines
		d.checkBlock(b, rule)
	}
	if check := wholes[d.name]; check != nil {
		check(d, b)
	}
}

// checkBlock looks at the properties.
func (d directive) checkBlock(b *holdings.Builder, rule pluginRule) {
	fallen := false
	for _, line := range d.block {
		kinds, there := rule.properties[d.property(line)]
		if others, usual := rule.properties["*"]; !there && usual && !fallen {
			kinds, there = others, true
		}
		fallen = fallen || line[0] == "fallthrough"
		if !there {
			b.Unread(d.place, "%s is not read: %s has no such property that is known here, or not there, and CoreDNS starts with none that it does not know%s", lines.Shown(line[0]), d.name, meant(line[0], rule.properties))
		} else if why := wrong(kinds, line[1:]); why != "" && slices.ContainsFunc(line[1:], func(word string) bool { return rule.properties[word] != nil }) {
			b.Unread(d.place, "%s: %s is not read: two properties stand in one line", d.name, line[0])
		} else if why != "" {
			b.NotStarted("CoreDNS", d.place, "%s: %s: %s", d.name, line[0], why)
		}
	}
}

// property returns the property that a line is for.
func (d directive) property(line []string) string {
	if anyCase[d.name] {
		return strings.ToLower(line[0])
	}
	return line[0]
}

// lines returns the lines of a property.
func (d directive) lines(property string) [][]string {
	return slices.DeleteFunc(slices.Clone(d.block), func(line []string) bool { return d.property(line) != property })
}

// wrong returns why words are not of some kinds, or "". What the environment says is right.
// Of several lists of kinds they may be of any.
func wrong(kinds, words []string) (why string) {
	for {
		at := slices.Index(kinds, ";")
		if at < 0 {
			return unlike(kinds, words)
		}
		if why = unlike(kinds[:at], words); why == "" {
			return ""
		}
		kinds = kinds[at+1:]
	}
}

// unlike returns why words are not of the kinds of one list, or "".
func unlike(kinds, words []string) string {
	if len(kinds) == 1 && kinds[0] == "acl" {
		return aclFault(words)
	}
	for _, kind := range kinds {
		kind, several := strings.CutSuffix(kind, "...")
		kind, optional := strings.CutSuffix(kind, "?")
		for several && len(words) > 0 && isKind(kind, words[0]) {
			words = words[1:]
		}
		switch {
		case several:
		case len(words) == 0 && !optional:
			return "an argument is missing"
		case len(words) == 0:
		case !isKind(kind, words[0]):
			return lines.Shown(words[0]) + " is wrong"
		default:
			words = words[1:]
		}
	}
	if len(words) > 0 {
		return lines.Shown(words[0]) + " is wrong"
	}
	return ""
}

// isKind reports whether a word is of a kind: of those of the table of kinds, one of some words,
// or none of them, or a number between two others.
func isKind(kind, word string) bool {
	if strings.Contains(word, "{$") || strings.Contains(word, "{%") {
		return true
	}
	if others, is := strings.CutPrefix(kind, "!"); is {
		return !isKind(others, word)
	}
	if anyCase, is := strings.CutPrefix(kind, "~"); is {
		kind, word = anyCase, strings.ToLower(word)
	}
	if strings.HasPrefix(kind, "(") {
		return slices.Contains(strings.Split(strings.Trim(kind, "()"), "|"), word)
	}
	if least, most, is := strings.Cut(kind, ".."); is {
		from, _ := strconv.Atoi(least) // the table has numbers
		to, _ := strconv.Atoi(most)
		return between(word, from, to)
	}
	return kinds[kind](word)
}
