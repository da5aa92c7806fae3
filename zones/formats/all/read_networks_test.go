package all_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// TestReadInNetwork: of several zones of one name a network sees one, and of what others see nothing
// is left.
func TestReadInNetwork(t *testing.T) {
	aws := func(n int) string {
		return fmt.Sprintf(`{"address": "aws_route53_zone.z%d", "mode": "managed", "type": "aws_route53_zone", "name": "z%[1]d", "values": {"id": "Z%[1]d", "zone_id": "Z%[1]d", "name": "a.test", "vpc": [{"vpc_id": "vpc-%[1]d"}]}},
{"address": "aws_route53_record.r%[1]d", "mode": "managed", "type": "aws_route53_record", "name": "r%[1]d", "values": {"zone_id": "Z%[1]d", "name": "x.a.test", "type": "A", "ttl": 60, "records": ["10.0.0.%[1]d"]}}`, n)
	}
	google := func(n int) string {
		return fmt.Sprintf(`{"address": "google_dns_managed_zone.z%d", "mode": "managed", "type": "google_dns_managed_zone", "name": "z%[1]d", "values": {"id": "projects/p/managedZones/z%[1]d", "name": "z%[1]d", "project": "p", "dns_name": "a.test.", "visibility": "private", "private_visibility_config": [{"networks": [{"network_url": "projects/p/global/networks/vpc-%[1]d"}]}]}},
{"address": "google_dns_record_set.r%[1]d", "mode": "managed", "type": "google_dns_record_set", "name": "r%[1]d", "values": {"managed_zone": "z%[1]d", "project": "p", "name": "x.a.test.", "type": "A", "ttl": 60, "rrdatas": ["10.0.0.%[1]d"]}}`, n)
	}
	state := func(one func(int) string) string {
		return `{"format_version": "1.0", "terraform_version": "1.9.0", "values": {"root_module": {"resources": [` + one(1) + "," + one(2) + `]}}}`
	}
	template := func(n int) string {
		return fmt.Sprintf(`"Z%d": {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "a.test", "VPCs": [{"VPCId": "vpc-%[1]d", "VPCRegion": "r"}]}},
"R%[1]d": {"Type": "AWS::Route53::RecordSet", "Properties": {"HostedZoneId": {"Ref": "Z%[1]d"}, "Name": "x.a.test", "Type": "A", "TTL": "60", "ResourceRecords": ["10.0.0.%[1]d"]}}`, n)
	}
	azure := func(n int) string {
		id := fmt.Sprintf("/subscriptions/s/resourceGroups/g%d/providers/Microsoft.Network/privateDnsZones/a.test", n)
		return fmt.Sprintf(`[{"id": "%s/SOA/@", "name": "@", "fqdn": "a.test.", "type": "Microsoft.Network/privateDnsZones/SOA"},
{"id": "%[1]s/A/x", "name": "x", "fqdn": "x.a.test.", "ttl": 60, "type": "Microsoft.Network/privateDnsZones/A", "aRecords": [{"ipv4Address": "10.0.0.%[2]d"}]}]
[{"id": "%[1]s/virtualNetworkLinks/l", "name": "l", "type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks", "virtualNetwork": {"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/vpc-%[2]d"}}]
`, id, n)
	}
	for name, text := range map[string]string{
		"a state of AWS":          state(aws),
		"a state of Google Cloud": state(google),
		"a template":              `{"Resources": {` + template(1) + "," + template(2) + `}}`,
		"what Azure's tool has":   azure(1) + azure(2),
	} {
		t.Run(name, func(t *testing.T) {
			for network, want := range map[string]string{"vpc-1": "10.0.0.1", "VPC-2": "10.0.0.2", "": "", "vpc-3": ""} {
				b := holdings.NewBuilder()
				b.InNetwork(network)
				if err := all.ReadAny(b, strings.NewReader(text), formats.Input{Name: "f"}); err != nil {
					t.Fatal(err)
				}
				set := b.Set()
				got, notes := dump(set), strings.Join(told(set), "\n")
				if want == "" && !strings.Contains(notes, "not read: ") || want != "" && (strings.Contains(notes, "not read: ") || !strings.Contains(got, "x.a.test. "+want+" ttl")) {
					t.Errorf("in %q: got:\n%s%s\nwant %q alone", network, got, notes, want)
				}
			}
		})
	}
}
