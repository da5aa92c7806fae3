package all_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// TestZonesOfOneName: of several zones of one name a network sees one, and a zone that is
// public is none of its own.
func TestZonesOfOneName(t *testing.T) {
	const (
		zone   = "endpoints.neo4j.io"
		unread = "not-read"
		sets   = `{"ResourceRecordSets": [{"Name": "` + zone + `.", "Type": "SOA"}]}`
		gcp    = `[{"kind": "dns#resourceRecordSet", "name": "` + zone + `.", "type": "SOA", "rrdatas": ["x"]}]`
		azure  = `{"id": "/s/GROUP/Microsoft.Network/KIND/` + zone + `/SOA/@", "name": "@", "fqdn": "` + zone + `.", "type": "Microsoft.Network/KIND/SOA"}`
		hosted = `"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "` + zone + `", "VPCs": [{"VPCId": "v", "VPCRegion": "r"}]}`
		arm    = `{"$schema": "deploymentTemplate.json#", "contentVersion": "1.0.0.0", "resources": [`
		armOne = `{"type": "Microsoft.Network/privateDnsZones", "apiVersion": "2020-06-01", "location": "global", "name": "` + zone + `"}`
		state  = `{"format_version": "1", "terraform_version": "1", "values": {"root_module": {"resources": [`
	)
	tf := func(kind, values string) string {
		return `{"mode": "managed", "type": "` + kind + `", "name": "a", "values": {` + values + `}}`
	}
	aws := func(id string) string {
		return tf("aws_route53_zone", `"zone_id": "`+id+`", "name": "`+zone+`", "vpc": [{}]`)
	}
	google := func(id string) string {
		return tf("google_dns_managed_zone", `"id": "`+id+`", "dns_name": "`+zone+`.", "visibility": "private", "private_visibility_config": [{"networks": [{"network_url": "n"}]}]`)
	}
	az := func(group, kind string) string {
		return strings.NewReplacer("GROUP", group, "KIND", kind).Replace(azure)
	}
	checkFaults(t, []faulty{
		{"Route 53, one", sets, nil},
		{"Route 53, two", sets + sets, []string{unread}},
		{"Route 53, public", `{"HostedZone": {"Name": "` + zone + `.", "Config": {"PrivateZone": false}}}` + sets, []string{unread}},
		{"Cloud DNS, one", gcp, nil},
		{"Cloud DNS, two", gcp + gcp, []string{unread}},
		{"Cloud DNS, public", `[{"kind": "dns#managedZone", "name": "a", "dnsName": "` + zone + `.", "visibility": "public"}]` + gcp, []string{unread}},
		{"Azure, one", "[" + az("a", "privateDnsZones") + "]", nil},
		{"Azure, two", "[" + az("a", "privateDnsZones") + "][" + az("b", "privateDnsZones") + "]", []string{unread}},
		{"Azure, public", "[" + az("a", "dnszones") + "]", []string{unread}},
		{"CloudFormation, one", `{"Resources": {"A": {` + hosted + `}}}`, nil},
		{"CloudFormation, two", `{"Resources": {"A": {` + hosted + `}, "B": {` + hosted + `}}}`, []string{unread}},
		{"Resource Manager, one", arm + armOne + `, {"type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks", "apiVersion": "2020-06-01", "location": "global", "name": "` + zone + `/l", "properties": {"virtualNetwork": {"id": "/v"}}}]}`, nil},
		{"Terraform for AWS, one", state + aws("Z1") + "]}}}", nil},
		{"Terraform for AWS, two", state + aws("Z1") + ", " + aws("Z2") + "]}}}", []string{unread}},
		{"Terraform for Google Cloud, two", state + google("a") + ", " + google("b") + "]}}}", []string{unread}},
	})
}

// TestCloudChanges: rules that come before a zone, resources that there may not be, and
// record sets that are deleted are told.
func TestCloudChanges(t *testing.T) {
	const (
		unread = "not-read"
		zone   = `"A": {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "endpoints.neo4j.io", "VPCs": [{"VPCId": "v", "VPCRegion": "r"}]}}`
		record = `"Type": "AWS::Route53::RecordSet", "Properties": {"HostedZoneId": {"Ref": "A"}, "Name": "west.endpoints.neo4j.io.", "Type": "A", "TTL": "30", "ResourceRecords": ["10.0.0.1"]}`
		state  = `{"terraform_version": "1", "lineage": "x", "resources": [
{"mode": "managed", "type": "aws_route53_zone", "name": "a", "instances": [{"attributes": {"zone_id": "Z", "name": "endpoints.neo4j.io", "vpc": [{}]}}]},
{"mode": "managed", "type": "aws_route53_resolver_rule", "name": "a", "instances": [{"attributes": {"domain_name": "DOMAIN", "rule_type": "TYPE", "target_ip": [{"ip": "10.0.0.9"}]}}]}]}`
		rule = `"B": {"Type": "AWS::Route53Resolver::ResolverRule", "Properties": {"DomainName": "DOMAIN", "RuleType": "TYPE", "TargetIps": [{"Ip": "10.0.0.9"}]}}`
	)
	forwarding := func(text, domain, kind string) string {
		return strings.NewReplacer("DOMAIN", domain, "TYPE", kind).Replace(text)
	}
	batch := func(actions ...string) string {
		var all []string
		for _, action := range actions {
			all = append(all, `{"Action": "`+action+`", "ResourceRecordSet": {"Name": "west.endpoints.neo4j.io.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "10.0.0.1"}]}}`)
		}
		return `{"Changes": [` + strings.Join(all, ", ") + `]}`
	}
	checkFaults(t, []faulty{
		{"Terraform, a rule for the zone", forwarding(state, "endpoints.neo4j.io", "FORWARD"), []string{unread}},
		{"Terraform, a rule for another", forwarding(state, "corp.example", "FORWARD"), nil},
		{"Terraform, a rule that forwards nothing", forwarding(state, "endpoints.neo4j.io", "SYSTEM"), nil},
		{"CloudFormation, a rule for the zone", forwarding(`{"Resources": {`+zone+`, `+rule+`}}`, "endpoints.neo4j.io", "FORWARD"), []string{unread}},
		{"CloudFormation, a rule before the zone", forwarding(`{"Resources": {`+rule+`, `+zone+`}}`, "endpoints.neo4j.io", "FORWARD"), []string{unread}},
		{"CloudFormation, a rule for another", forwarding(`{"Resources": {`+zone+`, `+rule+`}}`, "corp.example", "FORWARD"), nil},
		{"CloudFormation, a record", `{"Resources": {` + zone + `, "B": {` + record + `}}}`, nil},
		{"CloudFormation, a record under a condition", `{"Conditions": {"Never": {"Fn::Equals": [{"Ref": "AWS::Region"}, "x"]}}, "Resources": {` + zone + `, "B": {"Condition": "Never", ` + record + `}}}`, []string{unread}},
		{"Route 53, a record that is made", batch("UPSERT"), nil},
		{"Route 53, a record that is made anew", batch("DELETE", "CREATE"), nil},
		{"Route 53, a record that is deleted then", batch("UPSERT", "DELETE"), []string{unread}},
		{"Route 53, a record that is deleted", batch("DELETE"), []string{unread}},
	})
}

// TestOctoDNSSync: a record that is not synced is none, and one that is synced to some
// providers alone may be none.
func TestOctoDNSSync(t *testing.T) {
	tests := []struct {
		name, sync string
		has        bool
		want       []string
	}{
		{"to all", "", true, nil},
		{"to none", "  octodns: {ignored: true}\n", false, nil},
		{"not to one", "  octodns: {excluded: [vpc]}\n", true, []string{"not-read"}},
		{"to one", "  octodns:\n    included: [vpc]\n", true, []string{"not-read"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := holdings.NewBuilder()
			text := "west:\n  type: A\n  value: 10.0.0.1\n" + tt.sync
			if err := all.ReadAny(b, strings.NewReader(text), formats.Input{Name: "endpoints.neo4j.io.yaml"}); err != nil {
				t.Fatal(err)
			}
			set := b.Set()
			if has := len(set.Resolve("west.endpoints.neo4j.io.", dns.TypeA).Addrs) > 0; has != tt.has {
				t.Errorf("it has the record: %v, want %v", has, tt.has)
			}
			if d := cmp.Diff(tt.want, kinds(set)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestWindowsScopes: the records of a scope are answered to some clients alone.
func TestWindowsScopes(t *testing.T) {
	const (
		table = "\n\nHostName RecordType TimeToLive RecordData\n-------- ---------- ---------- ----------\n@        SOA        01:00:00   [1][a.][b.]\nwest     A          00:01:00   10.0.0.1\n"
		list  = "\n\nHostName   : @\nRecordType : SOA\nRecordData : [1][a.][b.]\n\nHostName   : west\nRecordType : A\nRecordData : 10.0.0.1\n"
	)
	checkFaults(t, []faulty{
		{"a table", "PS C:\\> Get-DnsServerResourceRecord -ZoneName endpoints.neo4j.io" + table, nil},
		{"a table of a scope", "PS C:\\> Get-DnsServerResourceRecord -ZoneName endpoints.neo4j.io -ZoneScope \"west\"" + table, []string{"not-read"}},
		{"a table of a scope, shortened", "PS C:\\> Get-DnsServerResourceRecord -zones:west -zonen endpoints.neo4j.io" + table, []string{"not-read"}},
		{"a list", "PS C:\\> Get-DnsServerResourceRecord endpoints.neo4j.io | fl" + list, nil},
		{"a list of a scope", "PS C:\\> Get-DnsServerResourceRecord endpoints.neo4j.io -ZoneScope west | fl" + list, []string{"not-read"}},
	})
}
