package coredns

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// policy is a policy of the plugin acl.
type policy struct {
	action  string
	types   []string // nil for all
	clients holdings.Clients
}

// policyOf reads a policy, and returns a word of it that is not known, or "".
func policyOf(words []string) (p policy, odd string) {
	p = policy{action: strings.ToLower(words[0]), clients: holdings.AllClients}
	section := ""
	for _, word := range words[1:] {
		switch lower := strings.ToLower(word); {
		case lower == "type" || lower == "net":
			if section = lower; lower == "net" {
				p.clients = nil
			}
		case section == "type" && word != "*":
			p.types = append(p.types, word)
		case section == "net" && word == "*":
			p.clients = append(p.clients, holdings.AllClients...)
		case section == "net":
			prefix, err := address.ParseRange(word)
			if err != nil {
				return p, word
			}
			p.clients = append(p.clients, holdings.ClientRange{Range: prefix})
		}
	}
	return p, ""
}

// admissions notes whom the plugin acl refuses questions: of its policies for a name the
// first one counts that is for the client and the type, and without one all may ask.
func (s server) admissions(b *holdings.Builder) {
	rules := s.all("acl")
	if len(rules) == 0 {
		return
	}
	scopes := slices.Clone(s.zones)
	for _, d := range rules {
		scopes = append(scopes, zonesOr(d.args, nil)...)
	}
	slices.Sort(scopes)
	for _, zone := range slices.Compact(scopes) {
		if inZones(zone, s.zones) {
			s.admissionsTo(b, zone, rules)
		}
	}
}

func (s server) admissionsTo(b *holdings.Builder, zone string, rules []directive) {
	var all []policy
	for _, d := range rules {
		if !inZones(zone, zonesOr(d.args, s.zones)) {
			continue
		}
		for _, words := range d.block {
			p, odd := policyOf(words)
			if odd != "" {
				b.NotStarted("CoreDNS", d.place, "%s in acl is no address range", lines.Shown(odd))
			}
			all = append(all, p)
		}
	}
	one, two := admitted(all, "A"), admitted(all, "AAAA")
	b.Admits(one, zone, rules[0].place, "acl refuses questions to "+holdings.SomeOrAll)
	if !one.Equal(two) {
		b.UnreadBelow(zone, rules[0].place, "acl is not read whole: it refuses questions for IPv6 addresses, or allows them, by policies of their own")
	}
}

// admitted returns the clients that may ask for a type.
func admitted(all []policy, qtype string) holdings.Clients {
	var c holdings.Clients
	for _, p := range all {
		if len(p.types) > 0 && !slices.Contains(p.types, qtype) {
			continue
		}
		for _, item := range p.clients {
			c = append(c, holdings.ClientRange{Range: item.Range, Not: p.action != "allow"})
		}
	}
	return append(c, holdings.AllClients...)
}

// covers reports whether a range has all of a prefix.
func covers(wide, prefix netip.Prefix) bool {
	return wide.Bits() <= prefix.Bits() && wide.Contains(prefix.Addr())
}
