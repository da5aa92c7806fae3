package inventory_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/inventory"
)

// dump says what an inventory has, a line for each thing.
func dump(i *inventory.Inventory) string {
	var b strings.Builder
	for _, e := range i.Endpoints {
		fmt.Fprintf(&b, "endpoint %s %s %q in %s: %s, %s, evidence %d, %s %q, addresses %v", e.Cloud, e.ID, e.Name, e.Network, e.Service, e.ServiceRegion, e.Evidence, e.State, e.Said, e.Addrs)
		if len(e.Orchestras) > 0 {
			fmt.Fprintf(&b, ", orchestras %v", e.Orchestras)
		}
		if len(e.Unread) > 0 {
			fmt.Fprintf(&b, ", unread %v", e.Unread)
		}
		for _, in := range e.Interfaces {
			fmt.Fprintf(&b, ", %s in %s %s", in.ID, in.Zone, in.ZoneID)
		}
		fmt.Fprintf(&b, ", %s\n", e.At)
	}
	for _, n := range i.Networks {
		fmt.Fprintf(&b, "network %s %s %q in %s: %v\n", n.Cloud, n.ID, n.Called(), n.Account, n.Ranges)
	}
	for _, s := range i.Subnets {
		fmt.Fprintf(&b, "subnet %s %s in %s: %v %s %s\n", s.Cloud, inventory.ShortName(s.ID), inventory.ShortName(s.Network), s.Ranges, s.Zone, s.ZoneID)
	}
	for _, a := range i.Accounts {
		fmt.Fprintf(&b, "account %s %s\n", a.Cloud, a.ID)
	}
	for _, n := range i.Notes {
		fmt.Fprintf(&b, "note %s\n", n)
	}
	return b.String()
}

// read reads files, which are called f1, f2 and so on.
func read(files ...string) (*inventory.Inventory, error) {
	b := inventory.NewBuilder()
	for i, text := range files {
		if err := b.Read(strings.NewReader(text), fmt.Sprintf("f%d", i+1)); err != nil {
			return nil, err
		}
	}
	return b.Inventory()
}

const awsEndpoint = `{
  "VpcEndpointId": "vpce-1", "VpcEndpointType": "Interface", "VpcId": "vpc-1",
  "ServiceName": "com.amazonaws.vpce.us-east-1.vpce-svc-0a", "State": "available",
  "NetworkInterfaceIds": ["eni-1", "eni-2"], "OwnerId": "111122223333",
  "Tags": [{"Key": "Name", "Value": "graph"}]}`

const rule = `{
  "kind": "compute#forwardingRule", "name": "neo4j-psc", "IPAddress": "10.20.10.10", "pscConnectionStatus": "ACCEPTED",
  "network": "https://www.googleapis.com/compute/v1/projects/my-project/global/networks/apps",
  "region": "https://www.googleapis.com/compute/v1/projects/my-project/regions/europe-west1",
  "selfLink": "https://www.googleapis.com/compute/v1/projects/my-project/regions/europe-west1/forwardingRules/neo4j-psc",
  "target": "https://www.googleapis.com/compute/v1/projects/theirs/regions/europe-west1/serviceAttachments/sa-1"}`

const subnetwork = `{
  "kind": "compute#subnetwork", "name": "apps-eu", "ipCidrRange": "10.20.0.0/20", "purpose": "PRIVATE",
  "network": "https://www.googleapis.com/compute/v1/projects/my-project/global/networks/apps",
  "secondaryIpRanges": [{"rangeName": "pods", "ipCidrRange": "10.24.0.0/14"}],
  "selfLink": "https://www.googleapis.com/compute/v1/projects/my-project/regions/europe-west1/subnetworks/apps-eu"}`

// group is the beginning of IDs of Azure.
const group = "/subscriptions/0000aaaa-1111-2222-3333-444455556666/resourceGroups/rg/providers/Microsoft.Network"

const azureService = "production-orch-0815-service.11112222-3333-4444-5555-666677778888.westeurope.azure.privatelinkservice"

// As the command line of Azure prints them.
const (
	privateEndpoint = `{
  "customDnsConfigs": [], "id": "` + group + `/privateEndpoints/graph", "name": "graph", "location": "westeurope",
  "manualPrivateLinkServiceConnections": [{
    "name": "graph", "privateLinkServiceId": "` + azureService + `",
    "privateLinkServiceConnectionState": {"actionsRequired": "", "description": "ok", "status": "Approved"}}],
  "networkInterfaces": [{"id": "` + group + `/networkInterfaces/graph.nic", "resourceGroup": "rg"}],
  "privateLinkServiceConnections": [], "resourceGroup": "rg",
  "subnet": {"id": "` + group + `/virtualNetworks/apps/subnets/default", "resourceGroup": "rg"},
  "tags": null, "type": "Microsoft.Network/privateEndpoints"}`
	nic = `{
  "id": "` + group + `/networkInterfaces/graph.nic", "name": "graph.nic", "location": "westeurope",
  "ipConfigurations": [{"name": "c", "privateIPAddress": "10.30.0.4", "subnet": {"id": "` + group + `/virtualNetworks/apps/subnets/default"}}],
  "type": "Microsoft.Network/networkInterfaces"}`
	vnet = `{
  "id": "` + group + `/virtualNetworks/apps", "name": "apps", "location": "westeurope",
  "addressSpace": {"addressPrefixes": ["10.30.0.0/16", "fd00:30::/48"]},
  "subnets": [{"id": "` + group + `/virtualNetworks/apps/subnets/default", "name": "default", "addressPrefix": "10.30.0.0/24"}],
  "type": "Microsoft.Network/virtualNetworks"}`
)

// The same as the API has it, and Go's types of the SDK.
const (
	privateEndpointREST = `{"value": [{
  "id": "` + group + `/privateEndpoints/graph", "name": "graph", "type": "Microsoft.Network/privateEndpoints",
  "properties": {
    "manualPrivateLinkServiceConnections": [{"name": "graph", "properties": {
      "privateLinkServiceId": "` + azureService + `",
      "privateLinkServiceConnectionState": {"status": "Approved", "description": "ok"}}}],
    "networkInterfaces": [{"id": "` + group + `/networkInterfaces/graph.nic"}],
    "subnet": {"id": "` + group + `/virtualNetworks/apps/subnets/default"}}}]}`
	nicREST = `{"value": [{
  "id": "` + group + `/networkInterfaces/graph.nic", "name": "graph.nic", "properties": {
    "ipConfigurations": [{"name": "c", "properties": {"privateIPAddress": "10.30.0.4", "subnet": {"id": "` + group + `/virtualNetworks/apps/subnets/default"}}}]}}]}`
	vnetREST = `{"value": [{
  "id": "` + group + `/virtualNetworks/apps", "name": "apps", "properties": {
    "addressSpace": {"addressPrefixes": ["10.30.0.0/16", "fd00:30::/48"]},
    "subnets": [{"id": "` + group + `/virtualNetworks/apps/subnets/default", "name": "default", "properties": {"addressPrefix": "10.30.0.0/24"}}]}}]}`
)

const azureDump = `endpoint azure /subscriptions/0000aaaa-1111-2222-3333-444455556666/resourcegroups/rg/providers/microsoft.network/privateendpoints/graph "graph" in /subscriptions/0000aaaa-1111-2222-3333-444455556666/resourcegroups/rg/providers/microsoft.network/virtualnetworks/apps: production-orch-0815-service.11112222-3333-4444-5555-666677778888.westeurope.azure.privatelinkservice, westeurope, evidence 3, accepted "Approved, ok", addresses [10.30.0.4], orchestras [production-orch-0815.neo4j.io], /subscriptions/0000aaaa-1111-2222-3333-444455556666/resourcegroups/rg/providers/microsoft.network/networkinterfaces/graph.nic in  , f1:1
network azure /subscriptions/0000aaaa-1111-2222-3333-444455556666/resourcegroups/rg/providers/microsoft.network/virtualnetworks/apps "apps" in 0000aaaa-1111-2222-3333-444455556666: [10.30.0.0/16 fd00:30::/48]
subnet azure default in apps: [10.30.0.0/24]  
account azure 0000aaaa-1111-2222-3333-444455556666
`

func TestRead(t *testing.T) {
	tests := []struct {
		name  string
		files []string
		want  string
	}{
		{
			name: "AWS: endpoints, interfaces, subnets and VPCs",
			files: []string{
				"{\n\"VpcEndpoints\": [\n" + awsEndpoint + "\n]}",
				`{"NetworkInterfaces": [
{"NetworkInterfaceId": "eni-1", "InterfaceType": "vpc_endpoint", "VpcId": "vpc-1", "SubnetId": "subnet-1", "AvailabilityZone": "us-east-1a", "PrivateIpAddress": "10.10.10.10", "Ipv6Addresses": [{"Ipv6Address": "fd00:1::7"}]},
{"NetworkInterfaceId": "eni-2", "InterfaceType": "vpc_endpoint", "VpcId": "vpc-1", "SubnetId": "subnet-2", "AvailabilityZone": "us-east-1b", "AvailabilityZoneId": "use1-az4", "PrivateIpAddress": "10.10.11.10"}]}`,
				`{"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.10.10.0/24", "AvailabilityZone": "us-east-1a", "AvailabilityZoneId": "use1-az6", "OwnerId": "111122223333"}]}`,
				`{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.10.0.0/16", "OwnerId": "111122223333", "Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": "2600:1f18::/56", "Ipv6CidrBlockState": {"State": "associated"}}]}]}`,
			},
			want: `endpoint aws vpce-1 "graph" in vpc-1: com.amazonaws.vpce.us-east-1.vpce-svc-0a, us-east-1, evidence 1, accepted "available", addresses [10.10.10.10 10.10.11.10 fd00:1::7], eni-1 in us-east-1a use1-az6, eni-2 in us-east-1b use1-az4, f1:3
network aws vpc-1 "vpc-1" in 111122223333: [10.10.0.0/16 2600:1f18::/56]
subnet aws subnet-1 in vpc-1: [10.10.10.0/24] us-east-1a use1-az6
account aws 111122223333
`,
		},
		{
			name:  "AWS: a private name that Aura has set tells the orchestra",
			files: []string{`{"VpcEndpoints": [` + awsEndpoint + `]}`, `{"ServiceDetails": [{"ServiceName": "com.amazonaws.vpce.us-east-1.vpce-svc-0a", "BaseEndpointDnsNames": ["x"], "PrivateDnsNames": [{"PrivateDnsName": "*.production-orch-0000.neo4j.io"}]}]}`},
			want: `endpoint aws vpce-1 "graph" in vpc-1: com.amazonaws.vpce.us-east-1.vpce-svc-0a, us-east-1, evidence 3, accepted "available", addresses [], orchestras [production-orch-0000.neo4j.io], unread [eni-1 eni-2], f1:1
account aws 111122223333
`,
		},
		{
			name:  "AWS: a query of the user's, a region of the service, services of AWS",
			files: []string{`[{"VpcEndpointId": "vpce-2", "ServiceName": "com.amazonaws.vpce.us-east-1.vpce-svc-0a", "ServiceRegion": "us-west-2", "State": "failed", "LastError": {"Code": "C", "Message": "no subnet"}}, {"VpcEndpointId": "vpce-3", "ServiceName": "com.amazonaws.us-east-1.ssm", "State": "available"}]`},
			want: `endpoint aws vpce-2 "" in : com.amazonaws.vpce.us-east-1.vpce-svc-0a, us-west-2, evidence 1, broken "failed, C, no subnet", addresses [], f1:1
note 1 of the private endpoints in aws leads to a service of the cloud's own, and is left out
`,
		},
		{
			name:  "AWS: as YAML, as a stream of pages",
			files: []string{"- VpcEndpoints:\n  - VpcEndpointId: vpce-1\n    ServiceName: com.amazonaws.vpce.us-east-1.vpce-svc-0a\n    State: pendingAcceptance\n    OwnerId: '111122223333'\n    CreationTimestamp: '2026-11-26T10:00:00+00:00'\n- VpcEndpoints:\n  - VpcEndpointId: vpce-2\n    ServiceName: com.amazonaws.vpce.us-east-1.vpce-svc-0b\n    State: rejected\n"},
			want: `endpoint aws vpce-1 "" in : com.amazonaws.vpce.us-east-1.vpce-svc-0a, us-east-1, evidence 1, pending "pendingAcceptance", addresses [], f1
endpoint aws vpce-2 "" in : com.amazonaws.vpce.us-east-1.vpce-svc-0b, us-east-1, evidence 1, rejected "rejected", addresses [], f1
account aws 111122223333
`,
		},
		{
			name:  "Google Cloud: rules and subnets",
			files: []string{"[" + rule + `, {"kind": "compute#forwardingRule", "name": "lb", "selfLink": "https://x/projects/my-project/regions/r/forwardingRules/lb", "target": "https://x/projects/my-project/regions/r/targetHttpProxies/p", "IPAddress": "34.1.2.3"}]`, "[" + subnetwork + "]"},
			want: `endpoint gcp projects/my-project/regions/europe-west1/forwardingRules/neo4j-psc "neo4j-psc" in projects/my-project/global/networks/apps: projects/theirs/regions/europe-west1/serviceAttachments/sa-1, europe-west1, evidence 2, accepted "ACCEPTED", addresses [10.20.10.10], f1:1
network gcp projects/my-project/global/networks/apps "apps" in my-project: [10.20.0.0/20 10.24.0.0/14]
subnet gcp apps-eu in apps: [10.20.0.0/20 10.24.0.0/14]  
account gcp my-project
note 1 of the private endpoints in gcp leads to a service of the cloud's own, and is left out
`,
		},
		{
			name:  "Google Cloud: as YAML, and what the API lists of all regions",
			files: []string{"---\nIPAddress: 10.20.10.10\nkind: compute#forwardingRule\nname: to-graph\nnetwork: https://www.googleapis.com/compute/v1/projects/p/global/networks/n\npscConnectionStatus: PENDING\nselfLink: https://www.googleapis.com/compute/v1/projects/p/regions/r/forwardingRules/to-graph\ntarget: https://www.googleapis.com/compute/v1/projects/q/regions/us-central1/serviceAttachments/s\n", `{"kind": "compute#forwardingRuleAggregatedList", "items": {"regions/a": {"warning": {"code": "NO_RESULTS_ON_PAGE"}}, "regions/europe-west1": {"forwardingRules": [` + rule + `]}, "regions/down": {"warning": {"code": "UNREACHABLE"}}}}`},
			want: `endpoint gcp projects/my-project/regions/europe-west1/forwardingRules/neo4j-psc "neo4j-psc" in projects/my-project/global/networks/apps: projects/theirs/regions/europe-west1/serviceAttachments/sa-1, europe-west1, evidence 2, accepted "ACCEPTED", addresses [10.20.10.10], f2:1
endpoint gcp projects/p/regions/r/forwardingRules/to-graph "to-graph" in projects/p/global/networks/n: projects/q/regions/us-central1/serviceAttachments/s, us-central1, evidence 1, pending "PENDING", addresses [10.20.10.10], f1
account gcp my-project
account gcp p
note f2:1: a region did not answer, and what is there is not listed
`,
		},
		{name: "Azure: as its command line prints it", files: []string{"[" + privateEndpoint + "]", "[" + nic + "]", "[" + vnet + "]"}, want: azureDump},
		{name: "Azure: as its API answers", files: []string{privateEndpointREST, nicREST, vnetREST}, want: azureDump},
		{
			name:  "Azure: storage, and an account",
			files: []string{strings.ReplaceAll("["+privateEndpoint+"]", azureService, group+"/../Microsoft.Storage/storageAccounts/s"), `{"environmentName": "AzureCloud", "id": "0000aaaa-1111-2222-3333-444455556666", "tenantId": "t", "name": "n"}`},
			want: `account azure 0000aaaa-1111-2222-3333-444455556666
note 1 of the private endpoints in azure leads to a service of the cloud's own, and is left out
`,
		},
		{
			name:  "an account, and nothing",
			files: []string{`{"UserId": "AIDA", "Account": "111122223333", "Arn": "arn:aws:iam::111122223333:user/x"}`, "[]\n", `{"VpcEndpoints": []}`},
			want:  "account aws 111122223333\nnote f2 is an empty list: of what, it does not say\n",
		},
		{
			name:  "what would print more lines than one",
			files: []string{`{"VpcEndpoints": [{"VpcEndpointId": "vpce\n::error::x", "ServiceName": "com.amazonaws.vpce.us-east-1.vpce-svc-0a", "State": "\u001b[31m", "Tags": [{"Key": "Name", "Value": "a\nb"}]}]}`},
			want:  "endpoint aws vpce?::error::x \"a?b\" in : com.amazonaws.vpce.us-east-1.vpce-svc-0a, us-east-1, evidence 1, broken \"?[31m\", addresses [], f1:1\n",
		},
		{name: "UTF-16, as PowerShell writes it", files: []string{utf16le(`{"Account": "1", "Arn": "a", "UserId": "u"}`)}, want: "account aws 1\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for i, text := range tt.files {
				if !inventory.Detect([]byte(text)) && !strings.Contains(text, "UserId") && !strings.HasPrefix(text, "\xff\xfe") {
					t.Errorf("f%d is not detected", i+1)
				}
			}
			i, err := read(tt.files...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, dump(i)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func utf16le(text string) string {
	var b strings.Builder
	b.WriteString("\xff\xfe")
	for _, unit := range utf16.Encode([]rune(text)) {
		b.WriteByte(byte(unit))
		b.WriteByte(byte(unit >> 8))
	}
	return b.String()
}

func TestRefused(t *testing.T) {
	page := func(more, owner string) string {
		return fmt.Sprintf(`{"NextToken": %q, "VpcEndpoints": [{"VpcEndpointId": "vpce-%s%s", "ServiceName": "com.amazonaws.vpce.us-east-1.vpce-svc-0a", "OwnerId": "%s"}]}`, more, more, owner, owner)
	}
	tests := []struct {
		name  string
		files []string
		want  string // "" for none
	}{
		{"one page of two", []string{page("x", "1")}, "the output is truncated: f1:1 has one page of the VpcEndpoints, and not the last one"},
		{"both pages", []string{page("x", "1"), page("", "1")}, ""},
		{"the last page has nothing", []string{page("x", "1"), `{"VpcEndpoints": []}`}, ""},
		{"the last page is another account's", []string{page("x", "1"), page("", "2")}, "the output is truncated: f1:1 has one page of the VpcEndpoints, and not the last one"},
		{"a page of Google Cloud's API", []string{`{"items": [` + rule + `], "nextPageToken": "x"}`}, "the output is truncated: f1:1 has one page of the forwardingRules, and not the last one"},
		{"a page of Azure's API", []string{`{"value": [` + privateEndpoint + `], "nextLink": "https://management.azure.com/"}`}, "the output is truncated: f1:1 has one page of the privateEndpoints, and not the last one"},
		{"cut in the middle", []string{"[\n" + rule[:100]}, "f1:3: it ends in the middle: was the output cut, or was it not written whole?"},
		{"no JSON", []string{"{\n\"VpcEndpoints\": oops}"}, "f1:2: it is not JSON from here on: 'o' stands where a value should begin"},
		{"a member of another type", []string{"{\"VpcEndpoints\": [\n{\"VpcEndpointId\": 1, \"ServiceName\": \"x\"}]}"}, "f1:2: one of the VpcEndpoints: a number stands at VpcEndpointId, and a text was expected"},
		{"an address that is none", []string{`{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "InterfaceType": "vpc_endpoint", "PrivateIpAddress": "10.0.0.300"}]}`}, `f1:1: one of the NetworkInterfaces: "10.0.0.300" is no address`},
		{"nothing in it", []string{`{"Reservations": []}`}, "f1: " + inventory.ErrNone.Error()},
		{"an alias in YAML", []string{"- &a {VpcEndpointId: x}\n- *a\n"}, "f1: it has an alias, as no cloud prints"},
		{"nested too deep", []string{"- " + strings.Repeat("[", 200) + strings.Repeat("]", 200) + "\n"}, "it has more than 100 levels"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := read(tt.files...)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
				t.Errorf("error %q, want %q", got, tt.want)
			}
			if strings.Contains(got, "truncated") && hint.Of(err) == "" {
				t.Error("no hint")
			}
			if strings.HasPrefix(tt.name, "nothing") && !errors.Is(err, inventory.ErrNone) {
				t.Error("the error is not ErrNone")
			}
		})
	}
}

// TestNotDetected: files of other kinds that have the same words in them.
func TestNotDetected(t *testing.T) {
	for name, text := range map[string]string{
		"a state of Terraform":   `{"version": 4, "terraform_version": "1.9.0", "resources": [{"type": "azurerm_private_endpoint", "id": "/x/providers/Microsoft.Network/privateEndpoints/y"}]}`,
		"a template of Azure":    `{"$schema": "https://schema.management.azure.com/x#", "resources": [{"type": "Microsoft.Network/privateEndpoints"}]}`,
		"a template of AWS":      `{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"V": {"Properties": {"CidrBlock": "10.0.0.0/16"}}}}`,
		"record sets of Azure":   `[{"id": "/x/providers/Microsoft.Network/privateDnsZones/z/A/w", "name": "w", "aRecords": []}]`,
		"record sets of Route53": `{"ResourceRecordSets": [{"Name": "vpce.VpcEndpoints."}]}`,
		"zones of Cloud DNS":     `[{"kind": "dns#managedZone", "privateVisibilityConfig": {"networks": [{"networkUrl": "https://www.googleapis.com/compute/v1/projects/p/global/networks/n"}]}}]`,
		"policies of Cloud DNS":  `[{"kind": "dns#policy", "networks": [{"networkUrl": "https://www.googleapis.com/compute/v1/projects/p/global/networks/n"}]}]`,
		"a template of the CDK":  `{"Resources": {"V": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}, "Z": {"Type": "AWS::Route53::HostedZone"}}}`,
		"a zone file":            "$ORIGIN x.\n@ IN TXT \"VpcEndpointId\"\n",
		"nothing":                "",
	} {
		if inventory.Detect([]byte(text)) {
			t.Errorf("%s is taken for a list of a cloud", name)
		}
	}
}

// FuzzRead: whatever a file has, reading it ends, and nothing of it breaks a line.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"[" + rule + "," + subnetwork + "]", "[" + privateEndpoint + "," + nic + "," + vnet + "]", privateEndpointREST, `{"VpcEndpoints": [` + awsEndpoint + `]}`, "- VpcEndpointId: a\n  ServiceName: b\n", `{"a":{"b":[[[{"kind":"compute#network"}]]]}}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		i, err := read(text)
		if err != nil {
			return
		}
		for _, e := range i.Endpoints {
			if strings.ContainsAny(e.ID+e.Name+e.Network+e.Service+e.Said+e.Account, "\n\r\x1b") {
				t.Errorf("a control character is kept: %+v", e)
			}
		}
	})
}
