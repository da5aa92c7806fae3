package all_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// planned is a plan as terraform show -json prints it, of resources that are planned and of
// the configuration.
func planned(resources, configuration string) string {
	return `{"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module": ` + resources + `}, "configuration": {"root_module": ` + configuration + `}, "complete": true, "errored": false}`
}

// plannedZone and plannedRecord are resources whose ids are not known yet; the address is
// that without the kind.
func plannedZone(name, index, origin string) string {
	return fmt.Sprintf(`{"mode": "managed", "type": "aws_route53_zone", "name": %q%s, "values": {"name": %q, "vpc": [{"vpc_id": "vpc-1"}]}}`, name, indexed(index), origin)
}

func plannedRecord(name, index, owner, addr string) string {
	return fmt.Sprintf(`{"mode": "managed", "type": "aws_route53_record", "name": %q%s, "values": {"name": %q, "type": "A", "ttl": 30, "records": [%q]}}`, name, indexed(index), owner, addr)
}

func indexed(index string) string {
	if index == "" {
		return ""
	}
	return `, "index": ` + index
}

// refers is a resource of the configuration whose zone_id has references.
func refers(name, forEach string, references ...string) string {
	text, _ := json.Marshal(references)
	if forEach != "" {
		forEach = `, "for_each_expression": ` + forEach
	}
	return fmt.Sprintf(`{"mode": "managed", "type": "aws_route53_record", "name": %q, "expressions": {"zone_id": {"references": %s}}%s}`, name, text, forEach)
}

const unresolved = "not read: f:1: the zone of %s is not known before the plan is applied, and which one it will be cannot be told from the plan: audit what terraform show -json says afterwards"

// TestReadPlans: a zone that is yet to be made has no id in a plan. The configuration says
// which one a record is for; where it does not, that is told.
func TestReadPlans(t *testing.T) {
	zones := plannedZone("z", "", "a.test")
	two := plannedZone("z", `"a.test"`, "a.test") + "," + plannedZone("z", `"b.test"`, "b.test")
	check(t, []odd{
		{
			name: "a zone of the same module", kind: "terraform-aws",
			text: planned(`{"resources": [`+zones+`,`+plannedRecord("r", "", "*", "10.0.0.1")+`,`+plannedRecord("s", "", "", "10.0.0.2")+`]}`,
				`{"resources": [`+refers("r", "", "aws_route53_zone.z.zone_id", "aws_route53_zone.z")+`,`+refers("s", "", "aws_route53_zone.z.zone_id", "aws_route53_zone.z")+`]}`),
			want: "zone a.test. else nxdomain, f:1\na.test. 10.0.0.2 ttl 30, f:1\n*.a.test. 10.0.0.1 ttl 30, f:1\n",
		},
		{
			name: "by each.key", kind: "terraform-aws",
			text: planned(`{"resources": [`+two+`,`+plannedRecord("r", `"a.test"`, "x", "10.0.0.1")+`,`+plannedRecord("r", `"b.test"`, "x", "10.0.0.2")+`]}`,
				`{"resources": [`+refers("r", `{"references": ["local.zones"]}`, "aws_route53_zone.z", "each.key")+`]}`),
			want: "zone a.test. else nxdomain, f:1\nzone b.test. else nxdomain, f:1\nx.a.test. 10.0.0.1 ttl 30, f:1\nx.b.test. 10.0.0.2 ttl 30, f:1\n",
		},
		{
			name: "by count.index, and by number", kind: "terraform-aws",
			text: planned(`{"resources": [`+plannedZone("z", "0", "a.test")+`,`+plannedZone("z", "1", "b.test")+`,`+plannedRecord("r", "0", "x", "10.0.0.1")+`,`+plannedRecord("r", "1", "x", "10.0.0.2")+`,`+plannedRecord("s", "", "y", "10.0.0.3")+`]}`,
				`{"resources": [`+refers("r", "", "aws_route53_zone.z", "count.index")+`,`+refers("s", "", "aws_route53_zone.z[1].zone_id", "aws_route53_zone.z[1]", "aws_route53_zone.z")+`]}`),
			want: "zone a.test. else nxdomain, f:1\nzone b.test. else nxdomain, f:1\nx.a.test. 10.0.0.1 ttl 30, f:1\nx.b.test. 10.0.0.2 ttl 30, f:1\ny.b.test. 10.0.0.3 ttl 30, f:1\n",
		},
		{
			name: "by a member of what there is one for each of", kind: "terraform-aws",
			text: strings.Replace(planned(`{"resources": [`+two+`,`+plannedRecord("r", `"one"`, "x", "10.0.0.1")+`]}`,
				`{"resources": [`+refers("r", `{"references": ["var.records"]}`, "aws_route53_zone.z", "each.value.zone", "each.value")+`]}`),
				`"planned_values"`, `"variables": {"records": {"value": {"one": {"zone": "b.test"}}}}, "planned_values"`, 1),
			want: "zone a.test. else nxdomain, f:1\nzone b.test. else nxdomain, f:1\nx.b.test. 10.0.0.1 ttl 30, f:1\n",
		},
		{
			name: "a local, and a member of one: not told", kind: "terraform-aws",
			text: planned(`{"resources": [`+two+`,`+plannedRecord("r", "", "x", "10.0.0.1")+`,`+plannedRecord("s", `"k"`, "y.b.test", "10.0.0.2")+`]}`,
				`{"resources": [`+refers("r", "", "local.zone_id")+`,`+refers("s", `{"references": ["local.records"]}`, "aws_route53_zone.z", "each.value.zone", "each.value")+`]}`),
			want: "zone a.test. else nxdomain, f:1\nzone b.test. else nxdomain, f:1\ny.b.test. 10.0.0.2 ttl 30, f:1\n",
			notes: []string{
				fmt.Sprintf(unresolved, "aws_route53_record.r"),
				`not read: f:1: aws_route53_record.r is not read: the record has a name or a type that is not known`,
				fmt.Sprintf(unresolved, `aws_route53_record.s["k"]`),
			},
		},
		{
			name: "one of two zones: not told", kind: "terraform-aws",
			text: planned(`{"resources": [`+zones+`,`+plannedZone("y", "", "b.test")+`,`+plannedRecord("r", "", "x.a.test", "10.0.0.1")+`]}`,
				`{"resources": [`+refers("r", "", "var.which", "aws_route53_zone.z.zone_id", "aws_route53_zone.z", "aws_route53_zone.y.zone_id", "aws_route53_zone.y")+`]}`),
			want:  "zone a.test. else nxdomain, f:1\nzone b.test. else nxdomain, f:1\nx.a.test. 10.0.0.1 ttl 30, f:1\n",
			notes: []string{fmt.Sprintf(unresolved, "aws_route53_record.r")},
		},
		{
			name: "one of two zones, of which there is one", kind: "terraform-aws",
			text: planned(`{"resources": [`+plannedZone("private", "0", "a.test")+`,`+plannedRecord("r", "", "x", "10.0.0.1")+`]}`,
				`{"resources": [`+refers("r", "", "var.private", "aws_route53_zone.private[0].zone_id", "aws_route53_zone.private[0]", "aws_route53_zone.private", "aws_route53_zone.public[0].zone_id", "aws_route53_zone.public[0]", "aws_route53_zone.public")+`]}`),
			want: "zone a.test. else nxdomain, f:1\nx.a.test. 10.0.0.1 ttl 30, f:1\n",
		},
		{
			name: "a zone that a module is given, for each of several", kind: "terraform-aws",
			text: planned(`{"resources": [`+two+`], "child_modules": [
{"address": "module.m[\"a.test\"]", "resources": [`+plannedRecord("r", "", "x", "10.0.0.1")+`]},
{"address": "module.m[\"b.test\"]", "resources": [`+plannedRecord("r", "", "x", "10.0.0.2")+`]}]}`,
				`{"module_calls": {"m": {"expressions": {"zone": {"references": ["aws_route53_zone.z", "each.key"]}}, "for_each_expression": {"references": ["local.zones"]},
 "module": {"resources": [`+refers("r", "", "var.zone")+`], "variables": {"zone": {}}}}}}`),
			want: "zone a.test. else nxdomain, f:1\nzone b.test. else nxdomain, f:1\nx.a.test. 10.0.0.1 ttl 30, f:2\nx.b.test. 10.0.0.2 ttl 30, f:3\n",
		},
		{
			name: "zones that a module makes, one for each region", kind: "terraform-aws",
			text: planned(`{"resources": [`+plannedRecord("r", "", "x", "10.0.0.1")+`,`+plannedRecord("s", `"west"`, "x", "10.0.0.2")+`], "child_modules": [
{"address": "module.dns[\"east\"]", "resources": [`+plannedZone("this", "", "a.test")+`]}, {"address": "module.dns[\"west\"]", "resources": [`+plannedZone("this", "", "b.test")+`]}]}`,
				`{"resources": [`+refers("r", "", `module.dns["east"].zone_id`, `module.dns["east"]`, "module.dns")+`,`+refers("s", "", "module.dns", "each.key")+`],
 "module_calls": {"dns": {"module": {"outputs": {"zone_id": {"expression": {"references": ["aws_route53_zone.this.zone_id", "aws_route53_zone.this"]}}, "name": {"expression": {"references": ["var.name"]}}}}}}}`),
			want: "zone a.test. else nxdomain, f:2\nzone b.test. else nxdomain, f:2\nx.a.test. 10.0.0.1 ttl 30, f:1\nx.b.test. 10.0.0.2 ttl 30, f:1\n",
		},
		{
			name: "one of several zones that modules make: not told", kind: "terraform-aws",
			text: planned(`{"resources": [`+plannedRecord("r", `"k"`, "x.a.test", "10.0.0.1")+`], "child_modules": [
{"address": "module.dns[\"east\"]", "resources": [`+plannedZone("this", "", "a.test")+`]}, {"address": "module.dns[\"west\"]", "resources": [`+plannedZone("this", "", "b.test")+`]}]}`,
				`{"resources": [`+refers("r", `{"references": ["local.all"]}`, `module.dns["east"].zone_id`, `module.dns["east"]`, "module.dns", "each.value.region", "each.value")+`],
 "module_calls": {"dns": {"module": {"outputs": {"zone_id": {"expression": {"references": ["aws_route53_zone.this.zone_id", "aws_route53_zone.this"]}}}}}}}`),
			want:  "zone a.test. else nxdomain, f:2\nzone b.test. else nxdomain, f:2\nx.a.test. 10.0.0.1 ttl 30, f:1\n",
			notes: []string{fmt.Sprintf(unresolved, `aws_route53_record.r["k"]`)},
		},
		{
			name: "one of all zones of an output, and a zone that is looked up when it is made", kind: "terraform-aws",
			text: planned(`{"resources": [`+plannedRecord("r", "", "x", "10.0.0.1")+`], "child_modules": [{"address": "module.zones", "resources": [`+two+`]},
{"address": "module.records", "resources": [{"mode": "data", "type": "aws_route53_zone", "name": "this", "index": 0, "values": {"name": "a.test", "private_zone": true}}, `+plannedRecord("this", `"y"`, "y", "10.0.0.2")+`]}]}`,
				`{"resources": [`+refers("r", "", `module.zones.route53_zone_zone_id["b.test"]`, `module.zones.route53_zone_zone_id`, "module.zones")+`], "module_calls": {
 "zones": {"module": {"outputs": {"route53_zone_zone_id": {"expression": {"references": ["aws_route53_zone.z"]}}}}},
 "records": {"module": {"resources": [`+refers("this", `{"references": ["local.recordsets"]}`, "data.aws_route53_zone.this[0].zone_id", "data.aws_route53_zone.this[0]", "data.aws_route53_zone.this")+`]}}}}`),
			want: "zone a.test. else nxdomain, f:1\nzone b.test. else nxdomain, f:1\ny.a.test. 10.0.0.2 ttl 30, f:2\nx.b.test. 10.0.0.1 ttl 30, f:1\n",
		},
		{
			name: "two zones of one name in two modules", kind: "terraform-aws",
			text:  planned(`{"child_modules": [{"address": "module.a", "resources": [`+plannedZone("this", "", "a.test")+`]}, {"address": "module.b", "resources": [`+plannedZone("this", "", "a.test")+`]}]}`, `{}`),
			want:  "zone a.test. else nxdomain, f:1\n",
			notes: []string{"not read: f:1: there are two zones a.test, and a network sees one of them alone: which one, is not known"},
		},
		{
			name: "a zone that is looked up, by its id in the state before", kind: "terraform-aws",
			text: strings.Replace(planned(`{"resources": [{"mode": "managed", "type": "aws_route53_record", "name": "r", "values": {"zone_id": "Z1", "name": "x", "type": "A", "ttl": 30, "records": ["10.0.0.1"]}}]}`,
				`{"resources": [`+refers("r", "", "data.aws_route53_zone.z.zone_id", "data.aws_route53_zone.z")+`]}`),
				`"configuration"`, `"prior_state": {"values": {"root_module": {"resources": [{"mode": "data", "type": "aws_route53_zone", "name": "z", "values": {"zone_id": "Z1", "name": "a.test", "private_zone": true}},
 {"mode": "managed", "type": "aws_route53_record", "name": "old", "values": {"zone_id": "Z1", "name": "old", "type": "A", "ttl": 30, "records": ["10.0.0.9"]}}]}}}, "configuration"`, 1),
			want: "zone a.test. else nxdomain, f:1\nx.a.test. 10.0.0.1 ttl 30, f:1\n",
		},
		{
			name: "response policies of networks and of none", kind: "terraform-google",
			text: planned(`{"resources": [
{"mode": "managed", "type": "google_dns_response_policy", "name": "p", "values": {"response_policy_name": "with", "networks": [{}]}},
{"mode": "managed", "type": "google_dns_response_policy", "name": "q", "values": {"response_policy_name": "without", "networks": [], "gke_clusters": []}},
{"mode": "managed", "type": "google_dns_response_policy_rule", "name": "r", "values": {"dns_name": "x.a.", "local_data": [{"local_datas": [{"name": "x.a.", "type": "A", "rrdatas": ["10.0.0.1"]}]}]}}]}`, `{}`),
			want:  "x.a. 10.0.0.1, f:4\n",
			notes: []string{"not read: f:3: response policy without is of no network: nobody is answered by its rules"},
		},
		{
			name: "a plan of a part, and what is left to a later one", kind: "terraform-aws",
			text: `{"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module": {"resources": [` + zones + `]}}, "complete": false, "deferred_changes": [{"reason": "provider_config_unknown", "resource_change": {"address": "aws_route53_record.late", "type": "aws_route53_record"}}]}`,
			want: "zone a.test. else nxdomain, f:1\n",
			notes: []string{
				"not read: f:1: the plan is not complete, as it is with -target: what else there will be, is not in it: plan all of it",
				"not read: f:1: aws_route53_record.late is left to a later plan: what it will be, is not known",
			},
		},
		{
			name: "other resources of DNS", kind: "terraform-aws",
			text: planned(`{"resources": [`+zones+`,
{"mode": "managed", "type": "aws_route53_records_exclusive", "name": "all", "values": {"resource_record_set": [{"name": "x.a.test", "type": "A", "ttl": 30, "resource_records": [{"value": "10.0.0.1"}]}, {"name": "y.a.test", "type": "A", "alias_target": [{"dns_name": "vpce-1.example."}]}]}},
{"mode": "managed", "type": "aws_route53_traffic_policy_instance", "name": "t", "values": {"name": "x.endpoints.neo4j.io"}},
{"mode": "managed", "type": "dns_a_record_set", "name": "d", "values": {"name": "www", "zone": "b.test."}},
{"mode": "managed", "type": "azapi_resource", "name": "z", "values": {"type": "Microsoft.Network/privateDnsZones/A@2020-06-01", "name": "*"}},
{"mode": "managed", "type": "aws_cloudformation_stack", "name": "s", "values": {"template_body": "Type: AWS::Route53::RecordSet"}},
{"mode": "managed", "type": "azapi_resource", "name": "n", "values": {"type": "Microsoft.Network/virtualNetworks@2020-06-01"}},
{"mode": "managed", "type": "aws_route53_health_check", "name": "h", "values": {}},
{"mode": "managed", "type": "azurerm_private_dns_resolver_forwarding_rule", "name": "f", "values": {"domain_name": "c.test.", "enabled": true, "target_dns_servers": [{"ip_address": "10.0.0.2", "port": 53}]}}]}`,
				`{"resources": [{"mode": "managed", "type": "aws_route53_records_exclusive", "name": "all", "expressions": {"zone_id": {"references": ["aws_route53_zone.z.zone_id", "aws_route53_zone.z"]}}}]}`),
			want: "zone a.test. else nxdomain, f:1\nclaim c.test. else refer, f:9\nx.a.test. 10.0.0.1 ttl 30, f:2\ny.a.test. → vpce-1.example, f:2\n",
			notes: []string{
				"not read: f:3: aws_route53_traffic_policy_instance.t is not read: what aws_route53_traffic_policy_instance makes of names is not known here",
				"not read: f:4: dns_a_record_set.d is not read: what dns_a_record_set makes of names is not known here",
				"not read: f:5: azapi_resource.z is not read: what azapi_resource makes of names is not known here",
				"not read: f:6: aws_cloudformation_stack.s is not read: what aws_cloudformation_stack makes of names is not known here",
			},
		},
	})
}
