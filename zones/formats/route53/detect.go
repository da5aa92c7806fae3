package route53

import (
	"regexp"
	"strings"

	"github.com/auralink/auralink/zones/formats"
)

// members are those that only documents of Route 53 have.
var members = []string{
	"ResourceRecordSets", "ResourceRecordSet", "CallerReference", "HostedZone", "HostedZoneSummaries", "ResolverRules",
	"ResolverRule", "ProfileResourceAssociations", "ProfileAssociations", "ResolverRuleAssociations", firewallRules, "ChangeInfo",
	dhcpOptions, dnsSupport, dnsHostnames,
}

// Members that templates of CloudFormation have as well.
const (
	firewallRules = "FirewallRules"
	dnsSupport    = "EnableDnsSupport"
	dnsHostnames  = "EnableDnsHostnames"
)

var inTemplates = map[string]bool{firewallRules: true, dnsSupport: true, dnsHostnames: true}

// loneMembers are those by two of which an item is known that stands by itself.
var loneMembers = [][2]string{
	{"ResourceRecords", "ResourceRecords"},
	{"AliasTarget", "AliasTarget"},
	{"RuleType", "DomainName"},
	{"ResolverRuleId", "VPCId"},
	{"ProfileId", "ResourceArn"},
	{"ProfileId", "ResourceId"},
}

// yamlMember finds one of them, or what --query leaves of them, in YAML.
var yamlMember = regexp.MustCompile(`(?m)^(- )?\s*(` + strings.Join(members, "|") + `|HostedZones|ResourceRecords|AliasTarget|ResolverRuleId|ProfileId|RuleType):`)

// detect knows a document by its members.
func detect(head formats.Head) formats.Certainty {
	if !head.Document() {
		if yamlMember.MatchString(string(head)) && !strings.Contains(string(head), "AWS::") {
			return formats.Likely
		}
		return formats.No
	}
	for _, member := range members {
		if head.Has(member) && (!inTemplates[member] || !strings.Contains(string(head), "AWS::")) {
			return formats.Surely
		}
	}
	// What --query leaves of them. Templates of CloudFormation have them as well.
	for _, both := range loneMembers {
		if head.Has(both[0]) && head.Has(both[1]) {
			return formats.Likely
		}
	}
	return formats.No
}
