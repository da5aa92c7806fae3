package route53

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// resolverRule is a rule of Route 53 Resolver.
type resolverRule struct {
	ID                   string `json:"Id"`
	DomainName, RuleType string
	TargetIPs            []struct {
		IP   string `json:"Ip"`
		IPv6 string `json:"Ipv6"`
	} `json:"TargetIps"`
}

// ruleAssociation ties a rule of Route 53 Resolver to a VPC.
type ruleAssociation struct {
	Rule string `json:"ResolverRuleId"`
	VPC  string `json:"VPCId"`
}

// rules are those of Route 53 Resolver, and the VPCs that have them.
type rules struct {
	all  map[string]placedRule // by id
	vpcs map[string][]string   // by the rule's id
	at   map[ruleAssociation]holdings.Place
	// listed says that associations were listed: a rule that has none is in no VPC.
	listed bool
}

type placedRule struct {
	resolverRule
	at holdings.Place
}

func newRules() rules {
	return rules{all: make(map[string]placedRule), vpcs: make(map[string][]string), at: make(map[ruleAssociation]holdings.Place)}
}

// associate notes that a VPC has a rule.
func (r *rules) associate(one ruleAssociation, at holdings.Place) {
	if _, there := r.at[one]; !there {
		r.vpcs[one.Rule], r.at[one] = append(r.vpcs[one.Rule], one.VPC), at
	}
}

// addRule adds a rule.
func (z *account) addRule(rule resolverRule, at holdings.Place) {
	z.rules.all[cmp.Or(rule.ID, rule.DomainName)] = placedRule{rule, at}
}

// autodefined is what the ids of rules begin with that each VPC has by itself.
const autodefined = "rslvr-autodefined-"

// endRules notes what the rules forward, and the rules of VPCs that are not listed.
func (z *account) endRules() {
	for _, id := range slices.Sorted(maps.Keys(z.rules.all)) {
		switch rule := z.rules.all[id]; rule.RuleType {
		case "FORWARD":
			z.forward(rule)
		case "SYSTEM", "RECURSIVE":
		default:
			z.b.Unread(rule.at, "resolver rule %s is of the type %s, which is not read: whom it has asked for which names, is not known", id, rule.RuleType)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(z.rules.vpcs)) {
		if _, known := z.rules.all[id]; known || strings.HasPrefix(id, autodefined) {
			continue
		}
		for _, vpc := range z.rules.vpcs[id] {
			z.b.Unread(z.rules.at[ruleAssociation{id, vpc}], "VPC %s has resolver rule %s, of which nothing that is read says what it forwards: audit what aws route53resolver list-resolver-rules prints as well", vpc, id)
		}
	}
}

// forward adds a rule that forwards a domain.
func (z *account) forward(rule placedRule) {
	var servers []string
	for _, target := range rule.TargetIPs {
		servers = append(servers, target.IP+target.IPv6)
	}
	if vpcs, known := z.havingRule(rule.ID); known {
		rrset.ForwardIn(z.b, rule.DomainName, servers, vpcs, rule.at)
	} else {
		rrset.Forward(z.b, rule.DomainName, servers, rule.at)
	}
}

// havingRule returns the VPCs that have a rule, by themselves or by a profile, and whether all
// of them are known.
func (z *account) havingRule(id string) (vpcs []string, known bool) {
	vpcs = slices.Clone(z.rules.vpcs[id])
	by := z.profiledRules()[id]
	return append(vpcs, by.vpcs...), z.rules.listed && !by.unknown
}
