package alias

import (
	"slices"
	"strings"

	"github.com/miekg/dns"
)

// maxChain bounds the aliases that are followed in one message; servers give up
// long before that. What is behind is no answer.
const maxChain = 32

// chain follows the aliases of an answer from the name that was asked for, as far as
// the first that leads to a name of ours, which is the target. It returns the records
// of the aliases on the way. The target is "" if none leads there. A DNAME of a name of
// ours is nobody else's to have, above whatever name it is.
func (l *leading) chain(answer []dns.RR) (chain []dns.RR, target string) {
	name := l.question.Name
	believed := slices.DeleteFunc(slices.Clone(answer), func(rr dns.RR) bool {
		_, above := rr.(*dns.DNAME)
		return above && l.of(rr)
	})
	for range maxChain {
		aliases, next := aliasesOf(believed, name)
		if next == "" || same(next, l.question.Name) { // a chain in a circle leads nowhere
			return nil, ""
		}
		for _, rr := range aliases {
			if !slices.Contains(chain, rr) { // a DNAME may be taken twice
				chain = append(chain, rr)
			}
		}
		if l.names.Ours(next) || hasPlaceholder(answer, next) {
			return chain, next
		}
		name = next
	}
	return nil, ""
}

// aliasesOf returns the records by which a name is an alias, with their signatures,
// and the name that it is an alias of. Of several CNAME records the first counts
// (there must be but one; RFC 2181, section 10.1). A DNAME above the name without the
// CNAME that has to follow from it is given one (RFC 6672, section 3.1).
func aliasesOf(answer []dns.RR, name string) (aliases []dns.RR, target string) {
	var synthesized *dns.CNAME
	for _, rr := range answer {
		switch rr := rr.(type) {
		case *dns.CNAME:
			if target == "" && same(rr.Hdr.Name, name) {
				aliases, target = append(aliases, rr), rr.Target
			}
		case *dns.DNAME:
			if made := substitute(rr, name); made != nil && synthesized == nil {
				aliases, synthesized = append(aliases, rr), made
			}
		case *dns.RRSIG:
			if signsAlias(rr, name) {
				aliases = append(aliases, rr)
			}
		}
	}
	switch {
	case target != "":
		return aliases, target
	case synthesized != nil:
		return append(aliases, synthesized), synthesized.Target
	default:
		return nil, ""
	}
}

// signsAlias reports whether a signature is one over what makes a name an alias.
func signsAlias(rr *dns.RRSIG, name string) bool {
	switch rr.TypeCovered {
	case dns.TypeCNAME:
		return same(rr.Hdr.Name, name)
	case dns.TypeDNAME:
		return isBelow(name, rr.Hdr.Name)
	default:
		return false
	}
}

// substitute returns the CNAME that a DNAME makes for a name, or nil if it is not
// above the name or the new name is too long.
func substitute(dname *dns.DNAME, name string) *dns.CNAME {
	if !isBelow(name, dname.Hdr.Name) {
		return nil
	}
	prefix := name
	if parents := dns.CountLabel(dname.Hdr.Name); parents > 0 {
		starts := dns.Split(name)
		prefix = name[:starts[len(starts)-parents]]
	}
	target := prefix + strings.TrimPrefix(dname.Target, ".")
	if _, ok := dns.IsDomainName(target); !ok {
		return nil
	}
	return &dns.CNAME{
		Hdr:    dns.RR_Header{Name: name, Rrtype: dns.TypeCNAME, Class: dname.Hdr.Class, Ttl: dname.Hdr.Ttl},
		Target: target,
	}
}

// isBelow reports whether a name is below another one.
func isBelow(name, parent string) bool {
	return !same(name, parent) && dns.IsSubDomain(parent, name)
}

// withoutOurs returns the records but those of names of ours, and without hints at
// addresses of ours.
func (l *leading) withoutOurs(records []dns.RR) []dns.RR {
	kept := make([]dns.RR, 0, len(records))
	for _, rr := range records {
		if l.of(rr) {
			l.changed = true
			continue
		}
		kept = append(kept, rr)
	}
	return l.withoutHints(kept)
}
