package rrset

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// forward is a rule by which a cloud's resolver forwards a domain to servers.
type forward struct {
	domain, to string
	networks   []string // that have the rule; nil where these are not known
	at         holdings.Place
}

// forwards are the rules of all files, of which the networks are known.
type forwards struct {
	b   *holdings.Builder
	all []forward
}

// Forward adds a rule by which a cloud's resolver forwards a domain to servers. A rule comes
// before a private zone of its name, and a zone below it before the rule.
func Forward(b *holdings.Builder, domain string, to []string, at holdings.Place) {
	if name, err := holdings.CanonicalName(domain); err == nil {
		forward{domain: name, to: strings.Join(to, ", "), at: at}.add(b)
	}
}

// ForwardIn is Forward where all networks are known that have the rule. It counts for nothing
// where others see the zones of the domain; who sees them may be said in any file. It ends
// behind what says so.
func ForwardIn(b *holdings.Builder, domain string, to, networks []string, at holdings.Place) {
	name, err := holdings.CanonicalName(domain)
	if err != nil {
		return
	}
	all := holdings.Shared(b, "rules that forward", func() *forwards { return &forwards{b: b} })
	all.all = append(all.all, forward{name, strings.Join(to, ", "), networks, at})
}

// End adds the rules that are in a network with a zone of their domain, or of which that is not
// known.
func (f *forwards) End() {
	for _, one := range f.all {
		seeing := f.b.Seeing(one.domain)
		here := func(network string) bool { return slices.Contains(seeing, strings.ToLower(network)) }
		switch {
		case len(one.networks) == 0:
			f.b.Note(one.at, "a resolver rule forwards %s to %s, and is associated with no VPC that is listed: it is left out", dnsname.TrimDot(one.domain), one.to)
		case f.b.Elsewhere(one.networks):
			f.b.Note(one.at, "a resolver rule forwards %s to %s in %s, and not in the network of --view: it is left out", dnsname.TrimDot(one.domain), one.to, strings.Join(one.networks, ", "))
		case len(seeing) > 0 && !slices.ContainsFunc(one.networks, here):
			f.b.Note(one.at, "a resolver rule forwards %s to %s in %s, which sees none of the hosted zones that it could stand before: it is left out",
				dnsname.TrimDot(one.domain), one.to, strings.Join(one.networks, ", "))
		default:
			one.add(f.b)
		}
	}
}

// add adds the rule.
func (f forward) add(b *holdings.Builder) {
	in := ""
	if len(f.networks) > 0 {
		in = " in " + strings.Join(f.networks, ", ")
	}
	Referred(b, f.domain, holdings.Referral{Servers: f.to}, f.at)
	b.UnreadIfPrivate(f.domain, f.at, "a resolver rule forwards %s to %s%s, before its hosted zone is asked: audit that server", dnsname.TrimDot(f.domain), f.to, in)
}

// InRule reports whether a rule of a response policy can have data of a name and a type, and notes
// it where it cannot. Cloud DNS takes data of the rule's own name alone, of each type once, and none
// that zones have at their apex: with others the rule is not made as a whole. others are the types
// that the rule has before.
func InRule(b *holdings.Builder, rule string, data RRset, others []string, at holdings.Place) bool {
	kind, why := strings.ToUpper(data.Type), ""
	switch {
	case data.Name == "":
		why = "data without a name"
	case !same(rule, data.Name):
		why = "data of " + dnsname.TrimDot(data.Name) + ", which is not its name"
	case kind == "SOA", kind == "NS":
		why = "data of the type " + kind
	case slices.Contains(others, kind) && kind != strings.ToUpper(Unknown):
		why = "two sets of data of the type " + kind
	default:
		return true
	}
	b.UnreadBelow(lowered(strings.TrimPrefix(rule, "*.")), at, "the rule for %s has %s: Cloud DNS takes no such rule, and it is left out", dnsname.TrimDot(rule), why)
	return false
}

// Private notes a private zone of a cloud whose records are read, in whichever file.
func Private(b *holdings.Builder, origin string, at holdings.Place) {
	if name, err := holdings.CanonicalName(origin); err == nil {
		b.Private(name, at)
	}
}

// expressionMark begins what stands for a network where it is an expression.
const expressionMark = "expression "

// Expression returns what stands for a network that an expression of a source names: for two that are
// the same it is the same.
func Expression(text string) string { return expressionMark + text }

// SeenBy notes the networks that see a private zone, by their ids. Where one is not known,
// nothing is noted: it may be any.
func SeenBy(b *holdings.Builder, origin string, networks []string, at holdings.Place) {
	ZoneSeenBy(b, origin, "", networks, at)
}

// ZoneSeenBy is SeenBy for one of several zones of that name, by its id.
func ZoneSeenBy(b *holdings.Builder, origin, identity string, networks []string, at holdings.Place) {
	name, err := holdings.CanonicalName(origin)
	if err != nil || slices.Contains(networks, "") || slices.Contains(networks, Unknown) {
		return
	}
	ids, stated := make([]string, len(networks)), false
	for i, network := range networks {
		text, is := strings.CutPrefix(network, expressionMark)
		if ids[i] = text; !is {
			ids[i] = strings.ToLower(network)
		}
		stated = stated || is
	}
	if stated {
		b.Stated(name, ids, at)
		return
	}
	b.ZoneSeenBy(name, strings.ToLower(identity), ids, at)
}

// DNS64 notes that a cloud's resolver makes IPv6 addresses (RFC 6147) for all names without some.
func DNS64(b *holdings.Builder, at holdings.Place) {
	b.Unread(at, "DNS64 is on for all questions: names without IPv6 addresses are answered with some that are made of their IPv4 addresses, and lead through a NAT64 gateway")
}
