package azure

import (
	"io"
	"iter"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/forwarding"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
	"github.com/auralink/auralink/zones/formats/internal/resource"
)

const (
	// maxTemplateResources is how many resources an ARM template has.
	maxTemplateResources = 800
	// maxRuleTargets is how many servers a forwarding rule has.
	maxRuleTargets = 6
)

// Resolver is an ARM template with rules of an Azure DNS Private Resolver.
var Resolver = formats.Format{
	Name:    "azure-resolver",
	Group:   formats.GroupClients,
	Summary: "forwarding rules for an Azure DNS Private Resolver: an ARM template that adds them to a ruleset",
	Form: "A rule for each domain of the view, by which the virtual networks that are linked to the ruleset ask the server; of " +
		"two rules the longer domain wins. Load it by az deployment group create --resource-group GROUP --template-file " +
		"azure-resolver.json --parameters rulesetName=NAME." +
		" " + forwarding.OneZone,
	Limits: "Where a private DNS zone with the same names is linked to a network, take one of the two away. The questions come from " +
		"the outbound endpoint's subnet: it must be among the VPC's clients. A rule that has left the view stays until it is " +
		"deleted. " + forwarding.BelowSingle + " At most 800 domains and six servers.",
	Shaped:  true,
	Servers: true,
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		if err := forwarding.AtMostServers("azure-resolver", o.Servers, maxRuleTargets); err != nil {
			return nil, err
		}
		if err := forwarding.AtMostDomains(v, "azure-resolver", maxTemplateResources); err != nil {
			return nil, err
		}
		return formats.Files(formats.File{
			Name:  "azure-resolver.json",
			Write: func(w io.Writer, _ uint32) error { return jsontext.Write(w, rulesetTemplate(v, o)) },
		}), nil
	},
	Permissions: rulesetPermissions,
}

// rulesetTemplate is the ARM template.
func rulesetTemplate(v zones.View, o formats.Options) jsontext.Object {
	return jsontext.Object{
		{"$schema", "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"},
		{"contentVersion", "1.0.0.0"},
		{"metadata", jsontext.Object{{"description", formats.Sentence("Forwarding rules", v)}}},
		{"parameters", jsontext.Object{{"rulesetName", jsontext.Object{
			{"type", "string"},
			{"metadata", jsontext.Object{{"description", "The DNS forwarding ruleset to which the rules are added."}}},
		}}}},
		{"resources", jsontext.ListOf(v.Domains(), func(domain zones.Domain) any { return forwardingRule(v, o, domain) })},
	}
}

func forwardingRule(v zones.View, o formats.Options, domain zones.Domain) jsontext.Object {
	return jsontext.Object{
		{"type", "Microsoft.Network/dnsForwardingRulesets/forwardingRules"},
		{"apiVersion", "2022-07-01"},
		{"name", "[concat(parameters('rulesetName'), '/" + resource.Name(v, domain.Name) + "')]"},
		{"properties", jsontext.Object{
			{"domainName", domain.Name},
			{"forwardingRuleState", "Enabled"},
			{"targetDnsServers", jsontext.ListOf(slices.Values(o.Servers), func(server netip.Addr) any {
				return jsontext.Object{{"ipAddress", server}, {"port", 53}}
			})},
		}},
	}
}
