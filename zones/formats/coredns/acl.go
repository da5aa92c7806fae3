package coredns

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/dnsname"
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
func (s server) admissions(b *holdings.Builder, zones map[string]bool) {
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
		if inZones(zone, s.zones) && slices.Contains(s.zones, closest(zones, zone)) { // else another server block is asked
			s.admissionsTo(b, zone, rules, s.others(zones))
		}
	}
}

// others returns the zones of other server blocks.
func (s server) others(zones map[string]bool) []string {
	var all []string
	for zone := range zones {
		if !slices.Contains(s.zones, zone) {
			all = append(all, zone)
		}
	}
	return all
}

// admissionsTo is admissions for a zone, but for what other server blocks answer below it.
func (s server) admissionsTo(b *holdings.Builder, zone string, rules []directive, others []string) {
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
	below := slices.DeleteFunc(others, func(other string) bool { return other == zone || !inZones(other, []string{zone}) })
	b.Sparing(below, func() {
		b.Admits(admitted(all, "A"), zone, rules[0].place, "acl refuses questions to "+holdings.SomeOrAll)
		for _, qtype := range []string{"AAAA", "HTTPS"} {
			b.FailsFor(failed(all, qtype), zone, rules[0].place, "acl", qtype+" of names in "+dnsname.Shown(zone))
		}
	})
}

// admitted returns the clients that may ask for a type.
func admitted(all []policy, qtype string) holdings.Clients {
	return append(deciding(all, qtype, "allow"), holdings.AllClients...)
}

// failed returns the clients of whom questions for a type are answered with an error or not at all,
// and those for IPv4 addresses as usual. A filter answers that there is no such data.
func failed(all []policy, qtype string) holdings.Clients {
	refused := deciding(all, "A", "block", "drop", "filter")
	return append(holdings.Clients{refused.Item(true)}, deciding(all, qtype, "block", "drop")...)
}

// deciding returns a list that has the clients of the policies for a type that have one of some
// actions, and not those of others.
func deciding(all []policy, qtype string, actions ...string) holdings.Clients {
	var c holdings.Clients
	for _, p := range all {
		if len(p.types) > 0 && !slices.Contains(p.types, qtype) {
			continue
		}
		for _, item := range p.clients {
			c = append(c, holdings.ClientRange{Range: item.Range, Not: !slices.Contains(actions, p.action)})
		}
	}
	return c
}

// filtered notes a name whose IPv6 addresses acl leaves out.
func (s server) filtered(b *holdings.Builder, name string, d holdings.Data) {
	if len(d.V6()) == 0 {
		return
	}
	for _, rule := range s.all("acl") {
		for _, words := range rule.block {
			p, _ := policyOf(words)
			if p.action == "filter" && slices.Contains(p.types, "AAAA") && inZones(name, zonesOr(rule.args, s.zones)) {
				b.UnreadBelow(name, rule.place, "acl is not read whole: it leaves out IPv6 addresses")
			}
		}
	}
}

// covers reports whether a range has all of a prefix.
func covers(wide, prefix netip.Prefix) bool {
	return wide.Bits() <= prefix.Bits() && wide.Contains(prefix.Addr())
}
