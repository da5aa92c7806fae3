package aws

import (
	"iter"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
	"github.com/auralink/auralink/zones/formats/internal/terraform"
	"github.com/auralink/auralink/zones/formats/route53"
)

// Terraform is a Terraform module of private hosted zones in Route 53.
var Terraform = formats.Format{
	Name:    "terraform-aws",
	Group:   formats.GroupClouds,
	Summary: "a Terraform module (.tf.json) with private hosted zones of Route 53",
	Form: route53.HostedZoneForm + " The module's variables are vpc_id and vpc_region, unless vpc-id=VPC,... says which VPCs there are; " +
		"its provider is hashicorp/aws.",
	Limits:     route53.HostedZoneLimits + " VPCs that are associated with a zone elsewhere are not known here.",
	Shaped:     true,
	Parameters: route53.VPCParameters(false),
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		vpcs, err := route53.VPCs(o)
		if err != nil {
			return nil, err
		}
		version := ">= 4.0"
		if o.Values["profile-id"] != "" {
			version = ">= 6.0" // all of them know profiles
		}
		return terraform.File(v, terraform.Module{
			What:      "Private hosted zones",
			Provider:  jsontext.Object{{"aws", jsontext.Object{{"source", "hashicorp/aws"}, {"version", version}}}},
			Variables: terraformVariables(vpcs),
			Locals: jsontext.Object{
				{"auralink_zones", terraform.Zones(v, o.Shape)},
				{"auralink_records", jsontext.MembersOf(terraform.RRsets(v, o.Shape), func(r terraform.RRset) jsontext.Member {
					name := dnsname.TrimDot(r.Name)
					return jsontext.Member{name + " " + r.Type, jsontext.Object{
						{"zone", dnsname.TrimDot(r.Origin)},
						{"name", name},
						{"type", r.Type},
						{"region", r.Region},
						{"records", r.Texts()},
					}}
				})},
			},
			Resources: append(jsontext.Object{
				{"aws_route53_zone", jsontext.Object{{"auralink", jsontext.Object{
					{"for_each", "${toset(local.auralink_zones)}"},
					{"name", "${each.key}"},
					{"comment", formats.Sentence("Private hosted zone", v)},
					{"vpc", terraformVPCs(vpcs)},
				}}}},
				{"aws_route53_record", jsontext.Object{{"auralink", jsontext.Object{
					{"for_each", "${local.auralink_records}"},
					{"zone_id", "${aws_route53_zone.auralink[each.value.zone].zone_id}"},
					{"name", "${each.value.name}"},
					{"type", "${each.value.type}"},
					{"ttl", v.TTL},
					{"records", "${each.value.records}"},
				}}}},
			}, terraformProfile(o)...),
		}), nil
	},
	Read:        terraform.Read,
	Reads:       "what terraform show -json prints of a state or a plan, state files, and modules in JSON as far as they are data, with the files and the values that Terraform reads beside them.",
	Detect:      terraform.Detect("aws_route53_"),
	ReadBack:    map[string]formats.Reader{".tf.json": terraform.Read},
	Permissions: route53.StackPermissions,
}

// terraformVariables returns the variables of a module: the VPC, if it is not said.
func terraformVariables(vpcs []route53.VPC) jsontext.Object {
	if len(vpcs) > 0 {
		return nil
	}
	return jsontext.Object{
		{"vpc_id", terraform.Variable("The VPC with which the hosted zones are associated", false)},
		{"vpc_region", terraform.Variable("The AWS region of that VPC, if not the provider's", true)},
	}
}

// terraformVPCs returns the block of a zone's VPC, or the blocks of several.
func terraformVPCs(vpcs []route53.VPC) any {
	if len(vpcs) == 0 {
		return jsontext.Object{{"vpc_id", "${var.vpc_id}"}, {"vpc_region", "${var.vpc_region}"}}
	}
	blocks := make([]map[string]string, len(vpcs))
	for i, vpc := range vpcs {
		blocks[i] = map[string]string{"vpc_id": vpc.ID}
		if vpc.Region != "" {
			blocks[i]["vpc_region"] = vpc.Region
		}
	}
	return blocks
}

// terraformProfile returns the resource that ties the zones to a profile, if there is one.
// It waits for the records: a zone without them answers NXDOMAIN.
func terraformProfile(o formats.Options) jsontext.Object {
	profile := o.Values["profile-id"]
	if profile == "" {
		return nil
	}
	return jsontext.Object{{"aws_route53profiles_resource_association", jsontext.Object{{"auralink", jsontext.Object{
		{"for_each", "${toset(local.auralink_zones)}"},
		{"name", "auralink-${aws_route53_zone.auralink[each.key].zone_id}"},
		{"profile_id", profile},
		{"resource_arn", "${aws_route53_zone.auralink[each.key].arn}"},
		{"depends_on", []string{"aws_route53_record.auralink"}},
	}}}}}
}
