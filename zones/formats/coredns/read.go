package coredns

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// errNoServer is the error of a file without a server block.
var errNoServer = errors.New("there is no server block")

// read reads a Corefile: what the plugins template, hosts and forward answer, in the
// order in which CoreDNS asks them, for all names that it has, and for one below each.
// Which names a regular expression is for is asked by such names.
func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	servers, err := parseCorefile(b, r, in.Name)
	if err != nil {
		return err
	}
	if len(servers) == 0 {
		return holdings.Place{File: in.Name, Line: 1}.Errorf("%w", errNoServer)
	}
	for _, s := range servers {
		readServer(b, s)
	}
	return nil
}

// responder is a plugin that may answer.
type responder interface {
	// names are those that it treats otherwise than others.
	names() []string
	// answer returns what it answers; false to leave the question to the next one.
	answer(name string, qtype uint16) (answer, bool)
}

// answer is what a plugin answers. Without anything there is no such data.
type answer struct {
	addrs    []netip.Addr
	target   string
	action   holdings.Action
	referral holdings.Referral
	place    holdings.Place
}

// left are plugins that could matter and are not read.
var left = map[string]string{
	"rewrite": "it asks for other names", "acl": "", "view": "the server block is for some clients alone", "import": "it is not followed",
	"auto": "its zone files are not read", "secondary": "its zones are another server's", "auralink": "it answers by a topology: audit that, or the server itself",
	"kubernetes": "it answers for services", "etcd": "it answers from etcd", "route53": "it answers from Route 53", "azure": "it answers from Azure DNS",
	"clouddns": "it answers from Cloud DNS", "k8s_external": "it answers for services", "records": "its records are not read", "alternate": "it asks others after an error",
	"fanout": "it asks others", "unbound": "it resolves names itself", "erratic": "it answers at random", "grpc": "it asks others",
}

// readServer adds what a server block answers.
func readServer(b *holdings.Builder, s server) {
	for _, d := range s.plugins {
		if why := left[d.name]; why != "" {
			b.Note(d.place, "%s is not read: %s", d.name, why)
		}
	}
	chain := chainOf(b, s)
	for _, zone := range s.zones {
		last := ask(chain, anyLabel+"."+strings.TrimPrefix(zone, "."), dns.TypeHTTPS)
		claim := holdings.Claim{Origin: zone, Miss: last.action, Referral: last.referral, Place: s.place}
		if claim.Miss == "" || claim.Miss == holdings.NoData {
			claim.Miss = holdings.NXDomain
		}
		b.Claim(claim)
		for _, name := range namesOf(chain, zone) {
			addName(b, chain, name, name, s.place)
			below := "*." + strings.TrimPrefix(name, ".")
			addName(b, chain, below, anyLabel+"."+strings.TrimPrefix(name, "."), s.place)
		}
	}
}

// anyLabel is one that no host has. It is short, for names may be long.
const anyLabel = "_"

// namesOf returns the names of a zone that any plugin treats otherwise than others.
func namesOf(chain []responder, zone string) []string {
	names := []string{zone}
	for _, r := range chain {
		for _, name := range r.names() {
			if inZones(name, []string{zone}) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// ask asks one plugin after the other. What none answers is refused.
func ask(chain []responder, name string, qtype uint16) answer {
	for _, r := range chain {
		if a, done := r.answer(name, qtype); done {
			return a
		}
	}
	return answer{action: holdings.Drop}
}

// addName adds an entry for a name with what is answered for another one.
func addName(b *holdings.Builder, chain []responder, entry, asked string, at holdings.Place) {
	v4, v6, other := ask(chain, asked, dns.TypeA), ask(chain, asked, dns.TypeAAAA), ask(chain, asked, dns.TypeHTTPS)
	d := holdings.Data{TTL: holdings.NoTTL, Addrs: holdings.SortedAddrs(slices.Concat(v4.addrs, v6.addrs))}
	d.Target = v4.target
	if d.Target == "" {
		d.Target = v6.target
	}
	passes := func(a answer) bool { return a.action == holdings.Passthru || a.action == holdings.Refer }
	if d.Answers() {
		d.Partial = passes(v4) || passes(v6) || passes(other)
	} else {
		d.Action, d.Referral = v4.action, v4.referral
		if d.Action == "" {
			d.Action = holdings.NoData
		}
	}
	for _, a := range []answer{v4, v6, other} {
		if a.place.Line > 0 {
			at = a.place
			break
		}
	}
	b.Add(entry, d, at)
}

// chainOf returns the plugins of a server block that answer, in the order in which
// CoreDNS asks them whatever their order in the file.
func chainOf(b *holdings.Builder, s server) []responder {
	var chain []responder
	if all := s.all("template"); len(all) > 0 {
		chain = append(chain, templatesOf(b, all, s.zones))
	}
	for _, d := range s.all("hosts") {
		chain = append(chain, hostsOf(b, d, s.zones))
	}
	for _, d := range s.all("file") {
		chain = append(chain, fileOf(b, d, s.zones))
	}
	for _, d := range s.all("forward") {
		chain = append(chain, forwardOf(d))
	}
	return chain
}

// inZones reports whether a name is in any of the zones.
func inZones(name string, zones []string) bool {
	return slices.ContainsFunc(zones, func(zone string) bool { return zone == "." || dnsname.AtOrBelow(name, zone) })
}

// zonesOr returns words as zones, or others where there are none.
func zonesOr(words, others []string) []string {
	if len(words) == 0 {
		return others
	}
	var zones []string
	for _, word := range words {
		if zone, ok := zoneOf(word); ok {
			zones = append(zones, zone)
		}
	}
	return zones
}

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
				b.Note(d.place, "the template is not read whole: %v", err)
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
