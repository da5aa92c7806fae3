package inventory_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/hint"
)

// objects are lists of one object each, and what is another in the second list of it.
var objects = []struct{ name, text, is, other string }{
	{"an endpoint of AWS", "[" + awsEndpoint + "]", "eni-2", "eni-3"},
	{"an endpoint of AWS that would be AWS's own", "[" + strings.ReplaceAll(awsEndpoint, "graph", "x") + "]", "com.amazonaws.vpce.us-east-1.vpce-svc-0a", "com.amazonaws.us-east-1.ssm"},
	{"an interface of AWS", `{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "InterfaceType": "vpc_endpoint", "VpcId": "vpc-1", "PrivateIpAddress": "10.10.11.20"}]}`, "10.10.11.20", "10.10.11.99"},
	{"the VPC of an interface", `{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "InterfaceType": "vpc_endpoint", "VpcId": "vpc-1", "PrivateIpAddress": "10.10.11.20"}]}`, "vpc-1", "vpc-2"},
	{"the zone of an interface", `{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "InterfaceType": "vpc_endpoint", "AvailabilityZoneId": "use1-az1", "PrivateIpAddress": "10.10.11.20"}]}`, "use1-az1", "use1-az3"},
	{"a VPC", `{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.20.0.0/16", "OwnerId": "1"}]}`, "10.20.", "10.21."},
	{"a further range of a VPC", `{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.20.0.0/16", "CidrBlockAssociationSet": [{"CidrBlock": "10.21.0.0/16", "CidrBlockState": {"State": "associated"}}]}]}`, "associated", "disassociated"},
	{"a subnet of AWS", `{"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.10.10.0/24", "AvailabilityZone": "us-east-1a"}]}`, "vpc-1", "vpc-2"},
	{"a service of AWS", `{"ServiceDetails": [{"ServiceName": "s", "BaseEndpointDnsNames": ["x"], "PrivateDnsName": "production-orch-0001.neo4j.io"}]}`, "0001", "0002"},
	{"a service of AWS without a name", `{"ServiceDetails": [{"ServiceName": "s", "BaseEndpointDnsNames": ["x"], "PrivateDnsName": "production-orch-0001.neo4j.io"}]}`, "production-orch-0001.neo4j.io", ""},
	{"a forwarding rule", "[" + rule + "]", "10.20.10.10", "10.20.10.11"},
	{"a forwarding rule that would be of a proxy", "[" + rule + "]", "serviceAttachments/sa-1", "targetHttpProxies/p"},
	{"a subnet of Google Cloud", "[" + subnetwork + "]", "10.24.0.0/14", "10.28.0.0/14"},
	{"an endpoint of Azure", "[" + privateEndpoint + "]", "Approved", "Rejected"},
	{"an interface of Azure", "[" + nic + "]", "10.30.0.4", "10.30.0.5"},
	{"a network of Azure", "[" + vnet + "]", "10.30.0.0/16", "10.31.0.0/16"},
	{"a subnet of Azure", "[" + vnet + "]", "10.30.0.0/24", "10.30.1.0/24"},
}

// TestListedTwice: whichever of two lists is read first, no object is that of the other one. The same list
// twice is one.
func TestListedTwice(t *testing.T) {
	for _, tt := range objects {
		t.Run(tt.name, func(t *testing.T) {
			other := strings.Replace(tt.text, tt.is, tt.other, 1)
			if other == tt.text {
				t.Fatalf("%q is not in the list", tt.is)
			}
			once, err := read(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			twice, err := read(tt.text, tt.text)
			if err != nil {
				t.Fatalf("the same list twice: %v", err)
			}
			if diff := cmp.Diff(dump(once), dump(twice)); diff != "" {
				t.Errorf("the same list twice (-once +twice):\n%s", diff)
			}
			for _, files := range [][]string{{tt.text, other}, {other, tt.text}, {tt.text, tt.text, other}, {tt.text, other, tt.text}} {
				if _, err := read(files...); err == nil || !strings.Contains(err.Error(), "is listed otherwise in f1") {
					t.Errorf("error %v\n%s", err, files)
				}
			}
		})
	}
}

// TestTwoAccounts: the accounts that share a network call it and its zones as they please, and one list
// may say less than another.
func TestTwoAccounts(t *testing.T) {
	owner := []string{
		`{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.20.0.0/16", "OwnerId": "1", "Tags": [{"Key": "Name", "Value": "hub"}]}]}`,
		`{"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.20.1.0/24", "AvailabilityZone": "us-east-1a", "AvailabilityZoneId": "use1-az4", "OwnerId": "1"}]}`,
		`{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "InterfaceType": "vpc_endpoint", "VpcId": "vpc-1", "SubnetId": "subnet-1", "PrivateIpAddress": "10.20.1.9"}]}`,
	}
	for _, tt := range []struct{ its, want string }{
		{`[{"VpcId": "vpc-1", "CidrBlock": "10.20.0.0/16"}]`, "network aws vpc-1 \"hub\" in 1: [10.20.0.0/16]\n"},
		{`{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.20.0.0/16", "OwnerId": "1", "Tags": [{"Key": "Name", "Value": "shared"}]}]}`, "network aws vpc-1 \"vpc-1\" in 1: [10.20.0.0/16]\n"},
		{`{"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.20.1.0/24", "AvailabilityZone": "us-east-1c", "AvailabilityZoneId": "use1-az4"}]}`, "subnet aws subnet-1 in vpc-1: [10.20.1.0/24] us-east-1a use1-az4\n"},
		{`{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "InterfaceType": "vpc_endpoint", "PrivateIpAddress": "10.20.1.9", "AvailabilityZoneId": "use1-az4"}]}`, "account aws 1\n"},
	} {
		for _, files := range [][]string{append(slices.Clone(owner), tt.its), append([]string{tt.its}, owner...)} {
			i, err := read(files...)
			if err != nil {
				t.Errorf("%v\n%s", err, tt.its)
				continue
			}
			if got := dump(i); !strings.Contains(got, tt.want) {
				t.Errorf("%s\nlacks %s", got, tt.want)
			}
		}
	}
}

// TestListsDisagree: lists of different kinds that cannot be of one time, or of which a part is missing.
func TestListsDisagree(t *testing.T) {
	aws := func(id, eni string) string {
		return fmt.Sprintf(`{"VpcEndpoints": [{"VpcEndpointId": %q, "VpcId": "vpc-1", "ServiceName": "com.amazonaws.vpce.us-east-1.vpce-svc-0a", "NetworkInterfaceIds": [%q]}]}`, id, eni)
	}
	eni := func(network, description string) string {
		return fmt.Sprintf(`{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "InterfaceType": "vpc_endpoint", "VpcId": %q, "Description": %q, "PrivateIpAddress": "10.0.0.9"}]}`, network, description)
	}
	named := strings.Replace(privateEndpoint, `"customDnsConfigs": []`, `"customDnsConfigs": [{"fqdn": "x.example.", "ipAddresses": ["10.30.0.7"]}]`, 1)
	for _, tt := range []struct {
		name  string
		files []string
		want  string // "" for none
	}{
		{"an interface says whose it is", []string{aws("vpce-1", "eni-1"), eni("vpc-1", "VPC Endpoint Interface vpce-1")}, ""},
		{"an interface of another endpoint", []string{aws("vpce-1", "eni-1"), eni("vpc-1", "VPC Endpoint Interface vpce-2")}, "network interface eni-1 is listed as one of vpce-1 (f1:1), and says that it is of vpce-2 (f2:1)"},
		{"an interface in another network", []string{aws("vpce-1", "eni-1"), eni("vpc-2", "")}, "vpce-1 is listed in vpc-1 (f1:1), and its network interface eni-1 in vpc-2 (f2:1)"},
		{"an interface of two endpoints", []string{aws("vpce-1", "eni-1"), aws("vpce-2", "eni-1")}, "network interface eni-1 is listed as one of vpce-1, and of vpce-2"},
		{"an interface of Azure says whose it is", []string{"[" + privateEndpoint + "]", "[" + strings.Replace(nic, `"name"`, `"privateEndpoint": {"id": "`+strings.ToUpper(group)+`/privateEndpoints/graph"}, "name"`, 1) + "]"}, ""},
		{"an interface of another endpoint of Azure's", []string{"[" + privateEndpoint + "]", "[" + strings.Replace(nic, `"name"`, `"privateEndpoint": {"id": "`+group+`/privateEndpoints/other"}, "name"`, 1) + "]"}, "network interface graph.nic is listed as one of graph (f1:1), and says that it is of other (f2:1)"},
		{"an address that no interface has", []string{"[" + named + "]", "[" + nic + "]"}, "graph is listed with 10.30.0.7 (f1:1), and none of its network interfaces with that (f2:1)"},
		{"an address that no list of interfaces could have", []string{"[" + named + "]"}, ""},
		{"the middle is missing", []string{`{"VpcEndpoints": [` + awsEndpoint[:60] + awsEndpoint + `]}`}, "is not JSON"},
		{"the middle is missing, and what is left is JSON", []string{`{"VpcEndpoints": [` + awsEndpoint[:strings.Index(awsEndpoint, `"OwnerId"`)] + awsEndpoint[1:] + `]}`}, `f1:1: an object has "VpcEndpointId" twice: a part between them may be missing`},
		{"an interface in a subnet that is not the endpoint's", []string{`[{"VpcEndpointId": "vpce-1", "ServiceName": "x", "SubnetIds": ["subnet-1"], "NetworkInterfaceIds": ["eni-1"]}]`, `[{"NetworkInterfaceId": "eni-1", "InterfaceType": "vpc_endpoint", "SubnetId": "subnet-2", "PrivateIpAddress": "10.0.0.9"}]`}, "vpce-1 is listed with the subnets subnet-1 (f1:1), and its network interface eni-1 in subnet-2 (f2:1)"},
		{"an interface in a subnet of another network", []string{aws("vpce-1", "eni-1"), `[{"NetworkInterfaceId": "eni-1", "InterfaceType": "vpc_endpoint", "VpcId": "vpc-1", "SubnetId": "subnet-1", "PrivateIpAddress": "10.0.0.9"}, {"SubnetId": "subnet-1", "VpcId": "vpc-2", "CidrBlock": "10.0.0.0/24", "AvailabilityZone": "us-east-1a"}]`}, "network interface eni-1 is listed in vpc-1 (f2:1), and its subnet subnet-1 in vpc-2 (f2:1)"},
		{"an interface with the address of another one", []string{`[{"NetworkInterfaceId": "eni-1", "InterfaceType": "vpc_endpoint", "PrivateIpAddress": "10.0.0.9", "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.8"}]}]`}, "10.0.0.9 is not among its PrivateIpAddresses: a part of the list may be missing"},
		{"an endpoint with a name of its own", []string{`[{"VpcEndpointId": "vpce-1", "ServiceName": "x", "DnsEntries": [{"DnsName": "*.vpce-1-a1b2.vpce-svc-0a.us-east-1.vpce.amazonaws.com"}, {"DnsName": "vpce-1-a1b2-us-east-1a.vpce-svc-0a.us-east-1.vpce.amazonaws.com"}, {"DnsName": "vpce-2.example.com"}]}]`}, ""},
		{"an endpoint with the names of another one", []string{`[{"VpcEndpointId": "vpce-1", "ServiceName": "x", "DnsEntries": [{"DnsName": "vpce-2-a1b2.vpce-svc-0a.us-east-1.vpce.amazonaws.com"}]}]`}, "vpce-1 has a name of vpce-2 in its DnsEntries: a part of the list may be missing"},
		{"a list that is flattened", []string{"---\nipCidrRange: 10.20.0.0/20\nkind: compute#subnetwork\nname: apps-eu\nsecondaryIpRanges[0].ipCidrRange: 10.24.0.0/14\n"}, "it is what is printed for people (gcloud --format=flattened or text)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := read(tt.files...)
			switch {
			case tt.want == "" && err != nil:
				t.Error(err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("error %v, want %q", err, tt.want)
			case tt.want != "" && strings.HasPrefix(tt.name, "an") && hint.Of(err) == "":
				t.Error("no hint")
			}
		})
	}
}

// TestRangesThatAreThere: of the ranges of a VPC only those count that are its own.
func TestRangesThatAreThere(t *testing.T) {
	for state, want := range map[string]string{
		"associated":     "[10.20.0.0/16 10.30.0.0/16]",
		"associating":    "[10.20.0.0/16]",
		"disassociating": "[10.20.0.0/16]",
		"disassociated":  "[10.20.0.0/16]",
		"failing":        "[10.20.0.0/16]",
		"failed":         "[10.20.0.0/16]",
	} {
		i, err := read(fmt.Sprintf(`{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.20.0.0/16", "CidrBlockAssociationSet": [
{"CidrBlock": "10.20.0.0/16", "CidrBlockState": {"State": "associated"}}, {"CidrBlock": "10.30.0.0/16", "CidrBlockState": {"State": %q}}]}],
"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.20.0.0/24", "AvailabilityZone": "us-east-1a",
"Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": "fd00::/64", "Ipv6CidrBlockState": {"State": %[1]q}}]}]}`, state))
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(i.Networks[0].Ranges); got != want {
			t.Errorf("%s: %s, want %s", state, got, want)
		}
		if got, counts := len(i.Subnets[0].Ranges) == 2, state == "associated"; got != counts {
			t.Errorf("%s: the subnet has %v", state, i.Subnets[0].Ranges)
		}
		if noted := len(i.Notes) > 0; noted != (state != "associated" && state != "disassociated") {
			t.Errorf("%s: notes %q", state, i.Notes)
		}
	}
}

// TestUnlistedEndpoint: an interface tells of an endpoint that is missing in the list, if there is one.
func TestUnlistedEndpoint(t *testing.T) {
	eni := `{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-9", "InterfaceType": "vpc_endpoint", "Description": "VPC Endpoint Interface vpce-9", "PrivateIpAddress": "10.0.0.9"}]}`
	const want = "private endpoints have network interfaces that are listed, and are in no list themselves (1): vpce-9. Are the lists whole?"
	own := `[{"VpcEndpointId": "vpce-9", "ServiceName": "com.amazonaws.us-east-1.ssm", "State": "available"}]`
	for _, tt := range []struct {
		list string
		told bool
	}{{`{"VpcEndpoints": []}`, true}, {"[" + awsEndpoint + "]", true}, {own, false}, {"[" + privateEndpoint + "]", false}} {
		i, err := read(eni, tt.list)
		if err != nil {
			t.Fatal(err)
		}
		if told := strings.Contains(strings.Join(i.Notes, "\n"), want); told != tt.told {
			t.Errorf("%s: notes %q", tt.list, i.Notes)
		}
	}
}

// TestAged: of two lists of one account that have an endpoint in common, one lacks another endpoint.
func TestAged(t *testing.T) {
	e := func(id, network, service, state, owner string) string {
		return fmt.Sprintf(`{"VpcEndpointId": %q, "VpcId": %q, "ServiceName": "com.amazonaws.%s", "State": %q, "OwnerId": %q}`, id, network, service, state, owner)
	}
	list := func(all ...string) string { return `{"VpcEndpoints": [` + strings.Join(all, ", ") + `]}` }
	const svc = "vpce.us-east-1.vpce-svc-0a"
	a, b := e("vpce-1", "vpc-1", svc, "available", "1"), e("vpce-2", "vpc-1", svc, "available", "1")
	west := e("vpce-3", "vpc-1", "vpce.us-west-2.vpce-svc-0b", "available", "1")
	for _, tt := range []struct {
		name  string
		files []string
		want  string // "" for none
	}{
		{"one was removed", []string{list(a, west), list(a)}, "vpce-3 is listed in f1, and not in f2, which lists vpce-1 of the same account"},
		{"one was added", []string{list(a), list(a, west)}, "vpce-3 is listed in f2, and not in f1, which lists vpce-1 of the same account"},
		{"one in each", []string{list(a), list(b)}, ""},
		{"two in one list", []string{list(a, b)}, ""},
		{"two in one file", []string{list(a) + "\n" + list(b)}, ""},
		{"other services", []string{list(a), list(west)}, ""},
		{"other networks", []string{list(a), list(e("vpce-2", "vpc-2", svc, "available", "1"))}, ""},
		{"other accounts", []string{list(a), list(e("vpce-2", "vpc-1", svc, "available", "2"))}, ""},
		{"one that is being removed", []string{list(a, e("vpce-3", "vpc-1", svc, "deleting", "1")), list(a)}, ""},
		{"one of AWS's own", []string{list(a, e("vpce-3", "vpc-1", "us-east-1.ssm", "available", "1")), list(a)}, ""},
		{"pages", []string{`{"NextToken": "x", ` + list(a)[1:], list(b)}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := read(tt.files...); tt.want == "" && err != nil || tt.want != "" && (err == nil || err.Error() != tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}
