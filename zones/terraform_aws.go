package zones

import (
	"iter"

	"github.com/auralink/auralink/internal/dnsname"
)

// terraformAWS is a Terraform module of private hosted zones in Route 53.
var terraformAWS = Format{
	Name:    "terraform-aws",
	Group:   GroupClouds,
	Summary: "a Terraform module (.tf.json) with private hosted zones of Route 53",
	Shape:   hostedZoneShape + " The module's variables are vpc_id and vpc_region; its provider is hashicorp/aws.",
	Limits:  hostedZoneLimits + " VPCs that are associated with a zone elsewhere are not known here.",
	Shaped:  true,
	files: func(v View, o Options) (iter.Seq[File], error) {
		return terraformFile(v, terraformModule{
			what:     "Private hosted zones",
			provider: object{{"aws", object{{"source", "hashicorp/aws"}, {"version", ">= 4.0"}}}},
			variables: object{
				{"vpc_id", terraformVariable("The VPC with which the hosted zones are associated", false)},
				{"vpc_region", terraformVariable("The AWS region of that VPC, if not the provider's", true)},
			},
			locals: object{
				{"auralink_zones", terraformZones(v, o.Shape)},
				{"auralink_records", membersOf(zoneRRsets(v, o.Shape), func(r zoneRRset) member {
					name := dnsname.TrimDot(r.Name)
					return member{name + " " + r.Type, object{
						{"zone", dnsname.TrimDot(r.Origin)},
						{"name", name},
						{"type", r.Type},
						{"region", r.Region},
						{"records", r.Texts()},
					}}
				})},
			},
			resources: object{
				{"aws_route53_zone", object{{"auralink", object{
					{"for_each", "${toset(local.auralink_zones)}"},
					{"name", "${each.key}"},
					{"comment", writtenFor("Private hosted zone", v)},
					{"vpc", object{{"vpc_id", "${var.vpc_id}"}, {"vpc_region", "${var.vpc_region}"}}},
				}}}},
				{"aws_route53_record", object{{"auralink", object{
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
}
