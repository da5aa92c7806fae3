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
	Form: shapeText + " The module's variables are resource_group_name and, unless virtual-network-id=ID,... says which networks there are, " +
		"virtual_network_id; its provider is hashicorp/azurerm.",
	Limits:     limitsText,
	Shaped:     true,
	Parameters: []formats.Parameter{networkParameter},
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		if refusal := check(terraformName, v, o.Shape); refusal != nil {
			return nil, refusal
		}
		zone := jsontext.Member{"zone_name", "${azurerm_private_dns_zone.auralink[each.value.zone].name}"}
		return terraform.File(v, terraform.Module{
			What:      "Private DNS zones",
			Provider:  jsontext.Object{{"azurerm", jsontext.Object{{"source", "hashicorp/azurerm"}, {"version", ">= 3.0, < 5.0"}}}},
			Variables: terraformVariables(o),
			Locals: append(jsontext.Object{
				{"auralink_zones", terraform.Zones(v, o.Shape)},
				{"auralink_a_records", terraformRecords(v, o.Shape, "A")},
				{"auralink_aaaa_records", terraformRecords(v, o.Shape, "AAAA")},
			}, terraformLinks(v, o)...),
			Resources: jsontext.Object{
				{"azurerm_private_dns_zone", jsontext.Object{{"auralink", jsontext.Object{
					{"for_each", "${toset(local.auralink_zones)}"},
					{"name", "${each.key}"},
					{"resource_group_name", "${var.resource_group_name}"},
				}}}},
				{"azurerm_private_dns_a_record", terraformRecordResource(v, zone, "auralink_a_records")},
				{"azurerm_private_dns_aaaa_record", terraformRecordResource(v, zone, "auralink_aaaa_records")},
				{"azurerm_private_dns_zone_virtual_network_link", jsontext.Object{{"auralink", terraformLink(v, o)}}},
			},
		}), nil
	},
	Read:        terraform.Read,
	Reads:       "the same, with resources of Azure.",
	Detect:      terraform.Detect("azurerm_private_dns_"),
	ReadBack:    map[string]formats.Reader{".tf.json": terraform.Read},
	Permissions: modulePermissions,
}

func terraformVariables(o formats.Options) jsontext.Object {
	variables := jsontext.Object{{"resource_group_name", terraform.Variable("The resource group of the private DNS zones", false)}}
	if o.Values[networkParameter.Name] == "" {
		variables = append(variables, jsontext.Member{
			"virtual_network_id", terraform.Variable("The id of the virtual network that is linked to them", false),
		})
	}
	return variables
}

// terraformLinks returns the local that has the links to networks that are said, by zone
// and network.
func terraformLinks(v zones.View, o formats.Options) jsontext.Object {
	if o.Values[networkParameter.Name] == "" {
		return nil
	}
	networks := networksOf(v, o, "")
	return jsontext.Object{{"auralink_links", jsontext.Members(func(yield func(jsontext.Member) bool) {
		for zone := range v.Shaped(o.Shape) {
			name := dnsname.TrimDot(zone.Origin)
			for _, n := range networks {
				if !yield(jsontext.Member{name + " " + n.link, map[string]string{"zone": name, "name": n.link, "network": n.id}}) {
					return
				}
			}
		}
	})}}
}

// terraformLink returns the resource that links zones to networks.
func terraformLink(v zones.View, o formats.Options) jsontext.Object {
	each, zone, name, network := "${toset(local.auralink_zones)}", "each.key", linkName(v), "${var.virtual_network_id}"
	if o.Values[networkParameter.Name] != "" {
		each, zone, name, network = "${local.auralink_links}", "each.value.zone", "${each.value.name}", "${each.value.network}"
	}
	return jsontext.Object{
		{"//", "A zone is linked when it has its records: one without answers NXDOMAIN."},
		{"for_each", each},
		{"name", name},
		{"resource_group_name", "${var.resource_group_name}"},
		{"private_dns_zone_name", "${azurerm_private_dns_zone.auralink[" + zone + "].name}"},
		{"virtual_network_id", network},
		{"registration_enabled", false},
		{"depends_on", []string{"azurerm_private_dns_a_record.auralink", "azurerm_private_dns_aaaa_record.auralink"}},
	}
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
