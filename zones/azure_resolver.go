package zones

import (
	"io"
	"iter"
	"net/netip"
	"slices"
)

const (
	// maxTemplateResources is how many resources an ARM template has.
	maxTemplateResources = 800
	// maxRuleTargets is how many servers a forwarding rule has.
	maxRuleTargets = 6
)

// azureResolver is an ARM template with rules of an Azure DNS Private Resolver.
var azureResolver = Format{
	Name:    "azure-resolver",
	Group:   GroupClients,
	Summary: "forwarding rules for an Azure DNS Private Resolver: an ARM template that adds them to a ruleset",
	Shape: "A rule for each domain of the view, by which the virtual networks that are linked to the ruleset ask the server; of " +
		"two rules the longer domain wins. Load it by az deployment group create --resource-group GROUP --template-file " +
		"azure-resolver.json --parameters rulesetName=NAME.",
	Limits: "Where a private DNS zone with the same names is linked to a network, take one of the two away. The questions come from " +
		"the outbound endpoint's subnet: it must be among the VPC's clients. A rule that has left the view stays until it is " +
		"deleted. " + belowSingle + " At most 800 domains and six servers.",
	Servers: true,
	files: func(v View, o Options) (iter.Seq[File], error) {
		if err := atMostServers("azure-resolver", o.Servers, maxRuleTargets); err != nil {
			return nil, err
		}
		if err := atMostDomains(v, "azure-resolver", maxTemplateResources); err != nil {
			return nil, err
		}
		return files(File{
			Name:  "azure-resolver.json",
			Write: func(w io.Writer, _ uint32) error { return writeJSON(w, rulesetTemplate(v, o)) },
		}), nil
	},
}

// rulesetTemplate is the ARM template.
func rulesetTemplate(v View, o Options) object {
	return object{
		{"$schema", "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"},
		{"contentVersion", "1.0.0.0"},
		{"metadata", object{{"description", writtenFor("Forwarding rules", v)}}},
		{"parameters", object{{"rulesetName", object{
			{"type", "string"},
			{"metadata", object{{"description", "The DNS forwarding ruleset to which the rules are added."}}},
		}}}},
		{"resources", listOf(v.Domains(), func(domain Domain) any { return forwardingRule(v, o, domain) })},
	}
}

func forwardingRule(v View, o Options, domain Domain) object {
	return object{
		{"type", "Microsoft.Network/dnsForwardingRulesets/forwardingRules"},
		{"apiVersion", "2022-07-01"},
		{"name", "[concat(parameters('rulesetName'), '/" + resourceName(v, domain.Name) + "')]"},
		{"properties", object{
			{"domainName", domain.Name},
			{"forwardingRuleState", "Enabled"},
			{"targetDnsServers", listOf(slices.Values(o.Servers), func(server netip.Addr) any {
				return object{{"ipAddress", server}, {"port", 53}}
			})},
		}},
	}
}
