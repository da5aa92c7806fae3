package coredns

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/zonefile"
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
		t.unclear(b)
		t.unjudged(b)
		ts = append(ts, t)
	}
	return ts
}

// unclear notes regular expressions of which it cannot be told for which names they are.
func (t *template) unclear(b *holdings.Builder) {
	told := make(map[string]bool)
	for _, regex := range t.regexes {
		for _, e := range expressionsOf(regex.String(), t.zones) {
			if scope := e.scope(); !e.told && !told[scope] {
				told[scope] = true
				for _, zone := range t.scopes(scope) {
					b.UnreadBelow(zone, t.place, "the template is not read whole: which names match %s cannot be told", lines.Shown(regex.String()))
				}
			}
		}
	}
}

// unjudged notes answers that send browsers to addresses of their own.
func (t *template) unjudged(b *holdings.Builder) {
	for _, text := range t.answers {
		rr, err := dns.NewRR(variables.ReplaceAllString(text, "name."))
		if err != nil || rr == nil {
			continue
		}
		for _, zone := range t.zones {
			zonefile.Record{Owner: zone, Type: dns.TypeToString[rr.Header().Rrtype], Place: t.place}.Unjudged(b)
		}
	}
}

// scopes returns the names at or below which are those that are at or below a name and in
// one of the zones.
func (t *template) scopes(name string) []string {
	if inZones(name, t.zones) {
		return []string{name}
	}
	return slices.DeleteFunc(slices.Clone(t.zones), func(zone string) bool { return !inZones(zone, []string{name}) })
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
		names = slices.Concat(names, t.zones, t.fall)
		for _, regex := range t.regexes {
			for _, e := range expressionsOf(regex.String(), t.zones) {
				if e.name != "" {
					names = append(names, e.name)
				}
			}
		}
	}
	return names
}

// answer implements responder.
func (ts templates) answer(name string, qtype uint16) (answer, bool) {
	for _, t := range ts {
		switch {
		case !inZones(name, t.zones) || t.qtype != dns.TypeANY && t.qtype != qtype:
		case t.matches(name):
			a := t.says(name, qtype)
			a.oneLabel = strings.HasPrefix(name, anyLabel+".") && !t.matches(anyLabel+"."+name)
			return a, true
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

// says returns what a template answers for a name that it is for. Whatever records stand
// beside an error, the error counts; records of other names and types are no answer.
func (t template) says(name string, qtype uint16) answer {
	a := answer{place: t.place}
	switch t.rcode {
	case "", "NOERROR":
	case "NXDOMAIN":
		a.action = holdings.NXDomain
		return a
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
		if holdings.Target(rr.Header().Name) != name {
			continue
		}
		if d, ok := holdings.AddressData(rr); ok && rr.Header().Rrtype == qtype {
			a.addrs = append(a.addrs, d.Addrs...)
		}
		if cname, ok := rr.(*dns.CNAME); ok {
			a.target = holdings.Target(cname.Target)
		}
	}
	return a
}
