package coredns

import (
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// sampleLabel is a label that no host has, for names that fit a rule and are in no file.
const sampleLabel = "zz9-zz9"

// maxFitting bounds the names that are tried for the rules of a server block.
const maxFitting = 100_000

// names implements responder: what the plugins behind the rules have, the names of custom
// endpoints beside those, and names by which any of these is asked for. What is below others is
// asked for as well, for rules that are for any name there.
func (r rewrites) names() []string {
	known := r.known()
	texts, ends := fillers(known)
	there := make(map[string]bool)
	for _, name := range known {
		there[name] = true
	}
	all := r.beside(known)
	for _, rule := range r.rules {
		if rule.kind == "exact" {
			all = append(all, rule.from)
			continue
		}
		all = append(all, rule.told()...)
		for _, name := range r.fitting(rule, texts, ends) {
			if there[r.of(name).asked] && !rule.constant() {
				all = append(all, name)
			}
		}
		for _, name := range r.fitting(rule, []string{sampleLabel}, ends) {
			all = append(all, dnsname.Parent(name))
		}
	}
	return slices.DeleteFunc(append(all, known...), func(name string) bool { return !isName(name) })
}

// told returns the names that a rule itself says, as those of "^(a-|b-)?x[.]example[.]$".
func (r rewrite) told() []string {
	var all []string
	for _, w := range r.ways() {
		text, open := "", len(w) == 0 || w[0].kind != begin || w[len(w)-1].kind != end
		for _, a := range w {
			text += a.text
			open = open || a.kind == anything || a.kind == label || a.kind == other
		}
		if !open {
			all = append(all, dns.Fqdn(text))
		}
	}
	return all
}

// beside returns the names of custom endpoints that belong to names that are known, where a
// rule is for them.
func (r rewrites) beside(known []string) []string {
	var all []string
	for _, name := range known {
		base, _ := dnsname.CutPrefix(name, auraname.Prefixes[:])
		for _, its := range []string{name, base} {
			all = append(all, its)
			for _, prefix := range auraname.Prefixes {
				all = append(all, prefix+its)
			}
		}
	}
	return slices.DeleteFunc(all, func(name string) bool { return r.of(name).by == nil })
}

// constant reports whether a rule asks for one name in the place of any other.
func (r rewrite) constant() bool { return r.kind == "regex" && !strings.Contains(r.to, "{") }

// isName reports whether a text is an absolute name as sets have it.
func isName(text string) bool {
	canonical, err := holdings.CanonicalName(text)
	return err == nil && canonical == text
}

// ways returns the ways in which names fit a rule.
func (r rewrite) ways() ways {
	text := atom{literal, r.from}
	switch r.kind {
	case "exact":
		return ways{{{kind: begin}, text, {kind: end}}}
	case "prefix":
		return ways{{{kind: begin}, text}}
	case "suffix":
		return ways{{text, {kind: end}}}
	case "substring":
		return ways{{text}}
	}
	parsed, err := syntax.Parse(r.pattern.String(), syntax.Perl)
	if err != nil {
		return nil
	}
	return expand(parsed)
}

// fillers returns what may stand in names where any text may: parts of names that are known,
// from their beginning, and to their end.
func fillers(known []string) (texts, ends []string) {
	texts, ends = []string{sampleLabel}, []string{""}
	for _, name := range known {
		ends = append(ends, name)
		for at := range name {
			if name[at] == '.' {
				texts, ends = append(texts, name[:at]), append(ends, name[at+1:])
			}
		}
		label, _, _ := strings.Cut(name, ".")
		if _, behind, some := strings.Cut(label, "-"); some {
			texts = append(texts, behind)
		}
	}
	slices.Sort(texts)
	slices.Sort(ends)
	return slices.Compact(texts), slices.Compact(ends)
}

// fitting returns names that fit a rule, with texts where any may stand, and ends where it may
// stand at the end.
func (r rewrites) fitting(rule rewrite, texts, ends []string) []string {
	if *r.left < 0 {
		return nil
	}
	var all []string
	for _, w := range rule.ways() {
		names := w.names(texts, ends)
		*r.left -= len(names)
		for _, name := range names {
			if _, fits := rule.of(name); fits && len(all) < maxFitting {
				all = append(all, name)
			}
		}
	}
	return all
}

// names returns names that fit a way, with labels where any text may stand, and ends where it
// may stand at the end.
func (w way) names(labels, ends []string) []string {
	texts := []string{""}
	open := true // the text may begin anywhere
	for i, a := range w {
		switch a.kind {
		case literal:
			texts = joined(texts, []string{a.text})
		case begin:
			open = false
		case end:
			return opened(texts, labels, open)
		case anything, label:
			if i == len(w)-1 || a.kind == anything && w[i+1].kind == end {
				return opened(joined(texts, ends), labels, open)
			}
			texts = joined(texts, labels)
		default:
			return nil
		}
	}
	return opened(joined(texts, ends), labels, open)
}

// opened returns texts, and where they may begin anywhere, those with labels in front as well.
func opened(texts, labels []string, open bool) []string {
	if open {
		texts = slices.Concat(texts, joined(labels, texts), joined(joined(labels, []string{"."}), texts))
	}
	for i, text := range texts {
		texts[i] = dns.Fqdn(strings.TrimPrefix(text, "."))
	}
	return texts
}

// joined returns each text with each of next behind it, but not too many.
func joined(texts, next []string) []string {
	var all []string
	for _, text := range texts {
		for _, behind := range next {
			if len(all) < maxFitting {
				all = append(all, text+behind)
			}
		}
	}
	return all
}

// doubts notes rules of which it is not known for which names they matter, and those behind which
// clients leave out the answers.
func (r rewrites) doubts(b *holdings.Builder, zones []string) {
	known := r.known()
	for i := range r.rules {
		rule := &r.rules[i]
		if r.fails(b, rule, slices.DeleteFunc(r.fitting(*rule, []string{sampleLabel}, append(known, zones...)), func(name string) bool { return !isName(name) || !inZones(name, zones) })) {
			continue
		}
		told := rule.told()
		samples := slices.DeleteFunc(r.fitting(*rule, []string{sampleLabel}, append([]string{""}, zones...)), func(name string) bool {
			return !isName(name) || !inZones(name, zones) || slices.Contains(told, name) && r.of(name).owner == name
		})
		if len(samples) == 0 && len(told) == 0 && rule.untold(zones) {
			for _, zone := range zones {
				b.UnreadBelow(zone, rule.place, "rewrite is not read: which names fit %s is not known here", rule.text)
			}
		}
		for _, sample := range samples {
			if r.doubt(b, rule, sample) {
				break
			}
		}
	}
}

// fails notes a rule that makes a text which is no name of one of those that fit it.
func (r rewrites) fails(b *holdings.Builder, rule *rewrite, names []string) bool {
	for _, name := range names {
		if by := r.of(name); by.by == rule && !isName(by.asked) {
			b.UnreadBelow(dnsname.Parent(name), rule.place, "names that fit %s are answered SERVFAIL: of %s the rule makes %s, which is no name", rule.text, dnsname.TrimDot(name), lines.Shown(by.asked))
			return true
		}
	}
	return false
}

// untold reports whether names of some zones may fit a rule of which none was made up.
func (r rewrite) untold(zones []string) bool {
	for _, w := range r.ways() {
		if slices.ContainsFunc(w, func(a atom) bool { return a.kind == other }) {
			return true
		}
	}
	return r.kind != "regex" && inZones(strings.TrimPrefix(r.from, "."), zones)
}

// doubt notes what is to be known of a rule by a name that fits it.
func (r rewrites) doubt(b *holdings.Builder, rule *rewrite, sample string) bool {
	by := r.of(sample)
	parent := dnsname.Parent(sample)
	switch {
	case by.by != rule:
		return false
	case by.owner != sample:
		b.UnreadBelow(parent, rule.place, "the answers for names that fit %s have other names in their place, and resolvers of clients leave them out: write answer auto behind the rule", rule.text)
		return true
	case rule.kind == "exact" || rule.kind == "suffix":
		return false
	}
	for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA} {
		one, _ := r.answer(sample, qtype)
		other, _ := r.answer(anyLabel+"."+strings.TrimPrefix(parent, "."), qtype)
		if !one.like(other) {
			b.UnreadBelow(parent, rule.place, "rewrite is not read whole: names below %s that fit %s are answered otherwise than others there", dnsname.TrimDot(parent), rule.text)
			return true
		}
	}
	return false
}

// like reports whether two answers are the same to whoever asks for an address.
func (a answer) like(other answer) bool {
	passes := func(a answer) bool { return a.action == holdings.Passthru || a.action == holdings.Refer }
	return slices.Equal(a.addrs, other.addrs) && a.target == other.target && (a.action == other.action || passes(a) && passes(other))
}
