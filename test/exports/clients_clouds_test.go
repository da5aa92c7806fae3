package exports_test

import (
	"fmt"
	"regexp"
	"strings"

	"pgregory.net/rapid"
)

// resolverValues are those of the format route53-resolver.
var resolverValues = map[string]string{
	"resolver-endpoint-id": "rslvr-out-0a1b2c3d4e5f67890", "vpc-id": "vpc-0a1b2c3d4e5f67890",
}

// resolverRule is the input of create-resolver-rule, with the members that ours
// have. All are strings that Route 53 Resolver checks by length and pattern.
type resolverRule struct {
	CreatorRequestID string `json:"CreatorRequestId"`
	Name             string
	RuleType         string
	DomainName       string
	TargetIps        []struct {
		IP   string `json:"Ip"`
		IPv6 string `json:"Ipv6"`
		Port int
	}
	ResolverEndpointID string `json:"ResolverEndpointId"`
	Tags               []struct{ Key, Value string }
}

var (
	ruleName  = regexp.MustCompile(`^[a-zA-Z0-9_' -]{1,64}$`)
	ruleValue = regexp.MustCompile(`^[a-zA-Z0-9 _.:/=+@-]{0,256}$`) // of a tag
)

// readRoute53Resolver reads the rules, and what the script makes of them.
func readRoute53Resolver(tb rapid.TB, files []writtenFile) [][]route {
	var all []route
	var calls []string
	names := make(map[string]bool)
	for _, file := range files {
		if file.snippet {
			continue
		}
		var rule resolverRule
		strictly(tb, file.text, &rule)
		if !ruleName.MatchString(rule.Name) || names[rule.Name] || rule.RuleType != "FORWARD" ||
			rule.ResolverEndpointID != resolverValues["resolver-endpoint-id"] ||
			len(rule.Tags) != 1 || !ruleValue.MatchString(rule.Tags[0].Value) {
			tb.Fatalf("rule %+v", rule)
		}
		names[rule.Name] = true
		var servers []string
		for _, target := range rule.TargetIps {
			if (target.IP == "") == (target.IPv6 == "") || target.Port != 53 {
				tb.Fatalf("target %+v", target)
			}
			servers = append(servers, target.IP+target.IPv6)
		}
		all = append(all, routes(tb, servers, []string{rule.DomainName})...)
		calls = append(calls, fmt.Sprintf("rule %s %s", file.name, rule.CreatorRequestID))
	}
	script := payload(tb, onlyFile(tb, files, "route53-resolver.sh"))
	if got := strings.Join(script[len(script)-len(calls):], "\n"); got != strings.Join(calls, "\n") {
		tb.Fatalf("the script ends with\n%s", got)
	}
	return [][]route{all}
}

// ruleTemplate is an ARM template with resources of the type
// Microsoft.Network/dnsForwardingRulesets/forwardingRules.
type ruleTemplate struct {
	Schema         string `json:"$schema"`
	ContentVersion string `json:"contentVersion"`
	Metadata       struct {
		Description string `json:"description"`
	} `json:"metadata"`
	Parameters map[string]struct {
		Type     string            `json:"type"`
		Metadata map[string]string `json:"metadata"`
	} `json:"parameters"`
	Resources []struct {
		Type       string `json:"type"`
		APIVersion string `json:"apiVersion"`
		Name       string `json:"name"`
		Properties struct {
			DomainName          string `json:"domainName"`
			ForwardingRuleState string `json:"forwardingRuleState"`
			TargetDNSServers    []struct {
				IPAddress string `json:"ipAddress"`
				Port      int    `json:"port"`
			} `json:"targetDnsServers"`
		} `json:"properties"`
	} `json:"resources"`
}

// armRuleName is a rule's name: up to 80 letters, digits, and hyphens, behind the
// ruleset's.
var armRuleName = regexp.MustCompile(`^\[concat\(parameters\('rulesetName'\), '/([a-zA-Z0-9][a-zA-Z0-9-]{0,78}[a-zA-Z0-9])'\)\]$`)

func readAzureResolver(tb rapid.TB, files []writtenFile) [][]route {
	var template ruleTemplate
	strictly(tb, onlyFile(tb, files, "azure-resolver.json"), &template)
	if template.ContentVersion != "1.0.0.0" || template.Parameters["rulesetName"].Type != "string" {
		tb.Fatalf("template %+v", template)
	}
	var all []route
	names := make(map[string]bool)
	for _, resource := range template.Resources {
		domain, absolute := strings.CutSuffix(resource.Properties.DomainName, ".")
		name := armRuleName.FindString(resource.Name)
		if resource.Type != "Microsoft.Network/dnsForwardingRulesets/forwardingRules" || resource.APIVersion != "2022-07-01" ||
			resource.Properties.ForwardingRuleState != "Enabled" || !absolute || name == "" || names[name] {
			tb.Fatalf("resource %+v", resource)
		}
		names[name] = true
		var servers []string
		for _, target := range resource.Properties.TargetDNSServers {
			if target.Port != 53 {
				tb.Fatalf("target %+v", target)
			}
			servers = append(servers, target.IPAddress)
		}
		all = append(all, routes(tb, servers, []string{domain})...)
	}
	return [][]route{all}
}

// gcpZone is a line for a forwarding zone: its name is a label of up to 63
// characters that begins with a letter.
var gcpZone = regexp.MustCompile(`^zone ([a-z](?:[a-z0-9-]{0,61}[a-z0-9])?) (` + word + `)\. (` + word + `(?:,` + word + `)*)$`)

func readGCPInbound(tb rapid.TB, files []writtenFile) [][]route {
	var all []route
	names := make(map[string]bool)
	for _, line := range payload(tb, onlyFile(tb, files, "gcp-inbound.sh")) {
		if !strings.HasPrefix(line, "zone ") {
			continue // of the script around the list
		}
		match := gcpZone.FindStringSubmatch(line)
		if match == nil || names[match[1]] {
			tb.Fatalf("line %q", line)
		}
		names[match[1]] = true
		all = append(all, routes(tb, strings.Split(match[3], ","), []string{match[2]})...)
	}
	return [][]route{all}
}
