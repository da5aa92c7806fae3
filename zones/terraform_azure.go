package zones

import (
	"iter"

	"github.com/auralink/auralink/internal/dnsname"
)

const terraformAzureName = "terraform-azure"

// terraformAzure is a Terraform module of Azure private DNS zones.
var terraformAzure = Format{
	Name:    terraformAzureName,
	Group:   GroupClouds,
	Summary: "a Terraform module (.tf.json) with Azure private DNS zones",
	Shape:   azureShape + " The module's variables are resource_group_name and virtual_network_id; its provider is hashicorp/azurerm.",
	Limits:  azureLimits,
	Shaped:  true,
	files: func(v View, o Options) (iter.Seq[File], error) {
		if refusal := checkAzure(terraformAzureName, v, o.Shape); refusal != nil {
			return nil, refusal
		}
		zone := member{"zone_name", "${azurerm_private_dns_zone.auralink[each.value.zone].name}"}
		return terraformFile(v, terraformModule{
			what:     "Private DNS zones",
			provider: object{{"azurerm", object{{"source", "hashicorp/azurerm"}, {"version", ">= 3.0, < 5.0"}}}},
			variables: object{
				{"resource_group_name", terraformVariable("The resource group of the private DNS zones", false)},
				{"virtual_network_id", terraformVariable("The id of the virtual network that is linked to them", false)},
			},
			locals: object{
				{"auralink_zones", terraformZones(v, o.Shape)},
				{"auralink_a_records", azureRecords(v, o.Shape, "A")},
				{"auralink_aaaa_records", azureRecords(v, o.Shape, "AAAA")},
			},
			resources: object{
				{"azurerm_private_dns_zone", object{{"auralink", object{
					{"for_each", "${toset(local.auralink_zones)}"},
					{"name", "${each.key}"},
					{"resource_group_name", "${var.resource_group_name}"},
				}}}},
				{"azurerm_private_dns_a_record", azureRecordResource(v, zone, "auralink_a_records")},
				{"azurerm_private_dns_aaaa_record", azureRecordResource(v, zone, "auralink_aaaa_records")},
				{"azurerm_private_dns_zone_virtual_network_link", object{{"auralink", object{
					{"//", "A zone is linked when it has its records: one without answers NXDOMAIN."},
					{"for_each", "${toset(local.auralink_zones)}"},
					{"name", azureLinkName(v)},
					{"resource_group_name", "${var.resource_group_name}"},
					{"private_dns_zone_name", "${azurerm_private_dns_zone.auralink[each.key].name}"},
					{"virtual_network_id", "${var.virtual_network_id}"},
					{"registration_enabled", false},
					{"depends_on", []string{"azurerm_private_dns_a_record.auralink", "azurerm_private_dns_aaaa_record.auralink"}},
				}}}},
			},
		}), nil
	},
}

// azureRecords returns the RRsets of one type, by name.
func azureRecords(v View, shape Shape, rrtype string) members {
	return func(yield func(member) bool) {
		for r := range zoneRRsets(v, shape) {
			if r.Type != rrtype {
				continue
			}
			if !yield(member{dnsname.TrimDot(r.Name), object{
				{"zone", dnsname.TrimDot(r.Origin)},
				{"name", relative(r.Name, r.Origin)},
				{"region", r.Region},
				{"records", r.Texts()},
			}}) {
				return
			}
		}
	}
}

// azureRecordResource returns the resource that makes the records of a local.
func azureRecordResource(v View, zone member, local string) object {
	return object{{"auralink", object{
		{"for_each", "${local." + local + "}"},
		{"name", "${each.value.name}"},
		zone,
		{"resource_group_name", "${var.resource_group_name}"},
		{"ttl", v.TTL},
		{"records", "${each.value.records}"},
	}}}
}
