package all_test

import (
	"fmt"
	"strings"
	"testing"
)

// pulumiOne is a resource of a stack, of a type and with outputs.
func pulumiOne(kind, name, outputs string) string {
	return fmt.Sprintf(`{"urn": "urn:pulumi:dev::p::%s::%s", "type": %q, "outputs": {%s}}`, kind, name, kind, outputs)
}

func pulumiStack(resources ...string) string {
	return `{"version": 3, "deployment": {"manifest": {}, "resources": [` + "\n" + strings.Join(resources, ",\n") + `]}}`
}

// TestReadPulumi: a stack has Terraform's resources by other names.
func TestReadPulumi(t *testing.T) {
	awsZone := pulumiOne("aws:route53/zone:Zone", "z", `"zoneId": "Z1", "id": "Z1", "name": "a", "vpcs": [{"vpcId": "vpc-1", "vpcRegion": "us-east-1"}]`)
	check(t, []odd{
		{
			name: "AWS", kind: "pulumi",
			text: pulumiStack(awsZone,
				pulumiOne("aws:route53/record:Record", "star", `"zoneId": "Z1", "name": "*", "fqdn": "*.a", "type": "A", "ttl": 30, "records": ["10.0.0.1"]`),
				pulumiOne("aws:route53/record:Record", "alias", `"zoneId": "Z1", "name": "s", "type": "A", "aliases": [{"name": "vpce-1.example", "zoneId": "Z9"}]`),
				pulumiOne("aws:route53/record:Record", "eu", `"zoneId": "Z1", "name": "g", "type": "A", "ttl": 30, "setIdentifier": "eu", "geolocationRoutingPolicies": [{"continent": "EU"}], "records": ["10.0.0.1"]`),
				pulumiOne("aws:ec2/vpc:Vpc", "v", `"cidrBlock": "10.0.0.0/16"`)),
			want:  "zone a. else nxdomain, f:2\n*.a. 10.0.0.1 ttl 30, f:3\ng.a. 10.0.0.1 ttl 30, f:5\ns.a. → vpce-1.example, f:4\n",
			notes: []string{"not read: f:5: g.a has records for clients in some places alone: those in others have no answer"},
		},
		{
			name: "Google Cloud and Azure", kind: "pulumi",
			text: pulumiStack(
				pulumiOne("gcp:dns/managedZone:ManagedZone", "g", `"project": "p", "name": "g", "dnsName": "g.", "visibility": "private", "privateVisibilityConfig": {"networks": [{"networkUrl": "/v"}]}`),
				pulumiOne("gcp:dns/recordSet:RecordSet", "x", `"project": "p", "managedZone": "g", "name": "x.g.", "type": "A", "ttl": 30, "rrdatas": ["10.0.0.1"]`),
				pulumiOne("gcp:dns/responsePolicyRule:ResponsePolicyRule", "r", `"dnsName": "r.g.", "localData": {"localDatas": [{"name": "r.g.", "type": "A", "ttl": 30, "rrdatas": ["10.0.0.2"]}]}`),
				pulumiOne("azure:privatedns/zone:Zone", "b", `"name": "b"`),
				pulumiOne("azure:privatedns/aRecord:ARecord", "star", `"zoneName": "b", "name": "*", "ttl": 30, "records": ["10.0.0.3"]`),
				pulumiOne("azure:privatedns/aAAARecord:AAAARecord", "six", `"zoneName": "b", "name": "@", "ttl": 30, "records": ["fd00::1"]`),
				pulumiOne("azure:privatedns/zoneVirtualNetworkLink:ZoneVirtualNetworkLink", "l", `"privateDnsZoneName": "b", "virtualNetworkId": "/v"`)),
			want: "zone b. else nxdomain, f:5\nzone g. else nxdomain, f:2\nb. fd00::1 ttl 30, f:7\n*.b. 10.0.0.3 ttl 30, f:6\nr.g. 10.0.0.2 ttl 30, f:4\nx.g. 10.0.0.1 ttl 30, f:3\n",
		},
		{
			name: "what is not read, what is on its way, and what is a secret", kind: "pulumi",
			text: strings.Replace(pulumiStack(awsZone,
				pulumiOne("azure-native:privatedns:PrivateRecordSet", "n", `"name": "*"`),
				strings.Replace(pulumiOne("aws:route53/record:Record", "old", `"zoneId": "Z1", "name": "old", "type": "A", "records": ["10.0.0.9"]`), `"type"`, `"delete": true, "type"`, 1),
				strings.Replace(pulumiOne("aws:route53/record:Record", "gone", `"zoneId": "Z1", "name": "gone", "type": "A", "records": ["10.0.0.9"]`), `"type"`, `"pendingReplacement": true, "type"`, 1),
				pulumiOne("aws:route53/record:Record", "s", `"zoneId": "Z1", "name": "s", "type": "A", "ttl": 30, "records": [{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "x"}]`)),
				`"resources"`, `"pending_operations": [{"type": "creating", "resource": {"urn": "urn:pulumi:dev::p::aws:route53/record:Record::q", "type": "aws:route53/record:Record"}}], "resources"`, 1),
			want: "zone a. else nxdomain, f:2\ns.a. → not-known-yet.auralink.invalid ttl 30, f:6\n",
			notes: []string{
				"f:6: an address of s.a. is not known yet",
				"not read: f:1: an operation of Pulumi was cut short: whether it was done for urn:pulumi:dev::p::aws:route53/record:Record::q, is not known: run pulumi refresh",
				"not read: f:4: urn:pulumi:dev::p::aws:route53/record:Record::old is there until the next update, and not after it: run pulumi up first",
				"not read: f:5: urn:pulumi:dev::p::aws:route53/record:Record::gone was deleted, and is not made anew yet: run pulumi up first",
				"not read: f:3: azure-native:privatedns:PrivateRecordSet.n is not read: what azure-native:privatedns:PrivateRecordSet makes of names is not known here",
			},
		},
	})
}
