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
	Form:    route53.HostedZoneForm + " The module's variables are vpc_id and vpc_region; its provider is hashicorp/aws.",
	Limits:  route53.HostedZoneLimits + " VPCs that are associated with a zone elsewhere are not known here.",
	Shaped:  true,
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		return terraform.File(v, terraform.Module{
			What:     "Private hosted zones",
			Provider: jsontext.Object{{"aws", jsontext.Object{{"source", "hashicorp/aws"}, {"version", ">= 4.0"}}}},
			Variables: jsontext.Object{
				{"vpc_id", terraform.Variable("The VPC with which the hosted zones are associated", false)},
				{"vpc_region", terraform.Variable("The AWS region of that VPC, if not the provider's", true)},
			},
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
			Resources: jsontext.Object{
				{"aws_route53_zone", jsontext.Object{{"auralink", jsontext.Object{
					{"for_each", "${toset(local.auralink_zones)}"},
					{"name", "${each.key}"},
					{"comment", formats.Sentence("Private hosted zone", v)},
					{"vpc", jsontext.Object{{"vpc_id", "${var.vpc_id}"}, {"vpc_region", "${var.vpc_region}"}}},
				}}}},
				{"aws_route53_record", jsontext.Object{{"auralink", jsontext.Object{
					{"for_each", "${local.auralink_records}"},
					{"zone_id", "${aws_route53_zone.auralink[each.value.zone].zone_id}"},
					{"name", "${each.value.name}"},
					{"type", "${each.value.type}"},
					{"ttl", v.TTL},
					{"records", "${each.value.records}"},
				}}}},
			},
		}), nil
	},
	Read:        terraform.Read,
	Detect:      terraform.Detect("aws_route53_"),
	ReadBack:    map[string]formats.Reader{".tf.json": terraform.Read},
	Permissions: route53.StackPermissions,
}
