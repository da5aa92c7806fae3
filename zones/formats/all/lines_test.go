package all_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// placedDocuments are documents with records of which each has an address of its own, 10.7.0.N.
var placedDocuments = []struct{ name, kind, text string }{
	{"Route 53", "route53", `{"ResourceRecordSets": [{"Name": "a.", "Type": "SOA"}, {"Name": "x.a.", "Type": "A", "ResourceRecords": [{"Value": "10.7.0.1"}]}, {"Name": "y.a.", "Type": "A", "ResourceRecords": [{"Value": "10.7.0.2"}]}]}`},
	{"Route 53, slurped", "route53", `[{"ResourceRecordSets": [{"Name": "a.", "Type": "SOA"}, {"Name": "x.a.", "Type": "A", "ResourceRecords": [{"Value": "10.7.0.1"}]}, {"Name": "y.a.", "Type": "A", "ResourceRecords": [{"Value": "10.7.0.2"}]}]}, {"ResourceRecordSets": [{"Name": "b.", "Type": "SOA"}, {"Name": "x.b.", "Type": "A", "ResourceRecords": [{"Value": "10.7.0.3"}]}]}]`},
	{"a change batch", "route53", `{"HostedZoneId": "Z", "ChangeBatch": {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": {"Name": "x.a.", "Type": "A", "ResourceRecords": [{"Value": "10.7.0.1"}]}}, {"Action": "UPSERT", "ResourceRecordSet": {"Name": "y.a.", "Type": "A", "ResourceRecords": [{"Value": "10.7.0.2"}]}}]}}`},
	{"Terraform's state, shown", "terraform-aws", `{"format_version": "1.0", "terraform_version": "1.9.0", "values": {"root_module": {"resources": [{"type": "aws_route53_zone", "mode": "managed", "name": "z", "values": {"zone_id": "Z1", "name": "a", "vpc": [{"vpc_id": "v"}]}}, {"type": "aws_route53_record", "mode": "managed", "name": "r", "values": {"zone_id": "Z1", "name": "x.a", "type": "A", "records": ["10.7.0.1"]}}], "child_modules": [{"resources": [{"type": "aws_route53_record", "mode": "managed", "name": "r", "values": {"zone_id": "Z1", "name": "y.a", "type": "A", "records": ["10.7.0.2"]}}], "address": "module.m"}]}}}`},
	{"Terraform's state", "terraform-azure", `{"version": 4, "terraform_version": "1.9.0", "lineage": "x", "resources": [{"mode": "managed", "type": "azurerm_private_dns_zone", "name": "z", "instances": [{"attributes": {"name": "a"}}]}, {"mode": "managed", "type": "azurerm_private_dns_a_record", "name": "r", "instances": [{"index_key": "x", "attributes": {"zone_name": "a", "name": "x", "records": ["10.7.0.1"]}}, {"index_key": "y", "attributes": {"zone_name": "a", "name": "y", "records": ["10.7.0.2"]}}]}]}`},
	{"Terraform's plan", "terraform-google", `{"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module": {"child_modules": [{"address": "module.a", "resources": [{"type": "google_dns_managed_zone", "mode": "managed", "name": "z", "values": {"name": "za", "dns_name": "a.", "visibility": "private"}}, {"type": "google_dns_record_set", "mode": "managed", "name": "r", "values": {"managed_zone": "za", "name": "x.a.", "type": "A", "rrdatas": ["10.7.0.1"]}}, {"type": "google_dns_record_set", "mode": "managed", "name": "s", "values": {"managed_zone": "za", "name": "y.a.", "type": "A", "rrdatas": ["10.7.0.2"]}}]}]}}}`},
	{"Terraform's own JSON", "terraform-aws", `{"locals": {"all": {"x.a": "10.7.0.1", "y.a": "10.7.0.2"}}, "resource": {"aws_route53_zone": {"z": {"name": "a", "vpc": {"vpc_id": "v"}}}, "aws_route53_record": {"r": {"for_each": "${local.all}", "zone_id": "${aws_route53_zone.z.zone_id}", "name": "${each.key}", "type": "A", "records": ["${each.value}"]}, "s": {"zone_id": "${aws_route53_zone.z.zone_id}", "name": "z.a", "type": "A", "records": ["10.7.0.3"]}}}}`},
	{"Pulumi", "pulumi", `{"version": 3, "deployment": {"resources": [{"urn": "urn:pulumi:d::p::aws:route53/zone:Zone::z", "type": "aws:route53/zone:Zone", "outputs": {"zoneId": "Z1", "name": "a", "vpcs": [{"vpcId": "v"}]}}, {"urn": "urn:pulumi:d::p::aws:route53/record:Record::x", "type": "aws:route53/record:Record", "outputs": {"zoneId": "Z1", "name": "x", "type": "A", "records": ["10.7.0.1"]}}, {"urn": "urn:pulumi:d::p::aws:route53/record:Record::y", "type": "aws:route53/record:Record", "outputs": {"zoneId": "Z1", "name": "y", "type": "A", "records": ["10.7.0.2"]}}]}}`},
	{"CloudFormation", "cloudformation", `{"Resources": {"Z": {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "a.", "VPCs": [{"VPCId": "v", "VPCRegion": "r"}]}}, "X": {"Type": "AWS::Route53::RecordSet", "Properties": {"HostedZoneId": {"Ref": "Z"}, "Name": "x.a.", "Type": "A", "ResourceRecords": ["10.7.0.1"]}}, "G": {"Type": "AWS::Route53::RecordSetGroup", "Properties": {"HostedZoneId": {"Ref": "Z"}, "RecordSets": [{"Name": "y.a.", "Type": "A", "ResourceRecords": ["10.7.0.2"]}, {"Name": "z.a.", "Type": "A", "ResourceRecords": ["10.7.0.3"]}]}}}}`},
	{"ARM", "azure-arm", `{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "resources": [{"type": "Microsoft.Network/privateDnsZones", "apiVersion": "2020-06-01", "location": "global", "name": "a"}, {"type": "Microsoft.Network/privateDnsZones/A", "apiVersion": "2020-06-01", "name": "a/x", "properties": {"aRecords": [{"ipv4Address": "10.7.0.1"}]}}, {"type": "Microsoft.Network/privateDnsZones/A", "apiVersion": "2020-06-01", "name": "a/y", "properties": {"aRecords": [{"ipv4Address": "10.7.0.2"}]}}]}`},
	{"Azure", "azure-record-sets", `[{"fqdn": "a.", "name": "@", "type": "Microsoft.Network/privateDnsZones/SOA"}, {"fqdn": "x.a.", "name": "x", "type": "Microsoft.Network/privateDnsZones/A", "aRecords": [{"ipv4Address": "10.7.0.1"}]}, {"fqdn": "y.a.", "name": "y", "type": "Microsoft.Network/privateDnsZones/A", "aRecords": [{"ipv4Address": "10.7.0.2"}]}]`},
	{"Azure's API", "azure-record-sets", `{"value": [{"name": "@", "type": "Microsoft.Network/privateDnsZones/SOA", "properties": {"fqdn": "a."}}, {"name": "x", "type": "Microsoft.Network/privateDnsZones/A", "properties": {"fqdn": "x.a.", "aRecords": [{"ipv4Address": "10.7.0.1"}]}}, {"name": "y", "type": "Microsoft.Network/privateDnsZones/A", "properties": {"fqdn": "y.a.", "aRecords": [{"ipv4Address": "10.7.0.2"}]}}]}`},
	{"Cloud DNS", "gcp-record-sets", `[{"name": "a.", "type": "SOA", "rrdatas": ["x"]}, {"name": "x.a.", "type": "A", "rrdatas": ["10.7.0.1"]}, {"name": "y.a.", "type": "A", "rrdatas": ["10.7.0.2"]}]`},
	{"Cloud DNS's API", "gcp-record-sets", `{"rrsets": [{"name": "a.", "type": "SOA", "rrdatas": ["x"]}, {"name": "x.a.", "type": "A", "rrdatas": ["10.7.0.1"]}, {"name": "y.a.", "type": "A", "rrdatas": ["10.7.0.2"]}]}`},
	{"a response policy", "gcp-response-policy", `[{"ruleName": "x", "dnsName": "x.a.", "localData": {"localDatas": [{"name": "x.a.", "type": "A", "rrdatas": ["10.7.0.1"]}]}}, {"ruleName": "y", "dnsName": "y.a.", "localData": {"localDatas": [{"name": "y.a.", "type": "A", "rrdatas": ["10.7.0.2"]}]}}]`},
	{"PowerDNS", "powerdns", `{"name": "a.", "rrsets": [{"name": "x.a.", "type": "A", "records": [{"content": "10.7.0.1"}]}, {"name": "y.a.", "type": "A", "records": [{"content": "10.7.0.2"}]}]}`},
	{"ExternalDNS", "external-dns", `{"apiVersion": "externaldns.k8s.io/v1alpha1", "kind": "DNSEndpoint", "metadata": {"name": "x"}, "spec": {"endpoints": [{"dnsName": "x.a", "recordType": "A", "targets": ["10.7.0.1"]}, {"dnsName": "y.a", "recordType": "A", "targets": ["10.7.0.2"]}]}}`},
	{"ExternalDNS, listed", "external-dns", `{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "externaldns.k8s.io/v1alpha1", "kind": "DNSEndpoint", "metadata": {"name": "x"}, "spec": {"endpoints": [{"dnsName": "x.a", "recordType": "A", "targets": ["10.7.0.1"]}]}}, {"apiVersion": "externaldns.k8s.io/v1alpha1", "kind": "DNSEndpoint", "metadata": {"name": "y"}, "spec": {"endpoints": [{"dnsName": "y.a", "recordType": "A", "targets": ["10.7.0.2"]}]}}]}`},
	{"Windows", "windows", `[{"HostName": "x", "RecordType": "A", "RecordData": {"IPv4Address": {"IPAddressToString": "10.7.0.1"}}, "DistinguishedName": "DC=x,DC=a.test,cn=MicrosoftDNS"}, {"HostName": "y", "RecordType": "A", "RecordData": {"IPv4Address": {"IPAddressToString": "10.7.0.2"}}, "DistinguishedName": "DC=y,DC=a.test,cn=MicrosoftDNS"}]`},
}

// indented returns a document as tools print it for people.
func indented(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(text), "", "  "); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestLinesOfDocuments: the line of a record is where the record begins: from there to its
// address is no address of another one.
func TestLinesOfDocuments(t *testing.T) {
	for _, tt := range placedDocuments {
		t.Run(tt.name, func(t *testing.T) { checkLines(t, tt.kind, indented(t, tt.text)) })
	}
}

var ownAddress = regexp.MustCompile(`10\.7\.0\.\d+`)

func checkLines(t *testing.T, kind, text string) {
	t.Helper()
	if got, _ := all.Detect([]byte(text)); got.Syntax() != kind {
		t.Errorf("kind %q, want %q", got.Syntax(), kind)
	}
	b := holdings.NewBuilder()
	if err := all.ReadAny(b, strings.NewReader(text), formats.Input{Name: "a.test.yaml", Origin: "a.test."}); err != nil {
		t.Fatal(err)
	}
	lines, told := strings.Split(text, "\n"), 0
	for entry := range b.Set().All() {
		for _, addr := range entry.Data().Addrs {
			told++
			at := entry.Place().Line
			if first := ownAddress.FindString(strings.Join(lines[at-1:], "\n")); first != addr.String() {
				t.Errorf("%s is told to be in line %d (%s), behind which is %s first", addr, at, strings.TrimSpace(lines[at-1]), first)
			}
			if strings.Contains(lines[at-1], "[") && len(lines) > at && strings.Contains(lines[at], "{") {
				t.Errorf("%s is told to be in line %d (%s), where a list begins", addr, at, strings.TrimSpace(lines[at-1]))
			}
		}
	}
	if want := len(ownAddress.FindAllString(text, -1)); told != want {
		t.Errorf("%s", fmt.Sprintf("%d addresses were read of %d", told, want))
	}
}
