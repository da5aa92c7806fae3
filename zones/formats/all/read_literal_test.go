package all_test

import (
	"strings"
	"testing"
)

// TestReadLiteralAttributes: what an expression of a module refers to is followed as far as it is
// literal there, and told where it is not.
func TestReadLiteralAttributes(t *testing.T) {
	const aws = `{"locals": {"base": "a.test", "whole": "w.${aws_route53_zone.z.name}", "loop": "${aws_route53_record.loop.name}"},
"variable": {"sub": {"default": "v"}, "none": {"type": "string"}}, "resource": {"aws_route53_zone": {"z": {"name": "${local.base}", "vpc": {"vpc_id": "vpc-1"}},
"e": {"for_each": "${toset([\"b.test\"])}", "name": "${each.key}", "vpc": {"vpc_id": "vpc-1"}}},
"aws_route53_record": {"other": {"zone_id": "${aws_route53_zone.z.zone_id}", "name": "O", "type": "A", "records": ["10.0.0.2"]},
"r": {"zone_id": "${aws_route53_zone.z.zone_id}", "name": "NAME", "type": "A", "records": ["10.0.0.1"]}}}}`
	const azure = `{"resource": {"azurerm_private_dns_zone": {"z": {"name": "a.test", "resource_group_name": "g"}},
"azurerm_private_dns_a_record": {"other": {"name": "o", "zone_name": "${azurerm_private_dns_zone.z.name}", "records": ["10.0.0.2"]},
"r": {"name": "x", "zone_name": "ZONE", "records": ["10.0.0.1"]}},
"azurerm_private_dns_cname_record": {"c": {"name": "c", "zone_name": "${azurerm_private_dns_zone.z.name}", "record": "${azurerm_private_dns_a_record.other.fqdn}"}},
"azurerm_private_dns_zone_virtual_network_link": {"l": {"private_dns_zone_name": "${azurerm_private_dns_a_record.other.zone_name}", "virtual_network_id": "v"}}}}`
	const google = `{"variable": [{"domain": {"default": "a.test."}}], "resource": {"google_dns_managed_zone": {"z": {"name": "z", "dns_name": "${var.domain}", "visibility": "private", "private_visibility_config": {"networks": [{"network_url": "n"}]}}},
"google_dns_record_set": {"r": {"managed_zone": "${google_dns_managed_zone.z.name}", "name": "NAME", "type": "A", "rrdatas": ["10.0.0.1"]}}}}`
	name := func(text string) string {
		return strings.Replace(aws, "NAME", strings.ReplaceAll(text, `"`, `\"`), 1)
	}
	for _, tt := range []struct{ what, text, want string }{
		{"a name in a text", name("*.${aws_route53_zone.z.name}"), "*.a.test. 10.0.0.1"},
		{"a name by itself", name("${aws_route53_zone.z.name}"), "a.test. 10.0.0.1"},
		{"between other text", name("x.${ aws_route53_zone.z.name }."), "x.a.test. 10.0.0.1"},
		{"an instance", name(`x.${aws_route53_zone.e["b.test"].name}.a.test`), "x.b.test.a.test. 10.0.0.1"},
		{"a record's name", name("x.${aws_route53_record.other.name}"), "x.o.a.test. 10.0.0.1"},
		{"a record's whole name", name("x.${aws_route53_record.other.fqdn}"), "x.o.a.test. 10.0.0.1"},
		{"a local", name("${local.whole}"), "w.a.test. 10.0.0.1"},
		{"a variable", name("${var.sub}.${local.base}"), "v.a.test. 10.0.0.1"},
		{"format", name(`${format("%s.%s", var.sub, aws_route53_zone.z.name)}`), "v.a.test. 10.0.0.1"},
		{"join", name(`${join(".", ["*", var.sub, aws_route53_zone.z.name])}`), "*.v.a.test. 10.0.0.1"},
		{"functions within each other", name(`${lower(trimsuffix(join("", ["X.", local.base, "."]), "."))}`), "x.a.test. 10.0.0.1"},
		{"an index of what is no path", name(`${["x", "y"][1]}`), ""},
		{"Azure's zone", strings.Replace(azure, "ZONE", "${azurerm_private_dns_zone.z.name}", 1), "x.a.test. 10.0.0.1"},
		{"Azure's zone of another record", strings.Replace(azure, "ZONE", "${azurerm_private_dns_a_record.other.zone_name}", 1), "x.a.test. 10.0.0.1"},
		{"Azure's whole name", strings.Replace(azure, "ZONE", "a.test", 1), "c.a.test. → o.a.test,"},
		{"Google's zone", strings.Replace(google, "NAME", "x.${google_dns_managed_zone.z.dns_name}", 1), "x.a.test. 10.0.0.1"},

		{"a variable without a default", name("${var.none}.a.test"), ""},
		{"what the cloud makes", name("${aws_route53_zone.z.comment}.a.test"), ""},
		{"no such resource", name("x.${aws_route53_zone.y.name}"), ""},
		{"no such instance", name(`x.${aws_route53_zone.e["c.test"].name}`), ""},
		{"all instances", name("x.${aws_route53_zone.e.name}"), ""},
		{"what leads back to itself", name("${aws_route53_record.r.name}"), ""},
		{"what leads back to itself in a text", name("x.${aws_route53_record.r.name}"), ""},
		{"another function", name(`${substr("x.a.test", 0, 8)}`), ""},
		{"an operation", name(`${true ? "x" : "y"}`), ""},
		{"a format of a width", name(`${format("%9s", "x")}`), ""},
		{"too few arguments", name(`${format("%s.%s", "x")}`), ""},
	} {
		t.Run(tt.what, func(t *testing.T) {
			set := together(t, tt.text)
			var unread []string
			for _, note := range told(set) {
				if strings.HasPrefix(note, "not read: ") {
					unread = append(unread, note)
				}
			}
			if got := dump(set); !strings.Contains(got, "\n"+tt.want) || tt.want == "" && strings.Contains(got, "10.0.0.1") {
				t.Errorf("got:\n%s\nwant %s", got, tt.want)
			}
			if (tt.want == "") != (len(unread) > 0) {
				t.Errorf("told %q", unread)
			}
		})
	}
}

// TestReadUnknownElements: an element that is not known is not left out in silence.
func TestReadUnknownElements(t *testing.T) {
	const module = `{"resource": {"aws_route53_zone": {"z": {"name": "a.test", "vpc": {"vpc_id": "vpc-1"}}},
"aws_route53_record": {"r": {"for_each": "${toset(local.all)}", "zone_id": "${aws_route53_zone.z.zone_id}", "name": "${each.key}", "type": "A", "records": ["10.0.0.1"]}}},
"locals": {"all": ["x", "${substr(1)}"]}}`
	if all := told(together(t, module)); !strings.Contains(strings.Join(all, "\n"), "which is not followed") {
		t.Errorf("told %q", all)
	}
}
