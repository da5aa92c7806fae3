package coredns

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// rewrite is a rule of the plugin rewrite by which another name is asked for.
type rewrite struct {
	kind      string         // such as "suffix"
	from, to  string         // in lower case
	pattern   *regexp.Regexp // of the kind "regex"
	goesOn    bool           // the next rules count as well
	metadata  bool           // what is asked for depends on metadata
	auto      bool           // records have the name that was asked for again
	reversals []reversal     // of their names, by what is said
	text      string
	place     holdings.Place
}

// reversal is what "answer name" does with the names of records.
type reversal struct {
	pattern *regexp.Regexp
	to      string
}

// rewrites are the rules of a server block, and the plugins that are asked behind them.
type rewrites struct {
	rules []rewrite
	rest  []responder
	index ruleIndex
	left  *int // how many tries are left
}

// Rules are tried on names at most so often in all, and so often more for each name behind them: of
// many rules for any names, and many names, there are more pairs than anybody waits for.
const (
	maxTries     = 5_000_000
	triesForName = 500
)

// rewritesFor returns rules, and what is behind them.
func rewritesFor(rules []rewrite, rest []responder) rewrites {
	r := rewrites{rules: rules, rest: rest, index: indexOf(rules)}
	left := maxTries + triesForName*len(r.known())
	r.left = &left
	return r
}

// known returns the names that the plugins behind the rules have.
func (r rewrites) known() []string {
	var known []string
	for _, next := range r.rest {
		known = append(known, next.names()...)
	}
	return known
}

// tried notes if rules were not tried on all names.
func (r rewrites) tried(b *holdings.Builder, zones []string) {
	if *r.left >= 0 {
		return
	}
	for _, zone := range zones {
		b.UnreadBelow(zone, r.rules[0].place, "rewrite is not read whole: there are too many rules for any names to try them on all")
	}
}

// rewritesOf returns the rules of a server block. Those that are not read are noted, for the
// names that they may be for.
func rewritesOf(b *holdings.Builder, s server) []rewrite {
	var all []rewrite
	for _, d := range s.all("rewrite") {
		words, goesOn := d.rule()
		if d.rewrites(words) != "" {
			continue // which is told
		}
		text := lines.Shown(strings.Join(words, " "))
		if !strings.EqualFold(words[0], "name") {
			for _, zone := range s.changed(words) {
				b.UnreadBelow(zone, d.place, "rewrite is not read: %s asks otherwise, or changes what is answered", text)
			}
			continue
		}
		r, _ := nameRule(words[1:])
		r.goesOn, r.text, r.place = goesOn, text, d.place
		switch {
		case r.metadata:
			for _, zone := range s.zones {
				b.UnreadBelow(zone, d.place, "rewrite is not read: %s asks for names by what metadata says", text)
			}
		case r.kind == "exact" && starred(r.from):
			b.UnreadBelow(r.from[len("*."):], d.place, "rewrite %s is for a name that begins with an asterisk, and not for those below: write name suffix or name regex", text)
		default:
			all = append(all, r)
		}
	}
	return all
}

// changed returns the zones in which a rule that is not for a name changes what is answered: those of
// questions for addresses that get another class or type, of aliases, and of answers that no longer
// count.
func (s server) changed(words []string) []string {
	field := strings.ToLower(words[0])
	from := strings.ToUpper(words[1])
	switch {
	case field == "cname", field == "class" && (from == "IN" || from == "ANY"):
		return s.zones
	case field == "type" && slices.Contains([]string{"A", "AAAA", "HTTPS", "SVCB"}, from):
		return s.zones
	case field != "rcode":
		return nil
	}
	if old := strings.ToUpper(words[len(words)-2]); old != "NOERROR" && old != "0" {
		return nil
	}
	kind, name := "exact", normalized(words[len(words)-3])
	if len(words) > ruleWords {
		kind = strings.ToLower(words[1])
	}
	if zone := strings.TrimPrefix(name, "."); (kind == "exact" || kind == "suffix") && strings.Contains(zone, ".") && isName(zone) {
		return []string{zone}
	}
	return s.zones
}

// ruleWords is how many words a rule for response codes has that names no kind of match.
const ruleWords = 4

// rule returns the words of a directive's rule, in a line or in a block, without what is done
// behind it, and whether the next rules count as well.
func (d directive) rule() (words []string, goesOn bool) {
	words = d.args
	if len(words) < 2 {
		words = slices.Concat(append([][]string{words}, d.block...)...)
	}
	if len(words) > 0 {
		switch strings.ToLower(words[0]) {
		case "stop":
			words = words[1:]
		case "continue":
			words, goesOn = words[1:], true
		}
	}
	return words, goesOn
}

// rewrites returns why CoreDNS does not start with the words of a rule, or "".
func (d directive) rewrites(words []string) (why string) {
	switch {
	case len(words) == 0:
		return "it has no rule"
	case d.braces && len(d.args) > 1:
		return "it has a rule in its line, and braces as well"
	case strings.EqualFold(words[0], "name"):
		_, why = nameRule(words[1:])
		return why
	}
	kinds, known := pluginRules()["rewrite"].properties[strings.ToLower(words[0])]
	if !known {
		return lines.Shown(words[0]) + " is no rule"
	}
	return wrong(kinds, words[1:])
}

// checkRewrite refuses a rule that is none.
func (d directive) checkRewrite(b *holdings.Builder) {
	words, _ := d.rule()
	if why := d.rewrites(words); why != "" {
		b.NotStarted("CoreDNS", d.place, "rewrite %s: %s", lines.Shown(strings.Join(words, " ")), why)
	}
}

// of returns the name that is asked for in the place of another one.
func (r rewrite) of(name string) (to string, is bool) {
	switch r.kind {
	case "exact":
		return r.to, name == r.from
	case "prefix":
		rest, is := strings.CutPrefix(name, r.from)
		return r.to + rest, is
	case "suffix":
		rest, is := strings.CutSuffix(name, r.from)
		return rest + r.to, is
	case "substring":
		return strings.ReplaceAll(name, r.from, r.to), strings.Contains(name, r.from)
	default:
		return replaced(r.pattern, r.to, name)
	}
}

// replaced returns what a regular expression makes of a text that fits it.
func replaced(pattern *regexp.Regexp, to, text string) (string, bool) {
	groups := pattern.FindStringSubmatch(text)
	for i, group := range groups {
		to = strings.ReplaceAll(to, "{"+strconv.Itoa(i)+"}", group)
	}
	return to, groups != nil
}

// reversed returns what becomes of the name of a record, where one name was asked for in the
// place of another one.
func (r rewrite) reversed(owner, name, asked string) string {
	for _, back := range slices.Backward(r.reversals) {
		if to, is := replaced(back.pattern, back.to, owner); is {
			owner = to
		}
	}
	switch {
	case !r.auto:
	case r.kind == "suffix":
		if rest, is := strings.CutSuffix(owner, r.to); is {
			owner = rest + r.from
		}
	case owner == asked:
		owner = name
	}
	return owner
}

// rewritten is what rules make of a name.
type rewritten struct {
	asked string
	owner string // what records have in its place
	by    *rewrite
}

// of returns what the rules make of a name: the first that fits counts, and those behind it
// only where it goes on.
func (r rewrites) of(name string) rewritten {
	type step struct {
		rule        *rewrite
		name, asked string
	}
	var steps []step
	found := rewritten{asked: name, owner: name}
	for i, to := r.next(0, name); i >= 0; i, to = r.next(i+1, to) {
		rule := &r.rules[i]
		steps = append(steps, step{rule, found.asked, to})
		found.asked, found.owner = to, to
		if found.by == nil {
			found.by = rule
		}
		if !rule.goesOn {
			break
		}
	}
	for _, s := range slices.Backward(steps) {
		found.owner = s.rule.reversed(found.owner, s.name, s.asked)
	}
	return found
}

// next returns the index of the rule that fits a name, the first from one on, and what it makes of
// the name; -1 if there is none.
func (r rewrites) next(first int, name string) (index int, to string) {
	for _, i := range r.index.from(first, name) {
		if *r.left--; *r.left < 0 {
			break
		}
		if to, is := r.rules[i].of(name); is {
			return i, to
		}
	}
	return -1, name
}

// answer implements responder.
func (r rewrites) answer(name string, qtype uint16) (answer, bool) {
	by := r.of(name)
	if by.by == nil {
		return ask(r.rest, name, qtype), true
	}
	asked, err := holdings.CanonicalName(by.asked)
	if err != nil {
		return answer{action: holdings.Drop, place: by.by.place}, true // SERVFAIL
	}
	a := ask(r.rest, asked, qtype)
	if by.owner != name && a.action != holdings.Drop {
		a = answer{action: holdings.NoData, place: by.by.place} // of another name, which resolvers of clients leave out
	}
	if a.place.Line == 0 {
		a.place = by.by.place
	}
	if a.action == holdings.Passthru && asked != name {
		a.action, a.referral = holdings.Refer, holdings.Referral{Name: dnsname.TrimDot(asked)}
	}
	return a, true
}
