package all_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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
		hosted = `"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "` + zone + `", "VPCs": [{"VPCId": "v"}]}`
		arm    = `{"$schema": "deploymentTemplate.json#", "resources": [`
		armOne = `{"type": "Microsoft.Network/privateDnsZones", "name": "` + zone + `"}`
		state  = `{"format_version": "1", "terraform_version": "1", "values": {"root_module": {"resources": [`
	)
	tf := func(kind, values string) string {
		return `{"mode": "managed", "type": "` + kind + `", "name": "a", "values": {` + values + `}}`
	}
	aws := func(id string) string {
		return tf("aws_route53_zone", `"zone_id": "`+id+`", "name": "`+zone+`", "vpc": [{}]`)
	}
	google := func(id string) string {
		return tf("google_dns_managed_zone", `"id": "`+id+`", "dns_name": "`+zone+`.", "visibility": "private"`)
	}
	az := func(group, kind string) string {
		return strings.NewReplacer("GROUP", group, "KIND", kind).Replace(azure)
	}
	tests := []struct {
		name, text string
		want       []string
	}{
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
		{"Resource Manager, one", arm + armOne + "]}", nil},
		{"Terraform for AWS, one", state + aws("Z1") + "]}}}", nil},
		{"Terraform for AWS, two", state + aws("Z1") + ", " + aws("Z2") + "]}}}", []string{unread}},
		{"Terraform for Google Cloud, two", state + google("a") + ", " + google("b") + "]}}}", []string{unread}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, faults(t, tt.text)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}
