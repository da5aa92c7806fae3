package drift_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/auralink/auralink/internal/drift"
	"github.com/auralink/auralink/internal/inventory"
	"github.com/auralink/auralink/internal/topology"
)

const text = `regions:
  aws-us-east-1: {orchestras: ["0000"]}
  azure-westeurope: {orchestras: ["0815"]}
vpcs:
  apps:
    clients: [10.10.0.0/16]
    links:
      aws-us-east-1: [10.10.10.10, 10.10.11.10]
  vnet:
    clients: [10.30.0.0/16]
    links:
      azure-westeurope: [10.30.0.4]
`

const (
	service = "com.amazonaws.vpce.us-east-1.vpce-svc-0a"
	azure   = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network"
)

// aws lists an endpoint in vpc-1 with two interfaces.
func aws(id, name, state, first, second string) string {
	return fmt.Sprintf(`{"VpcEndpoints": [{"VpcEndpointId": %q, "VpcId": "vpc-1", "ServiceName": %q, "State": %q, "NetworkInterfaceIds": ["eni-1", "eni-2"], "Tags": [{"Key": "Name", "Value": %q}]}],
"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "InterfaceType": "vpc_endpoint", "PrivateIpAddress": %q}, {"NetworkInterfaceId": "eni-2", "InterfaceType": "vpc_endpoint", "PrivateIpAddress": %q}]}`,
		id, service, state, name, first, second)
}

// vnet lists a private endpoint of Azure.
func vnet(orchestra, status, address string) string {
	return fmt.Sprintf(`[{"id": "%s/privateEndpoints/pe", "name": "pe", "location": "x", "subnet": {"id": "%s/virtualNetworks/v/subnets/d"},
"manualPrivateLinkServiceConnections": [{"privateLinkServiceId": "production-orch-%s-service.0a.westeurope.azure.privatelinkservice", "privateLinkServiceConnectionState": {"status": %q}}],
"networkInterfaces": [{"id": "%s/networkInterfaces/n"}]},
{"id": "%s/networkInterfaces/n", "name": "n", "ipConfigurations": [{"privateIPAddress": %q}]}]`, azure, azure, orchestra, status, azure, azure, address)
}

func TestCompare(t *testing.T) {
	right := aws("vpce-1", "", "available", "10.10.10.10", "10.10.11.10")
	rightVNet := vnet("0815", "Approved", "10.30.0.4")
	tests := []struct {
		name     string
		files    []string
		services []string
		named    map[string][]string
		want     []string
		edits    []drift.Edit
	}{
		{name: "all as it was", files: []string{right, rightVNet}},
		{name: "one cloud alone", files: []string{right}, want: []string{"not judged vnet: azure-westeurope"}},
		{
			name: "recreated, of the same orchestra", files: []string{right, vnet("0815", "Approved", "10.30.0.9")},
			want:  []string{"recreated vnet azure-westeurope: endpoint pe was recreated: 10.30.0.4 → 10.30.0.9"},
			edits: []drift.Edit{{VPC: "vnet", Region: "azure-westeurope", Addrs: addrs("10.30.0.9")}},
		},
		{
			name:  "perhaps recreated: called after Aura, and alone in its region",
			files: []string{aws("vpce-2", "aura", "available", "10.10.10.77", "10.10.11.77"), rightVNet},
			want:  []string{"service apps aws-us-east-1: no endpoint has 10.10.10.10, 10.10.11.10, and whether vpce-2 is its successor is not known: the list does not say whose service it leads to"},
		},
		{
			name: "recreated, and the region's line names the service", files: []string{aws("vpce-2", "", "available", "10.10.10.77", "10.10.11.77"), rightVNet},
			named: map[string][]string{"aws-us-east-1": {service}},
			want:  []string{"recreated apps aws-us-east-1: endpoint vpce-2 was recreated: 10.10.10.10, 10.10.11.10 → 10.10.10.77, 10.10.11.77"},
			edits: []drift.Edit{{VPC: "apps", Region: "aws-us-east-1", Addrs: addrs("10.10.10.77", "10.10.11.77")}},
		},
		{
			name: "perhaps recreated: of a service of which nobody says whose it is", files: []string{aws("vpce-2", "x", "available", "10.10.10.77", "10.10.11.77"), rightVNet},
			want: []string{"service apps aws-us-east-1: no endpoint has 10.10.10.10, 10.10.11.10, and whether vpce-2 is its successor is not known: the list does not say whose service it leads to"},
		},
		{
			name: "the same, and somebody says it", files: []string{aws("vpce-2", "x", "available", "10.10.10.77", "10.10.11.77"), rightVNet}, services: []string{service},
			want:  []string{"recreated apps aws-us-east-1: endpoint vpce-2 was recreated: 10.10.10.10, 10.10.11.10 → 10.10.10.77, 10.10.11.77"},
			edits: []drift.Edit{{VPC: "apps", Region: "aws-us-east-1", Addrs: addrs("10.10.10.77", "10.10.11.77")}},
		},
		{
			name: "one address is another", files: []string{aws("vpce-1", "", "available", "10.10.10.10", "10.10.12.7"), rightVNet},
			want:  []string{"addresses apps aws-us-east-1: endpoint vpce-1 has other addresses: 10.10.10.10, 10.10.11.10 → 10.10.10.10, 10.10.12.7"},
			edits: []drift.Edit{{VPC: "apps", Region: "aws-us-east-1", Addrs: addrs("10.10.10.10", "10.10.12.7")}},
		},
		{
			name: "an address was given away again, to another region's service", files: []string{aws("vpce-2", "", "available", "10.10.10.10", "10.10.12.7"), rightVNet},
			named: map[string][]string{"aws-us-east-1": {"com.amazonaws.vpce.us-east-1.vpce-svc-0b"}, "azure-westeurope": {service}},
			want:  []string{"other-region apps aws-us-east-1: the link has addresses of an endpoint that leads to another region: vpce-2 (" + service + ")"},
		},
		{
			name: "recreated, and the one that was removed is still listed", files: []string{aws("vpce-2", "", "available", "10.10.10.77", "10.10.11.77"), rightVNet, `[{"VpcEndpointId": "vpce-1", "VpcId": "vpc-1", "ServiceName": "` + service + `", "State": "deleted", "NetworkInterfaceIds": ["eni-8", "eni-9"]}]`},
			named: map[string][]string{"aws-us-east-1": {service}},
			want:  []string{"recreated apps aws-us-east-1: endpoint vpce-2 was recreated: 10.10.10.10, 10.10.11.10 → 10.10.10.77, 10.10.11.77"},
			edits: []drift.Edit{{VPC: "apps", Region: "aws-us-east-1", Addrs: addrs("10.10.10.77", "10.10.11.77")}},
		},
		{
			name: "pending and rejected", files: []string{aws("vpce-1", "", "pendingAcceptance", "10.10.10.10", "10.10.11.10"), vnet("0815", "Rejected", "10.30.0.4")},
			want: []string{"state apps aws-us-east-1: endpoint vpce-1 is pending (pendingAcceptance)", "state vnet azure-westeurope: endpoint pe is rejected (Rejected)"},
		},
		{
			name: "gone", files: []string{`{"VpcEndpoints": []}`, rightVNet},
			want: []string{"gone apps aws-us-east-1: no endpoint that is listed has 10.10.10.10, 10.10.11.10"},
		},
		{
			name: "of an orchestra that no region has", files: []string{right, vnet("0999", "Approved", "10.31.0.9")},
			want: []string{"gone vnet azure-westeurope: no endpoint that is listed has 10.30.0.4", "unlinked"},
		},
		{
			name: "without its interfaces", files: []string{`[{"VpcEndpointId": "vpce-1", "VpcId": "vpc-1", "ServiceName": "` + service + `", "State": "available", "NetworkInterfaceIds": ["eni-1"], "Tags": [{"Key": "Name", "Value": "aura"}]}]`, `{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.10.0.0/16", "Tags": [{"Key": "Name", "Value": "apps"}]}]}`, rightVNet},
			want: []string{"unread apps aws-us-east-1: endpoint vpce-1: not all of its addresses are in the lists"},
		},
		{name: "nothing of any link", files: []string{`{"Vpcs": []}`}, want: []string{"nothing-judged", "not judged apps: aws-us-east-1", "not judged vnet: azure-westeurope"}},
		{
			name: "a subnet outside, and one of another VPC", files: []string{right, rightVNet, `{"Subnets": [{"SubnetId": "s-1", "VpcId": "vpc-1", "CidrBlock": "10.99.0.0/24", "AvailabilityZone": ""}, {"SubnetId": "s-2", "VpcId": "vpc-1", "CidrBlock": "10.30.5.0/24", "AvailabilityZone": ""}, {"SubnetId": "s-3", "VpcId": "vpc-1", "CidrBlock": "10.10.5.0/24", "AvailabilityZone": ""}]}`},
			want: []string{"clients apps: subnet s-1 of vpc-1 has 10.99.0.0/24, which is outside all clients", "clients apps: subnet s-2 of vpc-1 has 10.30.5.0/24, which is among the clients of VPC vnet"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			topo, _, err := topology.Parse(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			b := inventory.NewBuilder()
			for _, file := range tt.files {
				if err := b.Read(strings.NewReader(file), "f"); err != nil {
					t.Fatal(err)
				}
			}
			i, err := b.Inventory()
			if err != nil {
				t.Fatal(err)
			}
			r := drift.Compare(drift.Subject{Topology: topo, Inventory: i, Services: tt.services, Named: tt.named})
			var got []string
			for _, f := range r.Findings {
				line := strings.TrimSpace(fmt.Sprintf("%s %s %s", f.Code, f.VPC, f.Region)) + ": " + f.Message
				if f.Code == drift.CodeNothingJudged || f.Code == drift.CodeUnlinked {
					line = string(f.Code)
				}
				if f.Hint == "" {
					t.Errorf("%s has no hint", line)
				}
				got = append(got, line)
			}
			for _, u := range r.Unjudged {
				got = append(got, "not judged "+u)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			same := cmp.Comparer(func(a, b netip.Addr) bool { return a == b })
			if diff := cmp.Diff(tt.edits, r.Edits, same); diff != "" {
				t.Errorf("edits (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNamed: what stands behind the lines of regions, however these are written.
func TestNamed(t *testing.T) {
	const text = "# com.other\nregions: # com.none\n  east: # com.a, com.b\r\n    orchestras: [\"0000\"] # com.c\n  \"west\":\t{orchestras: [\"0042\"]} # com.d\n  north:\n    {}\n  south: # not com.f\n  centre: # com.g (ours)\nvpcs: {east: {}} # com.e\n"
	want := map[string][]string{"east": {"com.a", "com.b"}, "west": {"com.d"}, "north": {}, "south": {}, "centre": {}}
	if diff := cmp.Diff(want, drift.Named([]byte(text)), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, text := range []string{"", "x", "regions: 1", "regions: []", ": ["} {
		if named := drift.Named([]byte(text)); len(named) > 0 {
			t.Errorf("%q names %v", text, named)
		}
	}
}

func addrs(texts ...string) []netip.Addr {
	var all []netip.Addr
	for _, s := range texts {
		all = append(all, netip.MustParseAddr(s))
	}
	return all
}
