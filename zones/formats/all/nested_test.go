package all_test

import (
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// TestNestedInOneListing: of two zones in one listing the closer one answers alone, also
// where it lacks the name, as in Route 53, Azure Private DNS, Cloud DNS, Windows DNS and
// PowerDNS. The zone e.test. has x.s.e.test., its zone s.e.test. has only y.s.e.test.
func TestNestedInOneListing(t *testing.T) {
	const (
		windows = `"HostName","RecordType","RecordData","ZoneName"` + "\n" + `"@","SOA","x","e.test"` + "\n" + `"x.s","A","10.0.0.1","e.test"` + "\n" +
			`"@","SOA","x","s.e.test"` + "\n" + `"y","A","10.0.0.2","s.e.test"` + "\n"
		route53 = `{"Name": "e.test.", "Type": "A", "TTL": 5, "ResourceRecords": [{"Value": "10.0.0.9"}]},
{"Name": "e.test.", "Type": "SOA", "TTL": 5, "ResourceRecords": [{"Value": "x"}]},
{"Name": "x.s.e.test.", "Type": "A", "TTL": 5, "ResourceRecords": [{"Value": "10.0.0.1"}]}`
		route53Below = `{"Name": "s.e.test.", "Type": "A", "TTL": 5, "ResourceRecords": [{"Value": "10.0.0.8"}]},
{"Name": "s.e.test.", "Type": "SOA", "TTL": 5, "ResourceRecords": [{"Value": "x"}]},
{"Name": "y.s.e.test.", "Type": "A", "TTL": 5, "ResourceRecords": [{"Value": "10.0.0.2"}]}`
		gcp      = `{"name": "e.test.", "type": "SOA", "rrdatas": ["x"]}, {"name": "x.s.e.test.", "type": "A", "rrdatas": ["10.0.0.1"]}`
		gcpBelow = `{"name": "s.e.test.", "type": "SOA", "rrdatas": ["x"]}, {"name": "y.s.e.test.", "type": "A", "rrdatas": ["10.0.0.2"]}`
		azureID  = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/"
		azure    = `{"id": "` + azureID + `e.test/SOA/@", "name": "@", "type": "Microsoft.Network/privateDnsZones/SOA"},
{"id": "` + azureID + `e.test/A/x.s", "name": "x.s", "type": "Microsoft.Network/privateDnsZones/A", "aRecords": [{"ipv4Address": "10.0.0.1"}]}`
		azureBelow = `{"id": "` + azureID + `s.e.test/SOA/@", "name": "@", "type": "Microsoft.Network/privateDnsZones/SOA"},
{"id": "` + azureID + `s.e.test/A/y", "name": "y", "type": "Microsoft.Network/privateDnsZones/A", "aRecords": [{"ipv4Address": "10.0.0.2"}]}`
		terraform = `{"format_version": "1.0", "terraform_version": "1.9.0", "values": {"root_module": {"resources": [`
	)
	for _, tt := range []struct{ name, text string }{
		{"Windows", windows},
		{"Route 53, call by call", `{"ResourceRecordSets": [` + route53 + `]}{"ResourceRecordSets": [` + route53Below + `]}`},
		{"Route 53, the closer one first", `{"ResourceRecordSets": [` + route53Below + `]}{"ResourceRecordSets": [` + route53 + `]}`},
		{"Route 53, joined", `[` + route53 + `,` + route53Below + `]`},
		{"Route 53, set by set", strings.ReplaceAll(route53+route53Below, "},\n", "}\n")},
		{"Route 53, in pages", `{"ResourceRecordSets": [` + route53Below + `]}{"ResourceRecordSets": [{"Name": "e.test.", "Type": "SOA"}], "IsTruncated": true, "NextRecordName": "x.s.e.test."}` +
			`{"ResourceRecordSets": [{"Name": "x.s.e.test.", "Type": "A", "ResourceRecords": [{"Value": "10.0.0.1"}]}]}`},
		{"Cloud DNS, call by call", `[` + gcp + `][` + gcpBelow + `]`},
		{"Cloud DNS, the closer one first, sorted by name", `[` + gcpBelow + `][{"name": "a.e.test.", "type": "A", "rrdatas": ["10.0.0.3"]}, ` + gcp + `]`},
		{"Cloud DNS, joined", `[` + gcp + `,` + gcpBelow + `]`},
		{"Cloud DNS, the API", `{"rrsets": [` + gcp + `]}{"rrsets": [` + gcpBelow + `]}`},
		{"Azure", `[` + azure + `,` + azureBelow + `]`},
		{"Azure, the closer one first", `[` + azureBelow + `,` + azure + `]`},
		{"PowerDNS", `{"name": "e.test.", "rrsets": [{"name": "e.test.", "type": "SOA", "records": [{"content": "x"}]}, {"name": "x.s.e.test.", "type": "A", "records": [{"content": "10.0.0.1"}]}]}
{"name": "s.e.test.", "rrsets": [{"name": "s.e.test.", "type": "SOA", "records": [{"content": "x"}]}, {"name": "y.s.e.test.", "type": "A", "records": [{"content": "10.0.0.2"}]}]}`},
		{"a zone file with two zones", "$ORIGIN e.test.\n@ 5 IN SOA a b 1 2 3 4 5\nx.s 5 IN A 10.0.0.1\n$ORIGIN s.e.test.\n@ 5 IN SOA a b 1 2 3 4 5\ny 5 IN A 10.0.0.2\n"},
		{"Terraform, AWS", terraform + `
{"type": "aws_route53_zone", "name": "e", "values": {"name": "e.test", "zone_id": "Z1", "vpc": [{"vpc_id": "v"}]}}, {"type": "aws_route53_zone", "name": "s", "values": {"name": "s.e.test", "zone_id": "Z2", "vpc": [{"vpc_id": "v"}]}},
{"type": "aws_route53_record", "name": "x", "values": {"name": "x.s.e.test", "fqdn": "x.s.e.test", "zone_id": "Z1", "type": "A", "records": ["10.0.0.1"]}},
{"type": "aws_route53_record", "name": "y", "values": {"name": "y", "zone_id": "Z2", "type": "A", "records": ["10.0.0.2"]}}]}}}`},
		{"Terraform, Google", terraform + `
{"type": "google_dns_managed_zone", "name": "e", "values": {"name": "e", "dns_name": "e.test.", "visibility": "private"}}, {"type": "google_dns_managed_zone", "name": "s", "values": {"name": "s", "dns_name": "s.e.test.", "visibility": "private"}},
{"type": "google_dns_record_set", "name": "x", "values": {"name": "x.s.e.test.", "managed_zone": "e", "type": "A", "rrdatas": ["10.0.0.1"]}},
{"type": "google_dns_record_set", "name": "y", "values": {"name": "y.s.e.test.", "managed_zone": "s", "type": "A", "rrdatas": ["10.0.0.2"]}}]}}}`},
		{"Terraform, Azure", terraform + `
{"type": "azurerm_private_dns_zone", "name": "e", "values": {"name": "e.test"}}, {"type": "azurerm_private_dns_zone", "name": "s", "values": {"name": "s.e.test"}},
{"type": "azurerm_private_dns_a_record", "name": "x", "values": {"name": "x.s", "zone_name": "e.test", "records": ["10.0.0.1"]}},
{"type": "azurerm_private_dns_a_record", "name": "y", "values": {"name": "y", "zone_name": "s.e.test", "records": ["10.0.0.2"]}}]}}}`},
		{"a module of Terraform", `{"resource": {"aws_route53_zone": {"e": {"name": "e.test", "vpc": {"vpc_id": "v"}}, "s": {"name": "s.e.test", "vpc": {"vpc_id": "v"}}}, "aws_route53_record": {
"x": {"zone_id": "${aws_route53_zone.e.zone_id}", "name": "x.s", "type": "A", "records": ["10.0.0.1"]}, "y": {"zone_id": "${aws_route53_zone.s.zone_id}", "name": "y", "type": "A", "records": ["10.0.0.2"]}}}}`},
		{"CloudFormation", `{"Resources": {"E": {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "e.test.", "VPCs": [{"VPCId": "v", "VPCRegion": "r"}]}}, "S": {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "s.e.test.", "VPCs": [{"VPCId": "v", "VPCRegion": "r"}]}},
"X": {"Type": "AWS::Route53::RecordSet", "Properties": {"HostedZoneId": {"Ref": "E"}, "Name": "x.s.e.test.", "Type": "A", "ResourceRecords": ["10.0.0.1"]}},
"Y": {"Type": "AWS::Route53::RecordSetGroup", "Properties": {"HostedZoneName": "s.e.test.", "RecordSets": [{"Name": "y.s.e.test.", "Type": "A", "ResourceRecords": ["10.0.0.2"]}]}}}}`},
		{"an ARM template", `{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "resources": [
{"type": "Microsoft.Network/privateDnsZones", "apiVersion": "2020-06-01", "location": "global", "name": "e.test"}, {"type": "Microsoft.Network/privateDnsZones", "apiVersion": "2020-06-01", "location": "global", "name": "s.e.test"},
{"type": "Microsoft.Network/privateDnsZones/A", "apiVersion": "2020-06-01", "name": "e.test/x.s", "properties": {"aRecords": [{"ipv4Address": "10.0.0.1"}]}},
{"type": "Microsoft.Network/privateDnsZones/A", "apiVersion": "2020-06-01", "name": "s.e.test/y", "properties": {"aRecords": [{"ipv4Address": "10.0.0.2"}]}}]}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := holdings.NewBuilder()
			if err := all.ReadAny(b, strings.NewReader(tt.text), formats.Input{Name: "f"}); err != nil {
				t.Fatal(err)
			}
			set := b.Set()
			if a := set.Resolve("x.s.e.test.", dns.TypeA); a.Outcome != zones.NXDomain {
				t.Errorf("x.s.e.test.: %v %v, want %v", a.Outcome, a.Addrs, zones.NXDomain)
			}
			if a := set.Resolve("y.s.e.test.", dns.TypeA); len(a.Addrs) != 1 {
				t.Errorf("y.s.e.test.: %v, want an address", a.Outcome)
			}
		})
	}
}
