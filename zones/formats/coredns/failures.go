package coredns

import (
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// failures are questions for names with addresses that are answered with an error, not at all, or
// as if there was no such name.
type failures struct {
	types []uint16 // that are asked for
	all   []failure
	right []string // names that are none
}

// failure is a name, and the types for which it fails, in words.
type failure struct {
	name, types string
	at          holdings.Place
}

// look asks for all types of a name; what fails counts for another one, and those below it.
func (f *failures) look(chain []responder, name, asked string, at holdings.Place) {
	var types []string
	for _, qtype := range f.types {
		a := ask(chain, asked, qtype)
		if a.action != holdings.Drop && a.action != holdings.NXDomain {
			continue
		}
		if types = append(types, dns.TypeToString[qtype]); a.place.Line > 0 {
			at = a.place
		}
	}
	switch {
	case len(types) == 0:
		f.right = append(f.right, name)
	default:
		f.all = append(f.all, failure{name, strings.Join(types, ", "), at})
	}
}

// tell notes the failures, but for those that one of a name above tells.
func (f *failures) tell(b *holdings.Builder) {
	slices.SortStableFunc(f.all, func(one, other failure) int { return len(one.name) - len(other.name) })
	var told []failure
	for _, its := range f.all {
		if slices.ContainsFunc(told, func(other failure) bool {
			return its.types == other.types && its.at == other.at && dnsname.AtOrBelow(its.name, other.name)
		}) {
			continue
		}
		told = append(told, its)
		b.Sparing(f.rightBelow(its.name), func() { b.Fails(its.name, its.at, "CoreDNS", its.types+" of "+dnsname.Shown(its.name)) })
	}
}

// rightBelow returns the names below one at and below which nothing fails.
func (f *failures) rightBelow(name string) []string {
	return slices.DeleteFunc(slices.Clone(f.right), func(right string) bool {
		fails := slices.ContainsFunc(f.all, func(its failure) bool { return dnsname.AtOrBelow(its.name, right) })
		return fails || !dnsname.AtOrBelow(right, name)
	})
}

// deniedTypes returns the types, beside those that all programs ask for, of which templates say that
// there is no such name.
func deniedTypes(chain []responder) []uint16 {
	var types []uint16
	for _, r := range chain {
		switch r := r.(type) {
		case rewrites:
			types = append(types, deniedTypes(r.rest)...)
		case templates:
			for _, t := range r {
				if strings.EqualFold(t.rcode, "NXDOMAIN") && t.qtype != dns.TypeANY {
					types = append(types, t.qtype)
				}
			}
		}
	}
	return slices.DeleteFunc(types, func(t uint16) bool { return t == dns.TypeA || t == dns.TypeAAAA || t == dns.TypeHTTPS })
}
