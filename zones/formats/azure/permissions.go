package azure

// The documents are custom roles, for az role definition create --role-definition FILE.
// SUBSCRIPTION stands for the id of the subscription; a resource group will do.
const (
	// zonePermissions are what zones.sh needs.
	zonePermissions = roleNamed + "zones" + roleActions + zoneActions + roleEnd

	// modulePermissions are what Terraform needs, which deletes what is not planned any more.
	modulePermissions = roleNamed + "module" + roleActions + zoneActions + `,
    "Microsoft.Network/privateDnsZones/delete",
    "Microsoft.Network/privateDnsZones/A/delete",
    "Microsoft.Network/privateDnsZones/AAAA/delete",
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks/delete"` + roleEnd

	// templatePermissions are what the deployment of a template with zones needs.
	templatePermissions = roleNamed + "template" + roleActions + deploymentActions + `,
` + zoneActions + roleEnd

	// rulesetPermissions are what the deployment of a template with forwarding rules needs.
	rulesetPermissions = roleNamed + "rules" + roleActions + deploymentActions + `,
    "Microsoft.Network/dnsForwardingRulesets/read",
    "Microsoft.Network/dnsForwardingRulesets/forwardingRules/read",
    "Microsoft.Network/dnsForwardingRulesets/forwardingRules/write"` + roleEnd
)

// The parts of a role: what comes before its name, before its actions, and behind them.
const (
	roleNamed = `{
  "Name": "auralink `
	roleActions = `",
  "IsCustom": true,
  "Description": "What auralink's export needs",
  "Actions": [
`
	roleEnd = `
  ],
  "NotActions": [],
  "AssignableScopes": ["/subscriptions/SUBSCRIPTION"]
}
`
)

// Actions that several roles have.
const (
	deploymentActions = `    "Microsoft.Resources/deployments/read",
    "Microsoft.Resources/deployments/write",
    "Microsoft.Resources/deployments/operationStatuses/read",
    "Microsoft.Resources/deployments/validate/action"`

	zoneActions = `    "Microsoft.Network/privateDnsZones/read",
    "Microsoft.Network/privateDnsZones/write",
    "Microsoft.Network/privateDnsZones/A/read",
    "Microsoft.Network/privateDnsZones/A/write",
    "Microsoft.Network/privateDnsZones/AAAA/read",
    "Microsoft.Network/privateDnsZones/AAAA/write",
    "Microsoft.Network/privateDnsZones/SOA/read",
    "Microsoft.Network/privateDnsZones/SOA/write",
    "Microsoft.Network/privateDnsZones/all/read",
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks/read",
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks/write",
    "Microsoft.Network/privateDnsOperationResults/read",
    "Microsoft.Network/privateDnsOperationStatuses/read",
    "Microsoft.Network/virtualNetworks/join/action",
    "Microsoft.Network/virtualNetworks/read"`
)
