package drift_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/drift"
	"github.com/auralink/auralink/internal/inventory"
	"github.com/auralink/auralink/internal/topology"
)

// TestUnlabelled: an endpoint may be that of a link whose region's label is not the cloud's. It is told,
// and written only where the region's line names its service.
func TestUnlabelled(t *testing.T) {
	const (
		text = `regions:
  east: {orchestras: ["0000"]}
  west: {orchestras: ["0042"]}
vpcs:
  apps: {links: {east: [10.10.10.10], west: [10.20.10.10]}}
`
		own    = "com.amazonaws.vpce.us-east-1.vpce-svc-2"
		behind = "if they are the same: write it behind the line of the region: west: # " + own
		maybe  = "service apps west: no endpoint has 10.20.10.10, and whether vpce-2 is its successor is not known: the list does not say whose service it leads to"
	)
	tests := []struct {
		name, network, service, state string
		services                      []string
		named                         map[string][]string
		want                          []string
		hint                          string
	}{
		{name: "in the network of the VPC", network: "vpc-1", service: own, state: "available", want: []string{maybe}, hint: behind},
		{name: "the service is said to be Aura's", network: "vpc-1", service: own, state: "available", services: []string{"vpce-svc-2"}, want: []string{maybe}, hint: behind},
		{
			name: "the region's line names the service", network: "vpc-1", service: own, state: "available", named: map[string][]string{"west": {own}},
			want: []string{"recreated apps west: endpoint vpce-2 was recreated: 10.20.10.10 → 10.20.10.11"}, hint: "--update writes",
		},
		{
			name: "the region's line names another service", network: "vpc-1", service: own, state: "available", named: map[string][]string{"west": {"com.amazonaws.vpce.us-west-1.vpce-svc-3"}},
			want: []string{"not judged apps: west"},
		},
		{name: "in another network", network: "vpc-2", service: own, state: "available", want: []string{"not judged apps: west"}},
		{
			name: "in another network, and said to be Aura's", network: "vpc-2", service: own, state: "available", services: []string{"vpce-svc-2"},
			want: []string{"unlinked  : endpoint vpce-2 in vpc-2 (" + own + ") is in no link; it is accepted, with 10.20.10.11", "not judged apps: west"}, hint: "add the link",
		},
		{name: "of a service of the cloud's own", network: "vpc-1", service: "com.amazonaws.us-east-1.ec2", state: "available", want: []string{"not judged apps: west"}},
		{name: "removed", network: "vpc-1", service: own, state: "deleted", want: []string{"not judged apps: west"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			topo, _, err := topology.Parse(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			b := inventory.NewBuilder()
			if err := b.Read(strings.NewReader(fmt.Sprintf(`{"VpcEndpoints": [
{"VpcEndpointId": "vpce-1", "VpcEndpointType": "Interface", "VpcId": "vpc-1", "ServiceName": "com.amazonaws.vpce.us-east-1.vpce-svc-1", "State": "available", "NetworkInterfaceIds": ["eni-1"]},
{"VpcEndpointId": "vpce-2", "VpcEndpointType": "Interface", "VpcId": %q, "ServiceName": %q, "State": %q, "NetworkInterfaceIds": ["eni-2"]}],
"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "InterfaceType": "vpc_endpoint", "PrivateIpAddress": "10.10.10.10"}, {"NetworkInterfaceId": "eni-2", "InterfaceType": "vpc_endpoint", "PrivateIpAddress": "10.20.10.11"}]}`,
				tt.network, tt.service, tt.state)), "aws.json"); err != nil {
				t.Fatal(err)
			}
			i, err := b.Inventory()
			if err != nil {
				t.Fatal(err)
			}
			r := drift.Compare(drift.Subject{Topology: topo, Inventory: i, Services: tt.services, Named: tt.named})
			var got []string
			for _, f := range r.Findings {
				got = append(got, fmt.Sprintf("%s %s %s: %s", f.Code, f.VPC, f.Region, f.Message))
				if !strings.Contains(f.Hint, tt.hint) {
					t.Errorf("hint %q, want %q in it", f.Hint, tt.hint)
				}
			}
			for _, u := range r.Unjudged {
				got = append(got, "not judged "+u)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if writes := len(r.Edits) > 0; writes != strings.HasPrefix(tt.hint, "--update") {
				t.Errorf("edits: %+v", r.Edits)
			}
		})
	}
}
