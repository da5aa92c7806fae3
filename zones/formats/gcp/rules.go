package gcp

import (
	"io"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/listing"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// policyRule is a ResponsePolicyRule of Cloud DNS.
type policyRule struct {
	RuleName  string `json:"ruleName"`
	DNSName   string `json:"dnsName"`
	Behavior  string `json:"behavior"`
	LocalData struct {
		Sets []recordSet `json:"localDatas"`
	} `json:"localData"`
}

// bypass is the behavior of a rule that leaves its name to normal resolution.
const bypass = "bypassResponsePolicy"

// readRules reads what "gcloud dns response-policies rules list" prints as JSON or YAML,
// the answer of the API, or our own file. At most one rule decides a name, that of the
// longest name: no match means normal resolution.
func readRules(b *holdings.Builder, r io.Reader, in formats.Input) error {
	b.OnlyAddresses(in.Name) // a rule is for one name, and says nothing of what it lacks
	items := listing.NewItems(b)
	return items.End(listing.Each(r, in.Name, []string{"responsePolicyRules"}, func(item listing.Item) error {
		var rule policyRule
		if !items.Read(item, &rule) {
			return nil
		}
		if rule.DNSName == "" { // which says for which name it is
			item.Leave(b)
			return nil
		}
		if !in.Exported && prefixOf(rule.RuleName) != "" {
			bothOf(b).listed[rule.RuleName] = item.At
		}
		rule.add(b, item.At)
		return nil
	}, func(more *listing.More) {
		rrset.PagesOf(b).List("rules of response policies", rrset.ListPage{More: more.Place()})
	}))
}

func (p policyRule) add(b *holdings.Builder, at holdings.Place) {
	switch {
	case p.Behavior == bypass:
		if name, err := holdings.CanonicalName(p.DNSName); err == nil {
			b.AddRule(name, holdings.Data{Action: holdings.Passthru, TTL: holdings.NoTTL}, at)
		}
	case len(p.LocalData.Sets) == 0:
		b.Unread(at, "rule %q for %s has no local data: left out", p.RuleName, p.DNSName)
	}
	if !p.taken(b, at) {
		return
	}
	for _, set := range p.LocalData.Sets {
		r := set.rrset()
		r.Rule = true
		rrset.Add(b, r, at)
	}
}

// taken reports whether Cloud DNS takes the rule, as far as its data tell.
func (p policyRule) taken(b *holdings.Builder, at holdings.Place) bool {
	var types []string
	for _, set := range p.LocalData.Sets {
		if !rrset.InRule(b, p.DNSName, set.rrset(), types, at) {
			return false
		}
		types = append(types, strings.ToUpper(set.Type))
	}
	return true
}
