package azure

// The documents are custom roles, for az role definition create --role-definition FILE.
// SUBSCRIPTION stands for the id of the subscription; a resource group will do.

// zonePermissions are what zones.sh needs.
const zonePermissions = `{
  "Name": "auralink zones",
  "IsCustom": true,
  "Description": "What auralink's export needs",
  "Actions": [
    "Microsoft.Network/privateDnsZones/read",
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
    "Microsoft.Network/virtualNetworks/read"
  ],
  "NotActions": [],
  "AssignableScopes": ["/subscriptions/SUBSCRIPTION"]
}
`

// modulePermissions are what Terraform needs, which deletes what is not planned any more.
const modulePermissions = `{
  "Name": "auralink module",
  "IsCustom": true,
  "Description": "What auralink's export needs",
  "Actions": [
    "Microsoft.Network/privateDnsZones/read",
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
    "Microsoft.Network/virtualNetworks/read",
    "Microsoft.Network/privateDnsZones/delete",
    "Microsoft.Network/privateDnsZones/A/delete",
    "Microsoft.Network/privateDnsZones/AAAA/delete",
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks/delete"
  ],
  "NotActions": [],
  "AssignableScopes": ["/subscriptions/SUBSCRIPTION"]
}
`

// templatePermissions are what the deployment of a template with zones needs.
const templatePermissions = `{
  "Name": "auralink template",
  "IsCustom": true,
  "Description": "What auralink's export needs",
  "Actions": [
    "Microsoft.Resources/deployments/read",
    "Microsoft.Resources/deployments/write",
    "Microsoft.Resources/deployments/operationStatuses/read",
    "Microsoft.Resources/deployments/validate/action",
    "Microsoft.Network/privateDnsZones/read",
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
    "Microsoft.Network/virtualNetworks/read"
  ],
  "NotActions": [],
  "AssignableScopes": ["/subscriptions/SUBSCRIPTION"]
}
`

// rulesetPermissions are what the deployment of a template with forwarding rules needs.
const rulesetPermissions = `{
  "Name": "auralink rules",
  "IsCustom": true,
  "Description": "What auralink's export needs",
  "Actions": [
    "Microsoft.Resources/deployments/read",
    "Microsoft.Resources/deployments/write",
    "Microsoft.Resources/deployments/operationStatuses/read",
    "Microsoft.Resources/deployments/validate/action",
    "Microsoft.Network/dnsForwardingRulesets/read",
    "Microsoft.Network/dnsForwardingRulesets/forwardingRules/read",
    "Microsoft.Network/dnsForwardingRulesets/forwardingRules/write"
  ],
  "NotActions": [],
  "AssignableScopes": ["/subscriptions/SUBSCRIPTION"]
}
`
