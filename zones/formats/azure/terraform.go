package azure

import (
	"iter"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
	"github.com/auralink/auralink/zones/formats/internal/terraform"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

const terraformName = "terraform-azure"

// Terraform is a Terraform module of Azure private DNS zones.
var Terraform = formats.Format{
	Name:    terraformName,
	Group:   formats.GroupClouds,
	Summary: "a Terraform module (.tf.json) with Azure private DNS zones",
	Form:    shapeText + " The module's variables are resource_group_name and virtual_network_id; its provider is hashicorp/azurerm.",
	Limits:  limitsText,
	Shaped:  true,
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		if refusal := check(terraformName, v, o.Shape); refusal != nil {
			return nil, refusal
		}
		zone := jsontext.Member{"zone_name", "${azurerm_private_dns_zone.auralink[each.value.zone].name}"}
		return terraform.File(v, terraform.Module{
			What:     "Private DNS zones",
			Provider: jsontext.Object{{"azurerm", jsontext.Object{{"source", "hashicorp/azurerm"}, {"version", ">= 3.0, < 5.0"}}}},
			Variables: jsontext.Object{
				{"resource_group_name", terraform.Variable("The resource group of the private DNS zones", false)},
				{"virtual_network_id", terraform.Variable("The id of the virtual network that is linked to them", false)},
			},
			Locals: jsontext.Object{
				{"auralink_zones", terraform.Zones(v, o.Shape)},
				{"auralink_a_records", terraformRecords(v, o.Shape, "A")},
				{"auralink_aaaa_records", terraformRecords(v, o.Shape, "AAAA")},
			},
			Resources: jsontext.Object{
				{"azurerm_private_dns_zone", jsontext.Object{{"auralink", jsontext.Object{
					{"for_each", "${toset(local.auralink_zones)}"},
					{"name", "${each.key}"},
					{"resource_group_name", "${var.resource_group_name}"},
				}}}},
				{"azurerm_private_dns_a_record", terraformRecordResource(v, zone, "auralink_a_records")},
				{"azurerm_private_dns_aaaa_record", terraformRecordResource(v, zone, "auralink_aaaa_records")},
				{"azurerm_private_dns_zone_virtual_network_link", jsontext.Object{{"auralink", jsontext.Object{
					{"//", "A zone is linked when it has its records: one without answers NXDOMAIN."},
					{"for_each", "${toset(local.auralink_zones)}"},
					{"name", linkName(v)},
					{"resource_group_name", "${var.resource_group_name}"},
					{"private_dns_zone_name", "${azurerm_private_dns_zone.auralink[each.key].name}"},
					{"virtual_network_id", "${var.virtual_network_id}"},
					{"registration_enabled", false},
					{"depends_on", []string{"azurerm_private_dns_a_record.auralink", "azurerm_private_dns_aaaa_record.auralink"}},
				}}}},
			},
		}), nil
	},
	Read:        terraform.Read,
	Detect:      terraform.Detect("azurerm_private_dns_"),
	ReadBack:    map[string]formats.Reader{".tf.json": terraform.Read},
	Permissions: modulePermissions,
}

// terraformRecords returns the RRsets of one type, by name.
func terraformRecords(v zones.View, shape zones.Shape, rrtype string) jsontext.Members {
	return func(yield func(jsontext.Member) bool) {
		for r := range terraform.RRsets(v, shape) {
			if r.Type != rrtype {
				continue
			}
			if !yield(jsontext.Member{dnsname.TrimDot(r.Name), jsontext.Object{
				{"zone", dnsname.TrimDot(r.Origin)},
				{"name", zonefile.Relative(r.Name, r.Origin)},
				{"region", r.Region},
				{"records", r.Texts()},
			}}) {
				return
			}
		}
	}
}

// terraformRecordResource returns the resource that makes the records of a local.
func terraformRecordResource(v zones.View, zone jsontext.Member, local string) jsontext.Object {
	return jsontext.Object{{"auralink", jsontext.Object{
		{"for_each", "${local." + local + "}"},
		{"name", "${each.value.name}"},
		zone,
		{"resource_group_name", "${var.resource_group_name}"},
		{"ttl", v.TTL},
		{"records", "${each.value.records}"},
	}}}
}
