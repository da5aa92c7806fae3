package exports_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/network/armnetwork/v9"
	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/topology"
)

// listedByAzure are the private endpoint of an orchestra, its network interface and its
// network, in the types of Azure's own API.
func listedByAzure(status string, ip string) map[string]any {
	const group = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/net/providers/Microsoft.Network/"
	subnet := &armnetwork.Subnet{
		ID: to.Ptr(group + "virtualNetworks/apps/subnets/endpoints"), Name: to.Ptr("endpoints"),
		Properties: &armnetwork.SubnetPropertiesFormat{AddressPrefix: to.Ptr("10.79.1.0/24")},
	}
	return map[string]any{
		"endpoints.json": armnetwork.PrivateEndpointListResult{Value: []*armnetwork.PrivateEndpoint{{
			ID: to.Ptr(group + "privateEndpoints/to-aura"), Name: to.Ptr("to-aura"), Type: to.Ptr("Microsoft.Network/privateEndpoints"), Location: to.Ptr("westeurope"),
			Properties: &armnetwork.PrivateEndpointProperties{
				Subnet:            &armnetwork.Subnet{ID: subnet.ID},
				NetworkInterfaces: []*armnetwork.Interface{{ID: to.Ptr(group + "networkInterfaces/to-aura.nic")}},
				ManualPrivateLinkServiceConnections: []*armnetwork.PrivateLinkServiceConnection{{
					Name: to.Ptr("to-aura"),
					Properties: &armnetwork.PrivateLinkServiceConnectionProperties{
						PrivateLinkServiceID:              to.Ptr("production-orch-0042-service.0a1b2c3d-0000-4000-8000-000000000000.westeurope.azure.privatelinkservice"),
						PrivateLinkServiceConnectionState: &armnetwork.PrivateLinkServiceConnectionState{Status: to.Ptr(status)},
					},
				}},
			},
		}}},
		"nics.json": armnetwork.InterfaceListResult{Value: []*armnetwork.Interface{{
			ID: to.Ptr(group + "networkInterfaces/to-aura.nic"), Name: to.Ptr("to-aura.nic"), Type: to.Ptr("Microsoft.Network/networkInterfaces"),
			Properties: &armnetwork.InterfacePropertiesFormat{IPConfigurations: []*armnetwork.InterfaceIPConfiguration{{
				Name:       to.Ptr("privateEndpointIpConfig"),
				Properties: &armnetwork.InterfaceIPConfigurationPropertiesFormat{PrivateIPAddress: to.Ptr(ip), Subnet: &armnetwork.Subnet{ID: subnet.ID}},
			}}},
		}}},
		"vnets.json": armnetwork.VirtualNetworkListResult{Value: []*armnetwork.VirtualNetwork{{
			ID: to.Ptr(group + "virtualNetworks/apps"), Name: to.Ptr("apps"), Type: to.Ptr("Microsoft.Network/virtualNetworks"),
			Properties: &armnetwork.VirtualNetworkPropertiesFormat{
				AddressSpace: &armnetwork.AddressSpace{AddressPrefixes: []*string{to.Ptr("10.79.0.0/16")}},
				Subnets:      []*armnetwork.Subnet{subnet},
			},
		}}},
	}
}

// asPrinted returns what "az" prints of what the API answers: the list alone, and of each
// object the properties beside its name.
func asPrinted(t *testing.T, answer []byte) []byte {
	t.Helper()
	var list struct{ Value []any }
	if err := json.Unmarshal(answer, &list); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(raised(list.Value))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// raised returns a value without "properties": what is below stands beside.
func raised(value any) any {
	switch v := value.(type) {
	case []any:
		for i := range v {
			v[i] = raised(v[i])
		}
	case map[string]any:
		for key, below := range v {
			v[key] = raised(below)
		}
		if below, is := v["properties"].(map[string]any); is {
			delete(v, "properties")
			for key, one := range below {
				v[key] = one
			}
		}
	}
	return value
}

// TestInitFromAzure: init has the orchestra, the region, the address and the range from
// what Azure lists, in the types of its API and as its command line prints them. A
// connection that is not approved makes no link, and --check says that the endpoint was
// made anew.
func TestInitFromAzure(t *testing.T) {
	program := command(t)
	for _, printed := range []bool{false, true} {
		t.Run(map[bool]string{false: "API", true: "az"}[printed], func(t *testing.T) {
			dir := t.TempDir()
			var from []string
			list := func(status, ip string) {
				from = nil
				for name, value := range listedByAzure(status, ip) {
					text, err := json.Marshal(value)
					if err != nil {
						t.Fatal(err)
					}
					if printed {
						text = asPrinted(t, text)
					}
					if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
						t.Fatal(err)
					}
					from = append(from, "--from", name)
				}
			}
			list("Approved", "10.79.1.10")
			passes(t, dir, nil, program, append([]string{"init"}, from...)...)
			got := drafted(t, dir)
			if len(got.Regions) != 1 || got.Regions[0].Name != "azure-westeurope" || len(got.Regions[0].Orchestras) != 1 || got.Regions[0].Orchestras[0] != "production-orch-0042.neo4j.io." {
				t.Errorf("%+v", got.Regions)
			}
			v := got.VPCs[0]
			if len(v.Links) != 1 || v.Links[0].Addrs[0].String() != "10.79.1.10" || len(v.Clients) != 1 || v.Clients[0].String() != "10.79.0.0/16" {
				t.Errorf("%+v", v)
			}

			list("Approved", "10.79.1.20")
			check := append([]string{"init", "--check", "topology.yaml", "-o", "json"}, from...)
			if status, out := run(t, dir, nil, program, check...); status != 1 || !strings.Contains(out, `"recreated"`) || !strings.Contains(out, "10.79.1.20") {
				t.Errorf("status %d after the endpoint was made anew:\n%s", status, out)
			}
			list("Pending", "10.79.1.10")
			passes(t, dir, nil, program, append([]string{"init", "--force"}, from...)...)
			if got := drafted(t, dir); hasLinks(got) {
				t.Errorf("a pending connection is a link: %+v", got.VPCs)
			}
		})
	}
}

// fakeAz is a tool that prints what was listed of a subscription, for Azure's own is in no
// package that the tests can have.
const fakeAz = `#!/bin/sh
for last; do :; done
cd "$LISTED/$last" || { echo "ERROR: The subscription of '$last' doesn't exist in cloud 'AzureCloud'." >&2; exit 1; }
case "$*" in
"account show -o json --subscription "*) echo "{\"environmentName\": \"AzureCloud\", \"id\": \"$last\", \"tenantId\": \"t\", \"name\": \"n\"}" ;;
"network private-endpoint list -o json --subscription "*) cat endpoints.json ;;
"network nic list -o json --subscription "*) cat nics.json ;;
"network vnet list -o json --subscription "*) cat vnets.json ;;
*) echo "unknown: $*" >&2; exit 2 ;;
esac
`

// TestInitRunsAzure: init has a tool list two subscriptions, says the permissions, checks
// and updates; a subscription that is not there ends it.
func TestInitRunsAzure(t *testing.T) {
	program, dir, listed := command(t), t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "az"), []byte(fakeAz), 0o700); err != nil {
		t.Fatal(err)
	}
	// The other subscription has another network, with an endpoint to another orchestra.
	const one, two = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"
	other := strings.NewReplacer(one, two, "10.79.", "10.80.", "orch-0042", "orch-0815", "westeurope", "germanywestcentral", "virtualNetworks/apps", "virtualNetworks/batch", `"name":"apps"`, `"name":"batch"`)
	list := func(subscription, ip string, change func(string) string) {
		if err := os.MkdirAll(filepath.Join(listed, subscription), 0o700); err != nil {
			t.Fatal(err)
		}
		for name, value := range listedByAzure("Approved", ip) {
			text, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(listed, subscription, name), []byte(change(string(asPrinted(t, text)))), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	same := func(text string) string { return text }
	list(one, "10.79.1.10", same)
	list(two, "10.79.1.10", other.Replace)
	env := []string{"PATH=" + dir + ":" + os.Getenv("PATH"), "LISTED=" + listed}
	both := []string{"--run", "azure@" + one, "--run", "azure@" + two}
	printed := passes(t, dir, env, program, append([]string{"init"}, both...)...)
	for _, want := range []string{
		"az takes these permissions, and no others: Microsoft.Network/privateEndpoints/read, Microsoft.Network/networkInterfaces/read, Microsoft.Network/virtualNetworks/read\n",
		"Azure subscription id   " + one + "\n", "Azure subscription id   " + two + "\n",
	} {
		if !strings.Contains(printed, want) {
			t.Errorf("init does not print %q:\n%s", want, printed)
		}
	}
	want := map[string]string{"azure-westeurope of 10.79.0.0/16": "10.79.1.10", "azure-germanywestcentral of 10.80.0.0/16": "10.80.1.10"}
	if diff := cmp.Diff(want, linksOf(drafted(t, dir))); diff != "" {
		t.Errorf("(-subscriptions +topology):\n%s", diff)
	}
	check := append([]string{"init", "--check", "topology.yaml"}, both...)
	if printed := passes(t, dir, env, program, check...); !strings.Contains(printed, "no drift; 2 of 2 links compared\n") {
		t.Errorf("nothing has changed:\n%s", printed)
	}
	before := contentOf(t, dir, "topology.yaml")
	list(one, "10.79.1.20", same)
	if printed := passes(t, dir, env, program, append(check, "--update")...); !strings.Contains(printed, "was recreated: 10.79.1.10 → 10.79.1.20 [recreated], written\n") {
		t.Errorf("it was made anew:\n%s", printed)
	}
	if diff := cmp.Diff(strings.Replace(before, "[10.79.1.10]", "[10.79.1.20]", 1), contentOf(t, dir, "topology.yaml")); diff != "" {
		t.Errorf("(-want +written):\n%s", diff)
	}
	if status, printed := run(t, dir, env, program, "init", "-", "--run", "azure@nobody"); status != 2 || !strings.Contains(printed, "doesn't exist in cloud") {
		t.Errorf("status %d of a subscription that is not there:\n%s", status, printed)
	}
}

// hasLinks reports whether any VPC has a link.
func hasLinks(t *topology.Topology) bool {
	for _, v := range t.VPCs {
		if len(v.Links) > 0 {
			return true
		}
	}
	return false
}
