package all_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// TestReadListedAsYAML: what clouds print as YAML is what they print as JSON, with the
// lines in which it stands; and a profile of Route 53 is followed by the ids of what it has.
func TestReadListedAsYAML(t *testing.T) {
	check(t, []odd{
		{
			name: "Route 53 as YAML", kind: "route53",
			text: `ResourceRecordSets:
- Name: a.
  ResourceRecords:
  - Value: ns-1. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400
  TTL: 900
  Type: SOA
- Name: \052.a.
  ResourceRecords:
  - Value: 10.0.0.1
  TTL: 30
  Type: A
- AliasTarget:
    DNSName: vpce-1.example.
    EvaluateTargetHealth: true
    HostedZoneId: Z1
  Name: b.a.
  Type: A
`,
			want: "zone a. else nxdomain, f:2\n*.a. 10.0.0.1 ttl 30, f:7\nb.a. → vpce-1.example, f:12\n",
		},
		{
			name: "a profile, and zones by their ids", kind: "route53",
			text: `{"ResourceRecordSets": [{"Name": "a.", "Type": "SOA"}]}
{"HostedZone": {"Id": "/hostedzone/Z1", "Name": "a.", "Config": {"PrivateZone": true}}, "VPCs": []}
{"HostedZoneSummaries": [{"HostedZoneId": "Z9", "Name": "z."}]}
{"ProfileResourceAssociations": [
 {"ProfileId": "rp-1", "ResourceArn": "arn:aws:route53:::hostedzone/Z1", "ResourceType": "PRIVATE_HOSTED_ZONE", "Status": "COMPLETE"},
 {"ProfileId": "rp-1", "ResourceArn": "arn:aws:route53:::hostedzone/Z2", "ResourceType": "PRIVATE_HOSTED_ZONE"},
 {"ProfileId": "rp-1", "ResourceArn": "arn:aws:route53resolver:us-east-1:1:resolver-rule/rslvr-rr-1", "ResourceType": "RESOLVER_RULE"},
 {"ProfileId": "rp-1", "ResourceArn": "arn:aws:route53resolver:us-east-1:1:firewall-rule-group/rslvr-frg-1", "ResourceType": "FIREWALL_RULE_GROUP"}]}`,
			want: "zone a. else nxdomain, f:1\nclaim z. else refer, f:3\n",
			notes: []string{
				"not read: f:6: profile rp-1 has hosted zone Z2, and nothing that is read says its name: audit what aws route53 list-hosted-zones prints as well, and the zone's record sets",
				"not read: f:7: profile rp-1 has resolver rule rslvr-rr-1, of which nothing that is read says what it forwards: audit what aws route53resolver list-resolver-rules prints as well",
				"not read: f:8: profile rp-1 has the DNS Firewall rule group rslvr-frg-1, which is not read: it may block names, or answer them otherwise",
			},
		},
		{
			name: "CloudFormation as YAML", kind: "cloudformation",
			text: `Parameters: {Vpc: {Type: String}, Label: {Type: String}, Addresses: {Type: String}, ZoneName: {Type: String}}
Conditions: {Two: !Equals [!Ref Label, two]}
Mappings: {Sets: {all: {all: []}}}
Resources:
  Zone:
    Type: AWS::Route53::HostedZone
    Properties:
      Name: a.
      VPCs:
        - {VPCId: !Ref Vpc, VPCRegion: !Sub "${AWS::Region}"}
  Star:
    Type: AWS::Route53::RecordSet
    Properties: {HostedZoneId: !Ref Zone, Name: "*.a.", Type: A, TTL: 30, ResourceRecords: [10.0.0.1]}
  Other:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: !GetAtt Zone.Id
      Name: !Join [".", [!Ref Label, a]]
      Type: A
      ResourceRecords: [!GetAtt Endpoint.Ip]
  Literal:
    Type: AWS::Route53::RecordSetGroup
    Properties:
      HostedZoneId: !Ref Zone
      RecordSets:
        - {Name: !Join [".", [c, a]], Type: A, TTL: 30, ResourceRecords: !Split [",", !Ref Addresses]}
        - {Name: !Sub d.a., Type: A, TTL: 30, ResourceRecords: [10.0.0.2], SetIdentifier: eu, GeoLocation: {ContinentCode: EU}}
        - !If [Two, {Name: e.a., Type: A, ResourceRecords: [10.0.0.3]}, !Ref "AWS::NoValue"]
  Made:
    Type: AWS::Route53::RecordSetGroup
    Properties: {HostedZoneId: !Ref Zone, RecordSets: !FindInMap [Sets, all, all]}
  Expression:
    Type: AWS::Route53::HostedZone
    Properties: {Name: !Ref ZoneName, VPCs: [{VPCId: v}]}
  Nested:
    Type: AWS::CloudFormation::Stack
  Endpoint: {Type: "Custom::Endpoint"}
`,
			want: "zone a. else nxdomain, f:6\n*.a. 10.0.0.1 ttl 30, f:12\nc.a. → not-known-yet.auralink.invalid ttl 30, f:26\nd.a. 10.0.0.2 ttl 30, f:27\n",
			notes: []string{
				"f:26: an address of c.a is not known yet",
				"not read: f:28: a function makes a record set of a group: what it is, is not known",
				"not read: f:30: a function makes the record sets of Made: which they are, is not known",
				"not read: f:33: Expression is a zone whose name is an expression: left out",
				"not read: f:36: Nested is a stack of its own, which is not followed: audit its template as well",
				"not read: f:15: a record set has a name or a type that is an expression: left out",
				"not read: f:27: d.a has records for clients in some places alone: those in others have no answer",
			},
		},
	})
}

// TestAliasesOfYAML: an alias is what it stands for, unless that has no end.
func TestAliasesOfYAML(t *testing.T) {
	b := holdings.NewBuilder()
	text := "ResourceRecordSets:\n- Name: a.\n  Type: A\n  ResourceRecords: &east\n  - Value: 10.0.0.1\n- Name: b.a.\n  Type: A\n  ResourceRecords: *east\n- Name: a.\n  Type: SOA\n"
	if err := all.ReadAny(b, strings.NewReader(text), formats.Input{Name: "f"}); err != nil {
		t.Fatal(err)
	}
	if got, want := dump(b.Set()), "zone a. else nxdomain, f:9\na. 10.0.0.1, f:2\nb.a. 10.0.0.1, f:6\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var bomb strings.Builder
	bomb.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := range 12 {
		fmt.Fprintf(&bomb, "a%d: &a%d [%s*a%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d, ", i), 9), i)
	}
	for name, text := range map[string]string{"itself": "ResourceRecordSets: &a\n- Name: *a\n", "a bomb": bomb.String() + "ResourceRecordSets: *a12\n"} {
		err := all.ReadAny(holdings.NewIdler(), strings.NewReader(text), formats.Input{Name: "f"})
		if err == nil || !strings.Contains(err.Error(), "aliases stand for more than 64 MiB, or for themselves") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPrintedForPeople: what a cloud's command line prints for people is refused, with the
// command that prints what can be read.
func TestPrintedForPeople(t *testing.T) {
	for text, again := range map[string]string{
		"RESOURCERECORDSETS\tendpoints.neo4j.io.\t900\tSOA\nRESOURCERECORDS\tns-1.awsdns.com. x 1 2 3 4 5\n":                                                                                "aws route53 list-resource-record-sets --hosted-zone-id ZONE --output json",
		"-----------------------------\n|   ListResourceRecordSets  |\n+---------------------------+\n":                                                                                     "aws route53 list-resource-record-sets --hosted-zone-id ZONE --output json",
		"NAME                 TYPE  TTL    DATA\nendpoints.neo4j.io.  NS    21600  ns-gcp-private.googledomains.com.\n":                                                                     "gcloud dns record-sets list --zone ZONE --format=json",
		"name,type,ttl,rrdatas\nendpoints.neo4j.io.,NS,21600,ns-gcp-private.googledomains.com.\n":                                                                                           "gcloud dns record-sets list --zone ZONE --format=json",
		"NAME  DNS_NAME             DESCRIPTION  VISIBILITY\nx     endpoints.neo4j.io.               private\n":                                                                             "gcloud dns managed-zones list --format=json",
		"Fqdn                  Name    ResourceGroup    Ttl    Type\n--------------------  ------  ---------------  -----  ----\n":                                                          "az network private-dns record-set list --resource-group GROUP --zone-name ZONE --output json",
		"None\t*.endpoints.neo4j.io.\t/subscriptions/s/x\tFalse\tNone\t*\tgroup\t30\tMicrosoft.Network/privateDnsZones/A\n":                                                                 "az network private-dns record-set list --resource-group GROUP --zone-name ZONE --output json",
		"PROFILERESOURCEASSOCIATIONS\t2024\trpr-1\tx\t1\trp-1\tarn:aws:route53:::hostedzone/Z1\tPRIVATE_HOSTED_ZONE\tCOMPLETE\tCreated":                                                     "aws route53profiles list-profile-resource-associations --profile-id PROFILE --output json",
		"NAME      REGION        IP_ADDRESS  IP_PROTOCOL  TARGET\naura-psc  europe-west1  10.2.0.10                europe-west1/serviceAttachments/aura\n":                                  "gcloud compute forwarding-rules list --format=json",
		"NAME: aura-psc\nREGION: europe-west1\nIP_ADDRESS: 10.2.0.10\nIP_PROTOCOL: \nTARGET: europe-west1/serviceAttachments/aura\n":                                                        "gcloud compute forwarding-rules list --format=json",
		"NAME     REGION        NETWORK  RANGE         STACK_TYPE  IPV6_ACCESS_TYPE  INTERNAL_IPV6_PREFIX  EXTERNAL_IPV6_PREFIX\napps-eu  europe-west1  n        10.20.0.0/20  IPV4_ONLY\n": "gcloud compute networks subnets list --format=json",
		"NAME: apps-eu\nREGION: europe-west1\nNETWORK: n\nRANGE: 10.20.0.0/20\n":                                                                                                            "the same command with --format=json",
		"NAME  SUBNET_MODE  BGP_ROUTING_MODE  IPV4_RANGE  GATEWAY_IPV4  INTERNAL_IPV6_RANGE\nn     CUSTOM       REGIONAL\n":                                                                 "gcloud compute networks list --format=json",
		"name,region,ip_address,target\naura-psc,europe-west1,10.2.0.10,https://www.googleapis.com/compute/v1/projects/q/regions/europe-west1/serviceAttachments/aura\n":                    "the same command with --format=json",
		"aura-psc\teurope-west1\t10.2.0.10\thttps://www.googleapis.com/compute/v1/projects/q/regions/europe-west1/serviceAttachments/aura\n":                                                "the same command with --format=json",
		"┌──────────┬────────────┐\n│   NAME   │ IP_ADDRESS │\n├──────────┼────────────┤\n│ aura-psc │ 10.2.0.10  │\n":                                                                      "the same command with --format=json",
		"CustomNetworkInterfaceName    Location    Name    ProvisioningState    ResourceGroup\n----------------------------  ----------  ------  -------------------  ---------------\n":    "az network private-endpoint list --output json",
		"Location    Name    ProvisioningState    ResourceGroup\n----------  ------  -------------------  ---------------\nwesteurope  pe-we   Succeeded            g\n":                    "the same command with --output json",
		"EnableIPForwarding    Location    MacAddress         Name    NicType    ResourceGroup\n--------------------  ----------  -----------------  ------  ---------  ---------------\n":  "az network nic list --output json",
		"Name    ResourceGroup    Location    NumSubnets    Prefixes     DnsServers\n------  ---------------  ----------  ------------  -----------  ------------\n":                        "az network vnet list --output json",
		"\twesteurope\t/subscriptions/s1/resourceGroups/g/providers/Microsoft.Network/privateEndpoints/pe-we\tpe-we\n":                                                                      "the same command with --output json",
		"/subscriptions/s1/resourceGroups/g/providers/Microsoft.Network/networkInterfaces/n\n":                                                                                              "the same command with --output json",
		"\x1b[36m[\x1b[39;49;00m\n  {\x1b[94m\"id\"\x1b[39;49;00m: \"/subscriptions/s1/x\"}]\n":                                                                                             "the same command with --output json",
		"SUBNETS\tFalse\tus-east-1a\n": "aws ec2 describe-subnets --output json",
	} {
		mistaken := formats.Mistaken([]byte(text))
		if mistaken == nil || !mistaken.Failed || mistaken.Remedy != "write it once more: "+again {
			t.Errorf("%q: %+v, want %q", text, mistaken, again)
		}
	}
	for text, what := range map[string]string{
		"# DNS\nresource \"aws_route53_zone\" \"z\" {\n  name = \"a\"\n}\n":                                             "it is Terraform's own language, which is not read: what comes of it is",
		"module \"dns\" {\n  source = \"./dns\"\n}\n":                                                                   "it is Terraform's own language, which is not read: what comes of it is",
		"resource z 'Microsoft.Network/privateDnsZones@2020-06-01' = {\n  name: 'a'\n}\n":                               "it is Bicep, which is not read: what comes of it is",
		"var REG = NewRegistrar(\"none\");\nD(\"endpoints.neo4j.io\", REG, DnsProvider(DSP), A(\"*\", \"10.0.0.1\"))\n": "it is dnscontrol's language, which is not read: what comes of it is",
	} {
		if mistaken := formats.Mistaken([]byte(text)); mistaken == nil || mistaken.What != what || mistaken.Failed {
			t.Errorf("%q: %+v", text, mistaken)
		}
	}
	for _, text := range []string{
		"kind: ConfigMap\ndata:\n  main.tf: |\nresource \"aws_route53_zone\" \"z\" {\n", "name TYPE\n", "$ORIGIN a.\n@ SOA x y 1 2 3 4 5\n", "HostName RecordType\n-------- ----------\n",
		"NAME 60 IN A 10.0.0.1\n", "name 10.0.0.1\n", "10.2.0.10\taura-psc\n", "https://example.com/compute\n", "name: RANGE\n", "- IPAddress: 10.2.0.10\n  kind: compute#forwardingRule\n",
	} {
		if mistaken := formats.Mistaken([]byte(text)); mistaken != nil {
			t.Errorf("%q: %v", text, mistaken)
		}
	}
}

// TestReadSplitOctoDNS: a zone with a file for each name is that of its directory.
func TestReadSplitOctoDNS(t *testing.T) {
	b := holdings.NewBuilder()
	for _, file := range []struct{ name, text string }{
		{"zones/a.test./$a.test.yaml", "---\n'':\n  type: A\n  value: [10.0.0.1]\n'*':\n  type: A\n  values: 10.0.0.2\n"},
		{"zones/a.test./www.b.yaml", "---\nwww.b:\n  type: CNAME\n  value: x.test.\n  octodns: {cloudflare: {proxied: true}}\n"},
		{"zones/a.test./weighted.yaml", "---\nweighted:\n  type: CNAME\n  dynamic:\n    pools:\n      one: {values: [{value: y.test.}]}\n    rules: [{pool: one}]\n$octodns: {x: 1}\n"},
		{"config.yaml", "providers:\n  config: {class: octodns.provider.yaml.YamlProvider, directory: zones, enforce_order: false}\n  dhcp: {class: octodns_netbox.NetboxSource}\n  route53: {class: octodns_route53.Route53Provider}\nprocessors:\n  acme: {class: octodns.processor.acme.AcmeMangingProcessor}\nzones:\n  a.test.: {sources: [config, dhcp], processors: [acme], targets: [route53]}\n"},
	} {
		if err := all.ReadAny(b, strings.NewReader(file.text), formats.Input{Name: file.name}); err != nil {
			t.Fatal(err)
		}
	}
	set := b.Set()
	const want = `zone a.test. else nxdomain, zones/a.test./$a.test.yaml:1
a.test. 10.0.0.1 ttl 3600, zones/a.test./$a.test.yaml:2
*.a.test. 10.0.0.2 ttl 3600, zones/a.test./$a.test.yaml:5
www.b.a.test. → x.test ttl 3600, zones/a.test./www.b.yaml:2
weighted.a.test. → y.test ttl 3600, zones/a.test./weighted.yaml:2
`
	if got := dump(set); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	notes := strings.Join(told(set), "\n")
	for _, want := range []string{
		"www.b.yaml:2: the CNAME of www.b.a.test has octoDNS's setting cloudflare: what it makes of the record is not known here",
		"weighted.yaml:8: $octodns is not read: it is no name of the zone",
		"config.yaml:8: processors change what octoDNS makes of zone a.test., and are not followed: acme",
		"config.yaml:8: zone a.test. has records from source dhcp as well, which are not read",
	} {
		if !strings.Contains(notes, want) {
			t.Errorf("no note %q in\n%s", want, notes)
		}
	}
}
