package all_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// TestReadClouds reads what command lines of clouds, Terraform and other tools print,
// whose kind is found out from its content.
func TestReadClouds(t *testing.T) {
	tests := []struct {
		name, file, text string
		kind             string
		want             string
		notes            []string
		err              string
	}{
		{
			name: "Route 53, once for each zone", kind: "route53",
			text: `{"ResourceRecordSets": [{"Name": "a.", "Type": "SOA"}, {"Name": "\\052.a.", "Type": "A", "TTL": 5, "ResourceRecords": [{"Value": "10.0.0.1"}]}]}
{"ResourceRecordSets": [{"Name": "b.", "Type": "A", "TTL": 5, "ResourceRecords": [{"Value": "10.0.0.2"}]}]}`,
			want:  "zone a. else nxdomain, f:1\n*.a. 10.0.0.1 ttl 5, f:1\nb. 10.0.0.2 ttl 5, f:2\n",
			notes: []string{"not read: f:2: there is no SOA among the record sets: which names their zone hides cannot be told"},
		},
		{
			name: "Route 53, by --query", kind: "route53",
			text: `[{"Name": "a.", "Type": "A", "AliasTarget": {"DNSName": "vpce-1.example."}},
 {"Name": "b.", "Type": "AAAA", "TTL": 5, "ResourceRecords": [{"Value": "fd00::1"}]}]`,
			want:  "a. → vpce-1.example, f:1\nb. fd00::1 ttl 5, f:2\n",
			notes: []string{"not read: f:1: there is no SOA among the record sets: which names their zone hides cannot be told"},
		},
		{
			name: "Route 53, by jq, set by set", kind: "route53",
			text: `{"Name": "a.", "Type": "A", "TTL": 5, "ResourceRecords": [{"Value": "10.0.0.1"}]}
{"Name": "b.", "Type": "A", "TTL": 5, "ResourceRecords": [{"Value": "ten"}]}`,
			want:  "a. 10.0.0.1 ttl 5, f:1\nb. what a record of type A makes of it ttl 5, f:2\n",
			notes: []string{`not read: f:2: b. has the A "ten", which is no such address: left out`, "not read: f:1: there is no SOA among the record sets: which names their zone hides cannot be told"},
		},
		{
			name: "Route 53, gathered by jq -s", kind: "route53",
			text: `[{"ResourceRecordSets": [{"Name": "a.", "Type": "A", "TTL": 5, "ResourceRecords": [{"Value": "10.0.0.1"}]}]},
{"ResourceRecordSets": [{"Name": "b.", "Type": "CNAME", "TTL": 5, "ResourceRecords": [{"Value": "a"}]}]}]`,
			want:  "a. 10.0.0.1 ttl 5, f:1\nb. → a ttl 5, f:2\n",
			notes: []string{"not read: f:1: there is no SOA among the record sets: which names their zone hides cannot be told", "not read: f:2: there is no SOA among the record sets: which names their zone hides cannot be told"},
		},
		{
			name: "Route 53, one page", kind: "route53",
			text:  `{"ResourceRecordSets": [{"Name": "a.", "Type": "SOA"}], "IsTruncated": true, "NextRecordName": "\\052.a.", "MaxItems": "1"}`,
			want:  "zone a. else nxdomain, f:1\n",
			notes: []string{"not read: f:1: IsTruncated says that this is one page of several, and none that is read follows: what is from *.a on may lead anywhere: give all pages together"},
		},
		{
			name: "Route 53, all pages", kind: "route53",
			text: `{"ResourceRecordSets": [{"Name": "a.", "Type": "SOA"}], "IsTruncated": true, "NextRecordName": "\\052.a."}
{"ResourceRecordSets": [{"Name": "\\052.a.", "Type": "A", "ResourceRecords": [{"Value": "10.0.0.1"}]}], "IsTruncated": false}`,
			want: "zone a. else nxdomain, f:1\n*.a. 10.0.0.1, f:2\n",
		},
		{
			name: "Route 53, another page", kind: "route53",
			text: `{"ResourceRecordSets": [{"Name": "a.", "Type": "SOA"}], "IsTruncated": true, "NextRecordName": "\\052.a."}
{"ResourceRecordSets": [{"Name": "b.", "Type": "A", "ResourceRecords": [{"Value": "10.0.0.1"}]}]}`,
			want:  "zone a. else nxdomain, f:1\nb. 10.0.0.1, f:2\n",
			notes: []string{"not read: f:1: IsTruncated says that this is one page of several, and none that is read follows: what is from *.a on may lead anywhere: give all pages together", "not read: f:2: there is no SOA among the record sets: which names their zone hides cannot be told"},
		},
		{
			name: "Route 53, a zone with public DNS fallback", kind: "route53",
			text: `{"ResourceRecordSets": [{"Name": "a.", "Type": "SOA"}, {"Name": "b.", "Type": "SOA"}]}
{"HostedZone": {"Id": "/hostedzone/Z1", "Name": "a.", "CallerReference": "x", "Features": {"PublicDnsFallbackStatus": "ENABLED"}}, "VPCs": []}
{"HostedZone": {"Id": "/hostedzone/Z2", "Name": "b.", "CallerReference": "y", "Features": {"PublicDnsFallbackStatus": "DISABLED"}}}`,
			want: "zone a. else passthru, f:1\nzone b. else nxdomain, f:1\n",
		},
		{
			name: "Route 53, zones of which not all are listed", kind: "route53",
			text: `{"HostedZones": [{"Id": "/hostedzone/Z1", "Name": "a.", "CallerReference": "x", "Config": {"PrivateZone": true}}, {"Id": "/hostedzone/Z2", "Name": "s.a.", "CallerReference": "y", "Config": {"PrivateZone": true}},
 {"Id": "/hostedzone/Z3", "Name": "pub.", "CallerReference": "z", "Config": {"PrivateZone": false}}]}
{"ResourceRecordSets": [{"Name": "a.", "Type": "SOA"}, {"Name": "x.s.a.", "Type": "A", "ResourceRecords": [{"Value": "10.0.0.1"}]}]}
{"HostedZone": {"Id": "/hostedzone/Z1", "Name": "a.", "CallerReference": "x", "Config": {"PrivateZone": true}}, "VPCs": []}`,
			want: "zone a. else nxdomain, f:3\nclaim s.a. else refer, f:1\n",
			notes: []string{
				"not read: f:4: zone a is associated with no VPC: nobody is answered from it, but by a profile",
			},
		},
		{
			name: "Route 53, what a VPC sees, and what is forwarded", kind: "route53",
			text: `{"HostedZoneSummaries": [{"HostedZoneId": "Z1", "Name": "a."}, {"HostedZoneId": "Z2", "Name": "c."}]}
{"ResourceRecordSets": [{"Name": "a.", "Type": "SOA"}]}{"ResourceRecordSets": [{"Name": "b.", "Type": "SOA"}]}
{"ResolverRules": [{"DomainName": "b.", "RuleType": "FORWARD", "TargetIps": [{"Ip": "10.0.0.2", "Port": 53}]}, {"DomainName": ".", "RuleType": "RECURSIVE"}, {"DomainName": "d.", "RuleType": "FORWARD", "TargetIps": [{"Ipv6": "fd00::2"}]}]}`,
			want: "zone a. else nxdomain, f:2\nzone b. else nxdomain, f:2\nclaim c. else refer, f:1\nclaim d. else refer, f:3\n",
			notes: []string{
				"not read: f:2: zone b is not among the zones that the VPC sees: nobody there is answered from it",
				"not read: f:3: a resolver rule forwards b to 10.0.0.2, before its hosted zone is asked: audit that server",
			},
		},
		{
			name: "Route 53, for clients in some places", kind: "route53",
			text: `{"ResourceRecordSets": [{"Name": "a.", "Type": "SOA"},
{"Name": "x.a.", "Type": "A", "SetIdentifier": "1", "GeoLocation": {"CountryCode": "US"}, "ResourceRecords": [{"Value": "10.0.0.1"}]},
{"Name": "y.a.", "Type": "A", "SetIdentifier": "1", "GeoLocation": {"ContinentCode": "EU"}, "ResourceRecords": [{"Value": "10.0.0.1"}]},
{"Name": "y.a.", "Type": "A", "SetIdentifier": "2", "GeoLocation": {"CountryCode": "*"}, "ResourceRecords": [{"Value": "10.0.0.2"}]},
{"Name": "z.a.", "Type": "A", "SetIdentifier": "1", "Weight": 1, "ResourceRecords": [{"Value": "10.0.0.1"}]},
{"Name": "z.a.", "Type": "A", "SetIdentifier": "2", "Weight": 0, "AliasTarget": {"DNSName": "vpce-1.example."}}]}`,
			want: "zone a. else nxdomain, f:1\nx.a. 10.0.0.1, f:2\ny.a. 10.0.0.1, 10.0.0.2, f:3\nz.a. what a record of type A beside an alias makes of it, f:5\n",
			notes: []string{
				"not read: f:2: x.a has records for clients in some places alone: those in others have no answer",
			},
		},
		{
			name: "Cloud DNS record sets", kind: "gcp-record-sets",
			text: `[
  {"kind": "dns#resourceRecordSet", "name": "a.", "rrdatas": ["ns x 1 2 3 4 5"], "ttl": 21600, "type": "SOA"},
  {"kind": "dns#resourceRecordSet", "name": "*.a.", "rrdatas": ["10.0.0.1", "10.0.0.2"], "ttl": 30, "type": "A"},
  {"kind": "dns#resourceRecordSet", "name": "g.a.", "ttl": 30, "type": "A",
   "routingPolicy": {"geo": {"items": [{"location": "us-east1", "rrdatas": ["10.0.0.3"]}, {"location": "us-west1", "rrdatas": ["10.0.0.4"]}]}}}
]`,
			want: "zone a. else nxdomain, f:2\n*.a. 10.0.0.1, 10.0.0.2 ttl 30, f:3\ng.a. 10.0.0.3, 10.0.0.4 ttl 30, f:4\n",
		},
		{
			name: "Cloud DNS record sets as YAML, without the SOA", kind: "gcp-record-sets",
			text: "---\nkind: dns#resourceRecordSet\nname: '*.a.'\nrrdatas:\n- 10.0.0.1\nttl: 30\ntype: A\n" +
				"---\nkind: dns#resourceRecordSet\nname: b.a.\nrrdatas:\n- c.\nttl: 30\ntype: CNAME\n",
			want:  "*.a. 10.0.0.1 ttl 30, f:2\nb.a. → c ttl 30, f:9\n",
			notes: []string{"not read: f:2: there is no SOA among the record sets: which names their zone hides cannot be told"},
		},
		{
			name: "rules of Cloud DNS", kind: "gcp-response-policy",
			text: `[{"dnsName": "*.a.", "kind": "dns#responsePolicyRule", "ruleName": "r1",
  "localData": {"localDatas": [{"kind": "dns#resourceRecordSet", "name": "*.a.", "rrdatas": ["10.0.0.1"], "ttl": 30, "type": "A"}]}},
 {"behavior": "bypassResponsePolicy", "dnsName": "b.a.", "ruleName": "r2"}]`,
			want: "*.a. 10.0.0.1 ttl 30, f:1\nb.a. passthru, f:3\n",
		},
		{
			name: "rules of Cloud DNS as YAML", kind: "gcp-response-policy",
			text: "---\ndnsName: a.\nlocalData:\n  localDatas:\n  - name: a.\n    rrdatas:\n    - 10.0.0.1\n    ttl: 30\n    type: A\nruleName: r1\n",
			want: "a. 10.0.0.1 ttl 30, f:2\n",
		},
		{
			name: "Azure", kind: "azure-record-sets",
			text: `[
  {"fqdn": "a.", "id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/a/SOA/@", "name": "@",
   "soaRecord": {"host": "azureprivatedns.net"}, "ttl": 3600, "type": "Microsoft.Network/privateDnsZones/SOA"},
  {"aRecords": [{"ipv4Address": "10.0.0.1"}], "fqdn": "*.a.", "name": "*", "ttl": 30, "type": "Microsoft.Network/privateDnsZones/A"},
  {"cnameRecord": {"cname": "x.example"}, "fqdn": "c.a.", "name": "c", "ttl": 30, "type": "Microsoft.Network/privateDnsZones/CNAME"}
]`,
			want: "zone a. else nxdomain, f:2\n*.a. 10.0.0.1 ttl 30, f:4\nc.a. → x.example ttl 30, f:5\n",
		},
		{
			name: "Azure's API", kind: "azure-record-sets",
			text: `{"value": [{"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/a/AAAA/@", "name": "@",
  "type": "Microsoft.Network/privateDnsZones/AAAA", "properties": {"ttl": 30, "aaaaRecords": [{"ipv6Address": "fd00::1"}]}}]}`,
			want:  "zone a. else nxdomain, f:1\na. fd00::1 ttl 30, f:1\n",
			notes: []string{"not read: f:1: zone a is listed without its SOA, as a list of one type is: what it has of other types, such as AAAA and CNAME, is not known: audit what record-set list prints, which has all types"},
		},
		{
			name: "Terraform's state", kind: "terraform-aws",
			text: `{"format_version": "1.0", "terraform_version": "1.9.0", "values": {"root_module": {"resources": [
  {"address": "aws_route53_zone.z", "mode": "managed", "type": "aws_route53_zone", "name": "z", "values": {"name": "a", "zone_id": "Z1", "vpc": [{"vpc_id": "vpc-1"}]}},
  {"address": "aws_route53_zone.p", "mode": "managed", "type": "aws_route53_zone", "name": "p", "values": {"name": "pub", "zone_id": "Z2", "vpc": []}},
  {"address": "aws_route53_record.p", "mode": "managed", "type": "aws_route53_record", "name": "p", "values": {"name": "x.pub", "fqdn": "x.pub", "zone_id": "Z2", "type": "A", "ttl": 5, "records": ["10.0.0.9"]}}
 ], "child_modules": [{"resources": [
  {"address": "module.m.aws_route53_record.r", "mode": "managed", "type": "aws_route53_record", "name": "r", "values": {"name": "*", "fqdn": "*.a", "zone_id": "Z1", "type": "A", "ttl": 30, "records": ["10.0.0.1"]}},
  {"address": "module.m.aws_route53_record.s", "mode": "managed", "type": "aws_route53_record", "name": "s", "values": {"name": "s.a", "zone_id": "Z1", "type": "A", "alias": [{"name": "vpce-1.example."}]}}
 ]}]}}}`,
			want:  "zone a. else nxdomain, f:2\n*.a. 10.0.0.1 ttl 30, f:6\ns.a. → vpce-1.example, f:7\n",
			notes: []string{"f:3: zone pub is public: it is left out, and so are its records"},
		},
		{
			name: "Terraform's plan, of which something is not known", kind: "terraform-azure",
			text: `{"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module": {"resources": [
  {"mode": "managed", "type": "azurerm_private_dns_zone", "name": "z", "values": {"name": "a"}},
  {"mode": "managed", "type": "azurerm_private_dns_a_record", "name": "r", "values": {"name": "@", "zone_name": "a", "ttl": 30, "records": ["10.0.0.1"]}},
  {"mode": "managed", "type": "azurerm_private_dns_a_record", "name": "s", "values": {"name": "s", "zone_name": "a", "ttl": 30}}
 ]}}, "prior_state": {"values": {"root_module": {"resources": [
  {"mode": "managed", "type": "azurerm_private_dns_a_record", "name": "old", "values": {"name": "old", "zone_name": "a", "ttl": 30, "records": ["10.0.0.2"]}}]}}}}`,
			want:  "zone a. else nxdomain, f:2\na. 10.0.0.1 ttl 30, f:3\ns.a. → not-known-yet.auralink.invalid ttl 30, f:4\n",
			notes: []string{"f:4: an address of s.a is not known yet", "not read: f:2: zone a is linked to no network here: unless another module or state does so, nobody is answered from it: audit that as well, or what az network private-dns link vnet list prints; the zone is judged as if it were linked"},
		},
		{
			name: "Terraform's state file", kind: "terraform-google",
			text: `{"version": 4, "terraform_version": "1.9.0", "serial": 3, "lineage": "x", "resources": [
  {"mode": "managed", "type": "google_dns_managed_zone", "name": "z", "instances": [{"attributes": {"name": "z", "dns_name": "a.", "visibility": "private", "private_visibility_config": [{"networks": [{"network_url": "n"}]}]}}]},
  {"mode": "managed", "type": "google_dns_record_set", "name": "r", "instances": [{"index_key": "a", "attributes": {"name": "*.a.", "managed_zone": "z", "type": "A", "ttl": 30, "rrdatas": ["10.0.0.1"]}}]},
  {"mode": "managed", "type": "google_dns_response_policy_rule", "name": "p", "instances": [{"attributes": {"dns_name": "b.", "behavior": "", "local_data": [{"local_datas": [{"name": "b.", "type": "A", "ttl": 30, "rrdatas": ["10.0.0.2"]}]}]}}]}
]}`,
			want: "zone a. else nxdomain, f:2\n*.a. 10.0.0.1 ttl 30, f:3\nb. 10.0.0.2 ttl 30, f:4\n",
		},
		{
			name: "a module with literals, and with what it does not say", kind: "terraform-aws",
			text: `{"resource": {
 "aws_route53_zone": {"z": {"name": "a", "vpc": {"vpc_id": "${var.vpc}"}}},
 "aws_route53_record": {
  "r": {"zone_id": "${aws_route53_zone.z.zone_id}", "name": "*", "type": "A", "ttl": 30, "records": ["10.0.0.1"]},
  "s": {"zone_id": "${aws_route53_zone.z.zone_id}", "name": "s.a", "type": "A", "ttl": 30, "records": ["${aws_vpc_endpoint.e.ip}"]},
  "t": {"for_each": "${module.m.names}", "zone_id": "${aws_route53_zone.z.zone_id}", "name": "${each.key}", "type": "A", "ttl": 30, "records": ["10.0.0.3"]}
 }}}`,
			want: "zone a. else nxdomain, f:2\n*.a. 10.0.0.1 ttl 30, f:4\ns.a. → not-known-yet.auralink.invalid ttl 30, f:5\n",
			notes: []string{
				"f:5: an address of s.a is not known yet",
				"not read: f:6: aws_route53_record.t is for each of ${module.m.names}, which is not followed: terraform show -json has what it makes",
			},
		},
		{
			name: "octoDNS", kind: "octodns", file: "zones/a.example.yaml",
			text: "---\n'':\n  - type: A\n    value: 10.0.0.1\n  - type: TXT\n    value: words\n'*':\n  ttl: 30\n  type: A\n  values: [10.0.0.2, 10.0.0.3]\nwww: {type: CNAME, value: a.example.}\n",
			want: "zone a.example. else nxdomain, zones/a.example.yaml:1\na.example. 10.0.0.1 ttl 3600, zones/a.example.yaml:2\n" +
				"*.a.example. 10.0.0.2, 10.0.0.3 ttl 30, zones/a.example.yaml:7\nwww.a.example. → a.example ttl 3600, zones/a.example.yaml:11\n",
		},
		{
			name: "octoDNS, with aliases of YAML, of which one stands in itself", kind: "octodns", file: "zones/a.example.yaml",
			text: "---\nwww:\n  type: A\n  values: &all [10.0.0.1, *all]\nftp:\n  type: A\n  values: *all\n",
			want: "zone a.example. else nxdomain, zones/a.example.yaml:1\nftp.a.example. 10.0.0.1 ttl 3600, zones/a.example.yaml:5\n" +
				"www.a.example. 10.0.0.1 ttl 3600, zones/a.example.yaml:2\n",
		},
		{
			name: "octoDNS, in a file of another name", kind: "octodns",
			text: "---\n'':\n  - type: A\n    value: 10.0.0.1\n",
			err:  "f:1: octoDNS calls the file of a zone by its name, such as endpoints.neo4j.io.yaml, or its directory endpoints.neo4j.io., and this is another name",
		},
		{
			name: "ExternalDNS", kind: "external-dns",
			text: "apiVersion: externaldns.k8s.io/v1alpha1\nkind: DNSEndpoint\nmetadata: {name: x}\nspec:\n  endpoints:\n  - dnsName: '*.a'\n    recordType: A\n    recordTTL: 30\n    targets: [10.0.0.1]\n" +
				"---\napiVersion: v1\nkind: List\nitems:\n- apiVersion: externaldns.k8s.io/v1alpha1\n  kind: DNSEndpoint\n  metadata: {name: y}\n  spec:\n    endpoints:\n    - {dnsName: b.a, recordType: AAAA, targets: ['fd00::1']}\n",
			want: "zone a. else nxdomain, f:6\n*.a. 10.0.0.1 ttl 30, f:6\nb.a. fd00::1, f:19\n",
		},
		{
			name: "PowerDNS's API", kind: "powerdns",
			text: `{"name": "a.", "kind": "Native", "rrsets": [
 {"name": "a.", "type": "SOA", "ttl": 30, "records": [{"content": "x. y. 1 2 3 4 5", "disabled": false}]},
 {"name": "*.a.", "type": "A", "ttl": 30, "records": [{"content": "10.0.0.1", "disabled": false}, {"content": "10.0.0.2", "disabled": true}]},
 {"name": "b.a.", "type": "A", "changetype": "DELETE", "records": []}]}`,
			want: "zone a. else nxdomain, f:2\n*.a. 10.0.0.1 ttl 30, f:3\n",
		},
		{
			name: "Cloud DNS zones, of which others answer some", kind: "gcp-record-sets",
			text: `[{"kind": "dns#managedZone", "name": "p", "dnsName": "p.", "visibility": "private", "privateVisibilityConfig": {"networks": [{"networkUrl": "n"}]}},
{"kind": "dns#managedZone", "name": "q", "dnsName": "q.", "visibility": "private", "privateVisibilityConfig": {"networks": [{"networkUrl": "n"}]}},
{"kind": "dns#managedZone", "name": "f", "dnsName": "f.q.", "visibility": "private", "privateVisibilityConfig": {"networks": [{"networkUrl": "n"}]}, "forwardingConfig": {"targetNameServers": [{"ipv4Address": "10.0.0.2"}, {"ipv4Address": "10.0.0.3"}]}},
{"kind": "dns#managedZone", "name": "e", "dnsName": "e.", "visibility": "private", "peeringConfig": {"targetNetwork": {"networkUrl": "https://x/networks/hub"}}},
{"kind": "dns#managedZone", "name": "pub", "dnsName": "pub.", "visibility": "public"}]
[{"kind": "dns#resourceRecordSet", "name": "q.", "type": "SOA", "rrdatas": ["x"]}, {"kind": "dns#resourceRecordSet", "name": "x.f.q.", "type": "A", "rrdatas": ["10.0.0.1"]}]`,
			want: "claim e. else refer, f:4\nclaim p. else refer, f:1\nzone q. else nxdomain, f:6\nclaim f.q. else refer, f:3\n",
			notes: []string{
				"not read: f:4: zone e. is seen by no network: nobody is answered from it",
			},
		},
		{
			name: "a zone of Cloud DNS that others answer, and record sets of one of its name", kind: "gcp-record-sets",
			text: `[{"kind": "dns#managedZone", "name": "f", "dnsName": "a.", "visibility": "private", "privateVisibilityConfig": {"networks": [{"networkUrl": "n"}]}, "forwardingConfig": {"targetNameServers": [{"ipv4Address": "10.0.0.2"}]}}]
[{"kind": "dns#resourceRecordSet", "name": "a.", "type": "SOA", "rrdatas": ["x"]}, {"kind": "dns#resourceRecordSet", "name": "x.a.", "type": "A", "rrdatas": ["10.0.0.1"]}]`,
			want:  "zone a. else nxdomain, f:2\nx.a. 10.0.0.1, f:2\n",
			notes: []string{"not read: f:1: zone a is listed as one that others answer, and there are record sets of a zone of that name: which of them a network sees, is not known"},
		},
		{
			name: "an outbound policy of Cloud DNS", kind: "gcp-record-sets",
			text:  `{"policies": [{"kind": "dns#policy", "name": "p", "alternativeNameServerConfig": {"targetNameServers": [{"ipv4Address": "10.0.0.2"}]}}, {"kind": "dns#policy", "name": "i", "enableInboundForwarding": true}]}`,
			notes: []string{"not read: f:1: all questions are asked of 10.0.0.2 first: audit these"},
		},
		{
			name: "Azure's zones and links", kind: "azure-record-sets",
			text: `[{"id": "/s/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/a.test", "name": "a.test", "numberOfVirtualNetworkLinks": 1, "type": "Microsoft.Network/privateDnsZones"},
{"id": "/s/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/b.test", "name": "b.test", "numberOfVirtualNetworkLinks": 0, "type": "Microsoft.Network/privateDnsZones"}]
[{"id": "/s/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/b.test/virtualNetworkLinks/apps", "name": "apps", "registrationEnabled": true, "resolutionPolicy": "NxDomainRedirect", "type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks"}]
[{"id": "/s/resourceGroups/G/providers/Microsoft.Network/privateDnsZones/B.test/SOA/@", "name": "@", "type": "Microsoft.Network/privateDnsZones/SOA"},
{"id": "/s/resourceGroups/other/providers/Microsoft.Network/privateDnsZones/b.test/A/x", "name": "x", "aRecords": [{"ipv4Address": "10.0.0.1"}], "type": "Microsoft.Network/privateDnsZones/A"}]`,
			want: "claim a.test. else refer, f:1\nzone b.test. else nxdomain, f:4\nx.b.test. 10.0.0.1, f:5\n",
			notes: []string{
				"f:3: link apps has the resolution policy NxDomainRedirect, which counts for nothing: zone b.test is none of Azure's own private links",
				"not read: f:2: zone b.test is linked to no virtual network: nobody is answered from it",
				"not read: f:5: there are two zones b.test, and a network sees one of them alone: which one, is not known",
			},
		},
		{
			name: "an alias of a public zone of Azure", kind: "azure-record-sets",
			text: `[{"ARecords": [], "fqdn": "x.a.", "id": "/s/Microsoft.Network/dnszones/a/A/x", "name": "x", "targetResource": {"id": "/s/ip"}, "type": "Microsoft.Network/dnszones/A"}, {"ARecords": [{"ipv4Address": "10.0.0.1"}], "fqdn": "y.a.", "name": "y", "type": "Microsoft.Network/dnszones/A"}]`,
			want: "x.a. → not-known-yet.auralink.invalid, f:1\ny.a. 10.0.0.1, f:1\n",
			notes: []string{
				"not read: f:1: zone a is public: no network has it as private DNS, and its records count for nobody here",
				"not read: f:1: zone y.a is public: no network has it as private DNS, and its records count for nobody here",
				"not read: f:1: there is no SOA among the record sets: which names their zone hides cannot be told",
			},
		},
		{
			name: "weighted aliases", kind: "route53",
			text: `{"ResourceRecordSets": [
 {"Name": "a.", "Type": "CNAME", "SetIdentifier": "1", "Weight": 9, "TTL": 5, "ResourceRecords": [{"Value": "east.example"}]},
 {"Name": "a.", "Type": "CNAME", "SetIdentifier": "2", "Weight": 1, "TTL": 5, "ResourceRecords": [{"Value": "west.example"}]},
 {"Name": "b.", "Type": "A", "SetIdentifier": "1", "AliasTarget": {"DNSName": "vpce-1.example."}},
 {"Name": "b.", "Type": "A", "SetIdentifier": "2", "AliasTarget": {"DNSName": "VPCE-1.example."}}]}`,
			want:  "a. what a record of type CNAME with several targets makes of it, f:2\nb. → vpce-1.example, f:4\n",
			notes: []string{"not read: f:2: there is no SOA among the record sets: which names their zone hides cannot be told"},
		},
		{
			name: "a routing policy of aliases", kind: "gcp-record-sets",
			text: `{"rrsets": [{"name": "a.", "type": "CNAME", "routingPolicy": {"wrr": {"items": [{"rrdatas": ["east.example."]}, {"rrdatas": ["west.example."]}, {"rrdatas": ["north.example."]}]}}}, {"name": "a.", "type": "SOA", "rrdatas": ["x"]}]}`,
			want: "zone a. else nxdomain, f:1\na. what a record of type CNAME with several targets makes of it, f:1\n",
		},
		{
			name: "PowerDNS's own types, and a DNAME", kind: "powerdns",
			text: `{"name": "a.", "kind": "Native", "rrsets": [
 {"name": "l.a.", "type": "LUA", "ttl": 30, "records": [{"content": "A \"ifportup(7687,{'10.0.0.1'})\""}]},
 {"name": "d.a.", "type": "DNAME", "ttl": 30, "records": [{"content": "b."}]}]}`,
			want:  "*.d.a. → b ttl 30, f:3\nl.a. what a record of type LUA makes of it, f:2\n",
			notes: []string{"f:2: LUA is not read: what it makes of l.a. is not known here", "not read: f:2: there is no SOA among the record sets: which names their zone hides cannot be told"},
		},
		{
			name: "octoDNS, by health and by where clients are", kind: "octodns", file: "zones/a.example.yaml",
			text: "---\n'*':\n  type: A\n  values: [10.0.0.1]\n  dynamic:\n    pools:\n      west: {values: [{value: 10.0.0.2, weight: 2}]}\n      east: {values: [{value: 10.0.0.3}]}\n" +
				"www:\n  type: A\n  value: 10.0.0.1\n  geo:\n    NA-US: [10.0.0.4, 10.0.0.5]\n",
			want: "zone a.example. else nxdomain, zones/a.example.yaml:1\n*.a.example. 10.0.0.1, 10.0.0.2, 10.0.0.3 ttl 3600, zones/a.example.yaml:2\n" +
				"www.a.example. 10.0.0.1, 10.0.0.4, 10.0.0.5 ttl 3600, zones/a.example.yaml:9\n",
		},
		{
			name: "one page of Cloud DNS", kind: "gcp-record-sets",
			text:  `{"rrsets": [{"name": "a.", "type": "A", "rrdatas": ["10.0.0.1"]}], "nextPageToken": "x"}`,
			want:  "a. 10.0.0.1, f:1\n",
			notes: []string{"not read: f:1: there is no SOA among the record sets: which names their zone hides cannot be told", "not read: f:1: nextPageToken says that this is one page of several, and none that is read follows: what is on the others may lead anywhere: give all pages together"},
		},
		{
			name: "two pages of Cloud DNS", kind: "gcp-record-sets",
			text: `{"nextPageToken": "x", "rrsets": [{"name": "a.", "type": "SOA", "rrdatas": ["x"]}]}
{"rrsets": [{"name": "a.", "type": "A", "rrdatas": ["10.0.0.1"]}], "nextPageToken": ""}`,
			want: "zone a. else nxdomain, f:1\na. 10.0.0.1, f:2\n",
		},
		{
			name: "lists of one type of Azure", kind: "azure-record-sets",
			text: `[{"id": "/s/Microsoft.Network/privateDnsZones/a/A/x", "name": "x", "aRecords": [{"ipv4Address": "10.0.0.1"}], "type": "Microsoft.Network/privateDnsZones/A"},
{"id": "/s/Microsoft.Network/privateDnsZones/b/A/@", "name": "@", "aRecords": [{"ipv4Address": "10.0.0.2"}], "type": "Microsoft.Network/privateDnsZones/A"}]`,
			want: "zone a. else nxdomain, f:1\nzone b. else nxdomain, f:2\nx.a. 10.0.0.1, f:1\nb. 10.0.0.2, f:2\n",
			notes: []string{
				"not read: f:1: zone a is listed without its SOA, as a list of one type is: what it has of other types, such as AAAA and CNAME, is not known: audit what record-set list prints, which has all types",
				"not read: f:2: zone b is listed without its SOA, as a list of one type is: what it has of other types, such as AAAA and CNAME, is not known: audit what record-set list prints, which has all types",
			},
		},
		{
			name: "one page of Azure", kind: "azure-record-sets",
			text: `{"value": [{"name": "@", "type": "Microsoft.Network/privateDnsZones/A", "properties": {"fqdn": "a.", "aRecords": [{"ipv4Address": "10.0.0.1"}]}}],
 "nextLink": "https://management.azure.com/x"}`,
			want:  "a. 10.0.0.1, f:1\n",
			notes: []string{"not read: f:1: there is no SOA among the record sets: which names their zone hides cannot be told", "not read: f:1: nextLink says that this is one page of several, and none that is read follows: what is on the others may lead anywhere: give all pages together"},
		},
		{
			name: "a record that is not in its zone", kind: "cloudformation",
			text: `{"Resources": {
 "Z": {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "x.a.", "VPCs": [{"VPCId": "v", "VPCRegion": "r"}]}},
 "R": {"Type": "AWS::Route53::RecordSet", "Properties": {"HostedZoneId": {"Ref": "Z"}, "Name": "y.a.", "Type": "A", "TTL": "30", "ResourceRecords": ["10.0.0.1"]}},
 "S": {"Type": "AWS::Route53::RecordSet", "Properties": {"HostedZoneId": {"Ref": "Z"}, "Name": "x.a.", "Type": "A", "TTL": "30", "ResourceRecords": ["10.0.0.2"]}}}}`,
			want:  "zone x.a. else nxdomain, f:2\nx.a. 10.0.0.2 ttl 30, f:4\n",
			notes: []string{"not read: f:3: y.a is not in zone x.a, in which it is to be: nobody takes such a record, and it is left out"},
		},
		{
			name: "CloudFormation", kind: "cloudformation",
			text: `{"Parameters": {"V": {"Type": "String"}}, "Resources": {
 "Z": {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "a.", "VPCs": [{"VPCId": {"Ref": "V"}, "VPCRegion": "r"}]}},
 "P": {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "pub."}},
 "R": {"Type": "AWS::Route53::RecordSet", "Properties": {"Name": "*.a.", "Type": "A", "TTL": "30", "ResourceRecords": ["10.0.0.1"]}},
 "S": {"Type": "AWS::Route53::RecordSetGroup", "Properties": {"RecordSets": [
  {"Name": "s.a.", "Type": "A", "TTL": "30", "ResourceRecords": [{"Fn::GetAtt": ["E", "Ip"]}]}]}},
 "E": {"Type": "Custom::Endpoint"}
}}`,
			want: "zone a. else nxdomain, f:2\n*.a. 10.0.0.1 ttl 30, f:4\ns.a. → not-known-yet.auralink.invalid ttl 30, f:6\n",
			notes: []string{
				"f:3: zone pub. is public: it is left out, and so are its records", "f:6: an address of s.a. is not known yet",
				"not read: f:4: zone of *.a is made elsewhere: what else it has, and which names it hides, cannot be told",
			},
		},
		{
			name: "an ARM template", kind: "azure-arm",
			text: `{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "parameters": {"z": {"type": "string"}}, "resources": [
 {"type": "Microsoft.Network/privateDnsZones", "apiVersion": "2020-06-01", "location": "global", "name": "a"},
 {"type": "Microsoft.Network/privateDnsZones/A", "apiVersion": "2020-06-01", "name": "a/*", "properties": {"ttl": 30, "aRecords": [{"ipv4Address": "10.0.0.1"}]}},
 {"type": "Microsoft.Network/privateDnsZones/AAAA", "apiVersion": "2020-06-01", "name": "a/@", "properties": {"ttl": 30, "aaaaRecords": [{"ipv6Address": "fd00::1"}]}},
 {"type": "Microsoft.Network/privateDnsZones/A", "apiVersion": "2020-06-01", "name": "[concat(parameters('z'), '/x')]", "properties": {"ttl": 30}}
]}`,
			want:  "zone a. else nxdomain, f:2\na. fd00::1 ttl 30, f:4\n*.a. 10.0.0.1 ttl 30, f:3\n",
			notes: []string{"not read: f:5: Microsoft.Network/privateDnsZones/A has a name that is an expression: left out", "not read: f:2: zone a is linked to no network here: unless another template does so, nobody is answered from it: audit that as well, or what az network private-dns link vnet list prints; the zone is judged as if it were linked"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, _ := all.Detect([]byte(tt.text)); got.Syntax() != tt.kind {
				t.Errorf("kind %q, want %q", got.Syntax(), tt.kind)
			}
			b := holdings.NewBuilder()
			file := "f"
			if tt.file != "" {
				file = tt.file
			}
			err := all.ReadAny(b, strings.NewReader(tt.text), formats.Input{Name: file})
			switch {
			case tt.err != "":
				if err == nil || err.Error() != tt.err {
					t.Errorf("error %v\n want %s", err, tt.err)
				}
				return
			case err != nil:
				t.Fatal(err)
			}
			set := b.Set()
			if d := cmp.Diff(tt.want, dump(set)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.notes, told(set)); d != "" {
				t.Errorf("notes (-want +got):\n%s", d)
			}
		})
	}
}
