package coredns

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// template is a template of the plugin of that name.
type template struct {
	zones   []string
	qtype   uint16 // TypeANY for all
	regexes []*regexp.Regexp
	answers []string
	rcode   string
	fall    []string // nil for none
	place   holdings.Place
}

// templates are all templates of a server block: the first that matches counts.
type templates []template

func templatesOf(b *holdings.Builder, all []directive, zones []string) templates {
	var ts templates
	for _, d := range all {
		if len(d.args) < 2 || strings.ToUpper(d.args[0]) != "IN" && strings.ToUpper(d.args[0]) != "ANY" {
			b.Note(d.place, "the template is not read: it is not for a type of the class IN")
			continue
		}
		t := template{zones: zonesOr(d.args[2:], zones), qtype: dns.StringToType[strings.ToUpper(d.args[1])], place: d.place}
		for _, option := range d.block {
			if err := t.option(option, zones); err != nil {
				b.Unread(d.place, "the template is not read whole: %v", err)
			}
		}
		ts = append(ts, t)
	}
	return ts
}

func (t *template) option(option, zones []string) error {
	switch option[0] {
	case "match":
		for _, text := range option[1:] {
			regex, err := regexp.Compile(text)
			if err != nil {
				return fmt.Errorf("%s is no regular expression", lines.Shown(text))
			}
			t.regexes = append(t.regexes, regex)
		}
	case "answer":
		t.answers = append(t.answers, option[1:]...)
	case "rcode":
		t.rcode = strings.ToUpper(strings.Join(option[1:], ""))
	case "fallthrough":
		t.fall = zonesOr(option[1:], []string{"."})
	case "authority", "additional", "ederror", "upstream":
	default:
		return fmt.Errorf("%s is not known here", lines.Shown(option[0]))
	}
	return nil
}

// names implements responder: the zones, and what regular expressions say literally.
func (ts templates) names() []string {
	var names []string
	for _, t := range ts {
		names = append(names, t.zones...)
		for _, regex := range t.regexes {
			names = append(names, literals(regex.String())...)
		}
	}
	return names
}

// literals returns the names that a regular expression has as literal text: all of
// it that is between what may vary.
func literals(pattern string) []string {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil
	}
	var names []string
	for _, text := range texts(parsed.Simplify(), nil) {
		text = strings.Trim(text, ".")
		if name, err := holdings.CanonicalName(text); err == nil && strings.Contains(text, ".") {
			names = append(names, name)
		}
	}
	return names
}

// texts returns the strings that an expression can end with, as far as they are few.
func texts(re *syntax.Regexp, tails []string) []string {
	if len(tails) == 0 {
		tails = []string{""}
	}
	switch re.Op {
	case syntax.OpLiteral:
		return before(tails, string(re.Rune))
	case syntax.OpCapture:
		return texts(re.Sub[0], tails)
	case syntax.OpConcat:
		all := tails
		for i := len(re.Sub) - 1; i >= 0; i-- {
			if stops(re.Sub[i]) {
				break
			}
			all = texts(re.Sub[i], all)
		}
		return all
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			all = append(all, texts(sub, tails)...)
		}
		return few(all)
	case syntax.OpQuest:
		return few(append(texts(re.Sub[0], tails), tails...))
	case syntax.OpCharClass:
		var all []string
		for i := 0; i+1 < len(re.Rune) && re.Rune[i+1]-re.Rune[i] < maxTexts; i += 2 {
			for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
				all = append(all, before(tails, string(r))...)
			}
		}
		return few(all)
	default:
		return tails
	}
}

// stops reports whether an expression has no end of strings: what is before it varies.
func stops(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpStar, syntax.OpPlus, syntax.OpRepeat, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return true
	case syntax.OpQuest, syntax.OpCapture:
		return stops(re.Sub[0])
	case syntax.OpConcat:
		return slices.ContainsFunc(re.Sub, stops)
	default:
		return false
	}
}

// maxTexts bounds how many strings of an expression are looked at.
const maxTexts = 256

func few(all []string) []string { return all[:min(len(all), maxTexts)] }

func before(tails []string, text string) []string {
	all := make([]string, len(tails))
	for i, tail := range tails {
		all[i] = text + tail
	}
	return all
}

// answer implements responder.
func (ts templates) answer(name string, qtype uint16) (answer, bool) {
	for _, t := range ts {
		switch {
		case !inZones(name, t.zones) || t.qtype != dns.TypeANY && t.qtype != qtype:
		case t.matches(name):
			return t.says(name), true
		case !inZones(name, t.fall):
			return answer{action: holdings.Drop, place: t.place}, true // SERVFAIL
		}
	}
	return answer{}, false
}

func (t template) matches(name string) bool {
	return len(t.regexes) == 0 || slices.ContainsFunc(t.regexes, func(regex *regexp.Regexp) bool { return regex.MatchString(name) })
}

// variables are what a template's answer may have for the name that was asked for.
var variables = regexp.MustCompile(`\{\{\s*\.(Name|Question\.Name)\s*\}\}`)

// says returns what a template answers for a name that it is for.
func (t template) says(name string) answer {
	a := answer{place: t.place}
	switch t.rcode {
	case "", "NOERROR":
	case "NXDOMAIN":
		a.action = holdings.NXDomain
	default:
		a.action = holdings.Drop
		return a
	}
	for _, text := range t.answers {
		text = variables.ReplaceAllString(text, name)
		rr, err := dns.NewRR(text)
		if err != nil || rr == nil || strings.Contains(text, "{{") {
			return answer{action: holdings.Refer, referral: holdings.Referral{Record: "template"}, place: t.place}
		}
		if d, ok := holdings.AddressData(rr); ok {
			a.addrs = append(a.addrs, d.Addrs...)
		}
		if cname, ok := rr.(*dns.CNAME); ok {
			a.target = holdings.Target(cname.Target)
		}
	}
	return a
}
