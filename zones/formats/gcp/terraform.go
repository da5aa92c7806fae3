package gcp

import (
	"iter"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
	"github.com/auralink/auralink/zones/formats/internal/resource"
	"github.com/auralink/auralink/zones/formats/internal/terraform"
)

// Terraform is a Terraform module of rules in a response policy of Cloud DNS.
var Terraform = formats.Format{
	Name:    "terraform-google",
	Group:   formats.GroupClouds,
	Summary: "a Terraform module (.tf.json) with rules for a response policy of Cloud DNS",
	Form: "A rule for each name and each wildcard, in a response policy that exists: a network has only one. Rules hide nothing " +
		"beside their names, and the longest name wins. The module's variables are response_policy and project; its provider " +
		"is hashicorp/google.",
	Limits: responsePolicyLimits,
	Write: func(v zones.View, _ formats.Options) (iter.Seq[formats.File], error) {
		return terraform.File(v, terraform.Module{
			What:     "Rules of a response policy",
			Provider: jsontext.Object{{"google", jsontext.Object{{"source", "hashicorp/google"}, {"version", ">= 5.0"}}}},
			Variables: jsontext.Object{
				{"response_policy", terraform.Variable("The name of the network's response policy", false)},
				{"project", terraform.Variable("The project of the response policy, if not the provider's", true)},
			},
			Locals: jsontext.Object{{"auralink_rules", jsontext.MembersOf(v.Owners(), func(o zones.Owner) jsontext.Member {
				return jsontext.Member{o.Name, jsontext.Object{
					{"rule_name", resource.Name(v, o.Name)},
					{"region", o.Region},
					{"records", jsontext.MembersOf(o.RRsets(), func(r zones.RRset) jsontext.Member { return jsontext.Member{r.Type, r.Texts()} })},
				}}
			})}},
			Resources: jsontext.Object{{"google_dns_response_policy_rule", jsontext.Object{{"auralink", jsontext.Object{
				{"for_each", "${local.auralink_rules}"},
				{"project", "${var.project}"},
				{"response_policy", "${var.response_policy}"},
				{"rule_name", "${each.value.rule_name}"},
				{"dns_name", "${each.key}"},
				{"local_data", jsontext.Object{{"dynamic", jsontext.Object{{"local_datas", jsontext.Object{
					{"for_each", "${each.value.records}"},
					{"content", jsontext.Object{
						{"name", "${each.key}"},
						{"type", "${local_datas.key}"},
						{"ttl", v.TTL},
						{"rrdatas", "${local_datas.value}"},
					}},
				}}}}}},
			}}}}},
		}), nil
	},
	Read:        terraform.Read,
	Reads:       "the same, with resources of Google Cloud.",
	Detect:      terraform.Detect("google_dns_"),
	ReadBack:    map[string]formats.Reader{".tf.json": terraform.Read},
	Permissions: modulePermissions,
}
