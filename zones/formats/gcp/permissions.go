package gcp

// The documents are custom roles, for gcloud iam roles create ROLE --project=PROJECT
// --file=FILE.

// rulesPermissions are what rules.sh needs.
const rulesPermissions = `{
  "title": "auralink rules",
  "stage": "GA",
  "includedPermissions": [
    "dns.responsePolicies.get",
    "dns.responsePolicyRules.create",
    "dns.responsePolicyRules.get",
    "dns.responsePolicyRules.list",
    "dns.responsePolicyRules.update"
  ]
}
`

// zonesPermissions are what zones.sh needs.
const zonesPermissions = `{
  "title": "auralink zones",
  "stage": "GA",
  "includedPermissions": [
    "compute.networks.get",
    "dns.changes.create",
    "dns.changes.get",
    "dns.managedZones.create",
    "dns.managedZones.get",
    "dns.managedZones.list",
    "dns.managedZones.update",
    "dns.networks.bindPrivateDNSZone",
    "dns.resourceRecordSets.create",
    "dns.resourceRecordSets.delete",
    "dns.resourceRecordSets.list",
    "dns.resourceRecordSets.update"
  ]
}
`

// inboundPermissions are what gcp-inbound.sh needs.
const inboundPermissions = `{
  "title": "auralink inbound",
  "stage": "GA",
  "includedPermissions": [
    "compute.addresses.list",
    "compute.networks.get",
    "dns.managedZones.create",
    "dns.managedZones.get",
    "dns.managedZones.update",
    "dns.networks.bindPrivateDNSPolicy",
    "dns.networks.bindPrivateDNSZone",
    "dns.policies.create",
    "dns.policies.get",
    "dns.policies.update"
  ]
}
`

// modulePermissions are what Terraform needs, which deletes what is not planned any more.
const modulePermissions = `{
  "title": "auralink module",
  "stage": "GA",
  "includedPermissions": [
    "dns.responsePolicies.get",
    "dns.responsePolicyRules.create",
    "dns.responsePolicyRules.delete",
    "dns.responsePolicyRules.get",
    "dns.responsePolicyRules.list",
    "dns.responsePolicyRules.update"
  ]
}
`
