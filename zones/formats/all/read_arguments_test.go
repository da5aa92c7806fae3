package all_test

import (
	"strings"
	"testing"
)

// moduleOf is a module with zones of Route 53, and what else there is.
func moduleOf(zones, rest string) string {
	return `{"variable": {"v": {"type": "string"}, "w": {"type": "string"}}, "resource": {"aws_route53_zone": {` + zones + `}` + rest + `}}`
}

// TestNetworksOfModules: where it is not known which network sees a zone, it may be another one than
// the others have.
func TestNetworksOfModules(t *testing.T) {
	zones := func(a, b string) string {
		return `"a": {"name": "a.endpoints.neo4j.io", "vpc": ` + a + `}, "b": {"name": "b.endpoints.neo4j.io", "vpc": ` + b + `}`
	}
	const one, other, v, w = `{"vpc_id": "vpc-1"}`, `{"vpc_id": "vpc-2"}`, `{"vpc_id": "${var.v}"}`, `{"vpc_id": "${var.w}"}`
	const apart = "whether one network sees all zones that are read, is not known"
	const unseen = "no network sees all zones that are read"
	tie := func(zone, vpc string) string {
		return `, "aws_route53_zone_association": {"t": {"zone_id": "${aws_route53_zone.` + zone + `.zone_id}", "vpc_id": "` + vpc + `"}}`
	}
	for name, tt := range map[string]struct{ text, want string }{
		"the same one":                       {moduleOf(zones(one, one), ""), ""},
		"two":                                {moduleOf(zones(one, other), ""), unseen},
		"a variable for both":                {moduleOf(zones(v, v), ""), ""},
		"two variables":                      {moduleOf(zones(v, w), ""), apart},
		"one and a variable":                 {moduleOf(zones(one, v), ""), apart},
		"another one and a variable":         {moduleOf(zones(one, "["+other+", "+v+"]"), ""), apart},
		"that one and a variable":            {moduleOf(zones(one, "["+one+", "+v+"]"), ""), ""},
		"two resources":                      {moduleOf(zones(`{"vpc_id": "${aws_vpc.a.id}"}`, `{"vpc_id": "${aws_vpc.b.id}"}`), ""), apart},
		"one resource":                       {moduleOf(zones(`{"vpc_id": "${aws_vpc.a.id}"}`, `{"vpc_id": "${aws_vpc.a.id}"}`), ""), ""},
		"what makes all":                     {moduleOf(zones(one, `"${var.v}"`), ""), apart},
		"another one, and the one tied":      {moduleOf(zones(one, other), tie("b", "vpc-1")), ""},
		"another one, and a variable tied":   {moduleOf(zones(one, other), tie("b", "${var.v}")), apart},
		"the one, and a variable tied":       {moduleOf(zones(one, one), tie("b", "${var.v}")), ""},
		"another one, and the one to a":      {moduleOf(zones(one, other), tie("a", "vpc-3")), unseen},
		"a zone with a count, and its VPC":   {moduleOf(strings.Replace(zones(one, one), `"vpc"`, `"count": 1, "vpc"`, 1), ""), ""},
		"a zone with a count, and it tied":   {moduleOf(strings.Replace(zones(one, other), `"vpc": {"vpc_id": "vpc-2"`, `"count": 1, "vpc": {"vpc_id": "vpc-2"`, 1), tie("b[0]", "vpc-1")), ""},
		"a zone that there is none of, tied": {moduleOf(strings.Replace(zones(one, other), `"vpc": {"vpc_id": "vpc-2"`, `"count": 0, "vpc": {"vpc_id": "vpc-2"`, 1), ""), ""},
	} {
		set := together(t, tt.text)
		var all []string
		for _, f := range set.Faults([]string{"neo4j.io."}, nil) {
			all = append(all, f.Message)
		}
		if got := strings.Join(all, "\n"); (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%s: told %q, want %q", name, got, tt.want)
		}
	}
}

// TestNetworksOfPlans: likewise where a VPC is not known before the plan is applied.
func TestNetworksOfPlans(t *testing.T) {
	text := func(a, b, from string) string {
		zone := func(name, vpc string) string {
			return `{"mode": "managed", "type": "aws_route53_zone", "name": "` + name + `", "values": {"name": "` + name + `.endpoints.neo4j.io", "vpc": [` + vpc + `]}}`
		}
		made := func(name, vpc string) string {
			return `{"mode": "managed", "type": "aws_route53_zone", "name": "` + name + `", "expressions": {"vpc": [{"vpc_id": {"references": ["` + vpc + `.id", "` + vpc + `"]}}]}}`
		}
		return `{"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module": {"resources": [` + zone("a", a) + `,` + zone("b", b) + `]}},
"configuration": {"root_module": {"resources": [` + made("a", "aws_vpc.one") + `,` + made("b", from) + `]}}}`
	}
	const known = `{"vpc_id": "vpc-1"}`
	for name, tt := range map[string]struct {
		text string
		told bool
	}{
		"known":         {text(known, known, "aws_vpc.one"), false},
		"one":           {text(`{}`, `{}`, "aws_vpc.one"), false},
		"two":           {text(`{}`, `{}`, "aws_vpc.two"), true},
		"known and not": {text(known, `{}`, "aws_vpc.two"), true},
	} {
		if faults := together(t, tt.text).Faults([]string{"neo4j.io."}, nil); (len(faults) > 0) != tt.told {
			t.Errorf("%s: told %v", name, faults)
		}
	}
}

// TestRefusedModules: what Terraform refuses of a module, or a cloud of what it makes, is told.
func TestRefusedModules(t *testing.T) {
	checkRefused(t, `{"resource": {
"aws_route53_zone": {"z": {"name": "a.test", "vpc": {"vpc_id": "vpc-1"}}},
"aws_route53_record": {"r": {"zone_id": "${aws_route53_zone.z.zone_id}", "name": "x.a.test", "type": "A", "ttl": "60", "records": ["10.0.0.1"]}},
"azurerm_private_dns_zone": {"z": {"name": "b.test", "resource_group_name": "g"}, "y": {"name": "c.test", "resource_group_name": "g"}},
"azurerm_private_dns_a_record": {"r": {"zone_name": "${azurerm_private_dns_zone.z.name}", "resource_group_name": "g", "name": "x", "ttl": 30, "records": ["10.0.0.1"]}},
"azurerm_private_dns_zone_virtual_network_link": {
 "l": {"name": "l", "private_dns_zone_name": "b.test", "resource_group_name": "g", "virtual_network_id": "/v", "registration_enabled": true},
 "m": {"name": "m", "private_dns_zone_name": "c.test", "resource_group_name": "g", "virtual_network_id": "/v"}},
"google_dns_managed_zone": {"z": {"name": "z", "dns_name": "d.test.", "visibility": "private", "private_visibility_config": {"networks": {"network_url": "projects/p/global/networks/n"}}}},
"google_dns_record_set": {"r": {"managed_zone": "${google_dns_managed_zone.z.name}", "name": "x.d.test.", "type": "A", "rrdatas": ["10.0.0.1"]}}
}}`, []replacement{
		{`"ttl": "60"`, `"ttl": "60s"`, `the ttl "60s", which is no number`},
		{`"ttl": "60", `, ``, "aws_route53_record.r has records and no TTL"},
		{`"ttl": 30, `, ``, "azurerm_private_dns_a_record.r has no ttl"},
		{`"records": ["10.0.0.1"]`, `"record": ["10.0.0.1"]`, "the argument record, and not records"},
		{`"records": ["10.0.0.1"]`, `"records": "10.0.0.1"`, "a text for records, and not a list"},
		{`"rrdatas": ["10.0.0.1"]`, `"rrdatas": "10.0.0.1"`, "a text for rrdatas, and not a list"},
		{`"ttl": "60"`, `"ttl": "60", "set_identifier": "a"`, "a set identifier and no routing policy"},
		{`"ttl": "60"`, `"ttl": "60", "weighted_routing_policy": {"weight": 1}`, "and no set identifier"},
		{`"ttl": "60"`, `"ttl": "60", "weighted_routing_policy": {"weight": 1}, "set_identifier": "${var.i}"`, ""},
		{`"resource_group_name": "g", "name": "x"`, `"resource_group_name": "h", "name": "x"`, "the resource group h, and its zone is in g"},
		{`"resource_group_name": "g", "name": "x"`, `"resource_group_name": "${var.g}", "name": "x"`, ""},
		{`"name": "m"`, `"registration_enabled": true, "name": "m"`, "Azure refuses the one that is made last"},
		{`"resource_group_name": "g", "virtual_network_id": "/v"}`, `"resource_group_name": "", "virtual_network_id": "/v"}`, "has no resource_group_name"},
		{`"name": "z", "dns_name"`, `"name": "", "dns_name"`, "google_dns_managed_zone.z has no name"},
		{`"name": "x.a.test"`, `"name": ""`, ""},
		{`"vpc_id": "vpc-1"`, `"vpc_id": ""`, "a vpc without a vpc_id"},
		{`"x.d.test."`, `"x.d.test"`, "no final dot"},
		{`"d.test."`, `"d.test"`, "no final dot"},
	})
}

// TestForgottenResources: what a plan forgets stays in the cloud.
func TestForgottenResources(t *testing.T) {
	const change = `{"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module": {}}, "resource_changes": [{"address": "aws_route53_record.old", "mode": "managed", "type": "TYPE", "change": {"actions": ["ACTION"]}}]}`
	for action, want := range map[string]bool{"aws_route53_record forget": true, "aws_route53_record delete": false, "aws_vpc forget": false} {
		kind, what, _ := strings.Cut(action, " ")
		got := told(together(t, strings.NewReplacer("TYPE", kind, "ACTION", what).Replace(change)))
		if (len(got) > 0) != want {
			t.Errorf("%s: is told %q", action, got)
		}
	}
}
