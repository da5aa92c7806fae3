package zones

import "iter"

// terraformGoogle is a Terraform module of rules in a response policy of Cloud DNS.
var terraformGoogle = Format{
	Name:    "terraform-google",
	Group:   GroupClouds,
	Summary: "a Terraform module (.tf.json) with rules for a response policy of Cloud DNS",
	Shape: "A rule for each name and each wildcard, in a response policy that exists: a network has only one. Rules hide nothing " +
		"beside their names, and the longest name wins. The module's variables are response_policy and project; its provider " +
		"is hashicorp/google.",
	Limits: responsePolicyLimits,
	files: func(v View, _ Options) (iter.Seq[File], error) {
		return terraformFile(v, terraformModule{
			what:     "Rules of a response policy",
			provider: object{{"google", object{{"source", "hashicorp/google"}, {"version", ">= 5.0"}}}},
			variables: object{
				{"response_policy", terraformVariable("The name of the network's response policy", false)},
				{"project", terraformVariable("The project of the response policy, if not the provider's", true)},
			},
			locals: object{{"auralink_rules", membersOf(v.Owners(), func(o Owner) member {
				return member{o.Name, object{
					{"rule_name", resourceName(v, o.Name)},
					{"region", o.Region},
					{"records", membersOf(o.RRsets(), func(r RRset) member { return member{r.Type, r.Texts()} })},
				}}
			})}},
			resources: object{{"google_dns_response_policy_rule", object{{"auralink", object{
				{"for_each", "${local.auralink_rules}"},
				{"project", "${var.project}"},
				{"response_policy", "${var.response_policy}"},
				{"rule_name", "${each.value.rule_name}"},
				{"dns_name", "${each.key}"},
				{"local_data", object{{"dynamic", object{{"local_datas", object{
					{"for_each", "${each.value.records}"},
					{"content", object{
						{"name", "${each.key}"},
						{"type", "${local_datas.key}"},
						{"ttl", v.TTL},
						{"rrdatas", "${local_datas.value}"},
					}},
				}}}}}},
			}}}}},
		}), nil
	},
}
