package rrset

import (
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// Rules are the domains that a cloud's resolver forwards. A rule comes before a zone of its
// name, and a zone below it before the rule.
type Rules struct {
	b     *holdings.Builder
	rules map[string]rule
	zones map[string]bool
}

// rule is a domain that is forwarded.
type rule struct {
	servers string
	at      holdings.Place
}

// NewRules returns what gives rules to a builder. [Rules.End] must be called at the end.
func NewRules(b *holdings.Builder) *Rules {
	return &Rules{b: b, rules: make(map[string]rule), zones: make(map[string]bool)}
}

// Forward adds a rule that forwards a domain to servers.
func (r *Rules) Forward(domain string, servers []string, at holdings.Place) {
	name, err := holdings.CanonicalName(domain)
	if err != nil {
		return
	}
	to := strings.Join(servers, ", ")
	r.rules[name] = rule{to, at}
	Referred(r.b, name, holdings.Referral{Servers: to}, at)
}

// Zone notes a private zone.
func (r *Rules) Zone(origin string) {
	if name, err := holdings.CanonicalName(origin); err == nil {
		r.zones[name] = true
	}
}

// End notes zones whose name a rule forwards.
func (r *Rules) End() {
	for _, name := range slices.Sorted(maps.Keys(r.rules)) {
		if one := r.rules[name]; r.zones[name] {
			r.b.UnreadBelow(name, one.at, "a resolver rule forwards %s to %s, before its hosted zone is asked: audit that server", dnsname.TrimDot(name), one.servers)
		}
	}
}
