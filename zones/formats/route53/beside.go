package route53

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
)

// firewallRule is a rule of DNS Firewall.
type firewallRule struct {
	Name, Action string
	List         string `json:"FirewallDomainListId"`
}

// changeInfo says what has become of a change.
type changeInfo struct {
	ID     string `json:"Id"`
	Status string
}

// listNames are the members that are lists.
var listNames = []string{
	"ResourceRecordSets", "Changes", "HostedZones", "HostedZoneSummaries", "ResolverRules", "ResolverRuleAssociations",
	"ProfileResourceAssociations", "ProfileAssociations", firewallRules, dhcpOptions,
}

// hasList reports whether a document has one of the lists.
func hasList(text []byte) bool {
	for _, name := range listNames {
		if bytes.Contains(text, []byte(`"`+name+`"`)) {
			return true
		}
	}
	return false
}

// lists returns what reads an item of each list, by the member that has it.
func (d *reader) lists() map[string]func() error {
	z := d.account
	return map[string]func() error{
		"ResourceRecordSets":          d.readListed,
		"Changes":                     d.readListed,
		"HostedZones":                 each(d, z.add),
		"HostedZoneSummaries":         each(d, d.addSummary),
		"ResolverRules":               each(d, z.addRule),
		"ResolverRuleAssociations":    each(d, z.rules.associate),
		"ProfileResourceAssociations": each(d, z.tie),
		"ProfileAssociations":         each(d, z.addProfileVPC),
		firewallRules:                 each(d, d.addFirewallRule),
		dhcpOptions:                   each(d, d.addDHCPOptions),
	}
}

// each returns what reads an item of a list, and adds it.
func each[T any](d *reader, add func(T, holdings.Place)) func() error {
	return func() error {
		var text json.RawMessage
		at, err := d.s.Value(&text)
		if err != nil {
			return err
		}
		var item T
		if d.items.Decode(text, at, &item) {
			add(item, at)
		}
		return nil
	}
}

// beginList notes that a list begins, which may be empty: then nothing is in it.
func (d *reader) beginList(name string) {
	switch name {
	case "HostedZoneSummaries":
		d.see()
	case "ResolverRuleAssociations":
		d.account.rules.listed = true
	case "ProfileAssociations":
		d.account.profileLists = true
	case "ResourceRecordSets", "Changes":
		d.listed.End()
	}
}

func (d *reader) addFirewallRule(rule firewallRule, at holdings.Place) {
	if strings.EqualFold(rule.Action, "BLOCK") {
		d.b.Unread(at, "DNS Firewall's rule %s blocks what is in domain list %s, which is not read: names of Aura's may be among it", rule.Name, cmp.Or(rule.List, "of another kind"))
	}
}

// lone is what an item has that stands by itself, as --query and jq leave it.
type lone struct {
	ID           string `json:"Id"`
	Config       json.RawMessage
	HostedZoneID string `json:"HostedZoneId"`
	RuleType     string
	DomainName   string
	Rule         string `json:"ResolverRuleId"`
	VPC          string `json:"VPCId"`
	Profile      string `json:"ProfileId"`
	ResourceARN  string `json:"ResourceArn"`
	Resource     string `json:"ResourceId"`
}

// addLone adds an item that stands by itself, by its text. It reports whether the document is one.
func (d *reader) addLone(doc document, text json.RawMessage, at holdings.Place) bool {
	switch {
	case strings.Contains(doc.ID, "/hostedzone/"):
		return loneItem(text, at, d.account.add)
	case doc.HostedZoneID != "" && doc.Name != "" && doc.Type == "":
		return loneItem(text, at, d.addSummary)
	case doc.RuleType != "" && doc.DomainName != "":
		return loneItem(text, at, d.account.addRule)
	case doc.Rule != "" && doc.VPC != "":
		d.account.rules.listed = true
		return loneItem(text, at, d.account.rules.associate)
	case doc.Profile != "" && doc.ResourceARN != "":
		return loneItem(text, at, d.account.tie)
	case doc.Profile != "" && doc.Resource != "":
		d.account.profileLists = true
		return loneItem(text, at, d.account.addProfileVPC)
	default:
		return false
	}
}

func loneItem[T any](text json.RawMessage, at holdings.Place, add func(T, holdings.Place)) bool {
	var item T
	if json.Unmarshal(text, &item) != nil {
		return false
	}
	add(item, at)
	return true
}
