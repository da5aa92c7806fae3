package exports_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

const networks = "/subscriptions/0a-1/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/"

// severalVPCs are the parameters for three VPCs, and a profile for all others.
var severalVPCs = map[string]string{
	"vpc-id": "vpc-0a1b2c3d,vpc-0a1b2c3e,vpc-0a1b2c3f", "vpc-region": "us-east-1,us-west-2,us-east-1", "profile-id": "rp-0a1b2c3d4e5f6071",
}

// severalView has more than one zone.
func severalView(t *testing.T) zones.View {
	return readTopology(t, "../../zones/formats/all/testdata/002-two-regions.yaml")
}

// exportFor writes a view in a format with those parameters.
func exportFor(t *testing.T, format string, values map[string]string) map[string]string {
	t.Helper()
	c := cloudNamed(t, format)
	c.values = values
	files, refusal := c.export(t, severalView(t), zones.ShapePerName)
	if refusal != nil {
		t.Fatal(refusal)
	}
	return files
}

// zoneNames are those of the view, sorted.
func zoneNames(t *testing.T) []string {
	var names []string
	for zone := range severalView(t).Shaped(zones.ShapePerName) {
		names = append(names, strings.TrimSuffix(zone.Origin, "."))
	}
	slices.Sort(names)
	return names
}

// vpcsTemplate is a CloudFormation template with VPCs of its own.
type vpcsTemplate struct {
	Parameters map[string]any
	Resources  map[string]struct {
		Type       string
		DependsOn  string
		Properties struct {
			Name      any
			VPCs      []struct{ VPCId, VPCRegion string }
			ProfileId string //nolint:revive // AWS calls it so
			// of AWS::Route53Profiles::ProfileResourceAssociation
			ResourceArn map[string]string
		}
	}
}

// TestSeveralVPCsInCloudFormation: each zone has all VPCs and is tied to the profile once
// it has its records, and AWS's schemas have nothing to say against it.
func TestSeveralVPCsInCloudFormation(t *testing.T) {
	files := exportFor(t, "cloudformation", severalVPCs)
	var template vpcsTemplate
	if err := json.Unmarshal([]byte(onlyWith(t, files, ".template.json")), &template); err != nil {
		t.Fatal(err)
	}
	var named []string
	tied := 0
	for id, r := range template.Resources {
		switch r.Type {
		case "AWS::Route53::HostedZone":
			named = append(named, strings.TrimSuffix(r.Properties.Name.(string), "."))
			var vpcs []string
			for _, vpc := range r.Properties.VPCs {
				vpcs = append(vpcs, vpc.VPCId+" "+vpc.VPCRegion)
			}
			if diff := cmp.Diff([]string{"vpc-0a1b2c3d us-east-1", "vpc-0a1b2c3e us-west-2", "vpc-0a1b2c3f us-east-1"}, vpcs); diff != "" {
				t.Errorf("%s (-want +got):\n%s", id, diff)
			}
		case "AWS::Route53Profiles::ProfileResourceAssociation":
			tied++
			zone := strings.TrimPrefix(id, "Tied")
			if r.Properties.ProfileId != severalVPCs["profile-id"] || r.DependsOn != "Records"+zone ||
				r.Properties.ResourceArn["Fn::Sub"] != "arn:${AWS::Partition}:route53:::hostedzone/${Zone"+zone+"}" {
				t.Errorf("%s is %+v", id, r)
			}
		}
	}
	slices.Sort(named)
	if diff := cmp.Diff(zoneNames(t), named); diff != "" || tied != len(named) || template.Parameters != nil {
		t.Errorf("%d zones are tied, parameters %v; (-want +got):\n%s", tied, template.Parameters, diff)
	}
	dir := saved(t, files)
	path, err := filepath.Glob(filepath.Join(dir, "*.template.json"))
	if err != nil {
		t.Fatal(err)
	}
	passes(t, dir, nil, optional(t, "cfn-lint", "pip install cfn-lint"), "--non-zero-exit-code", "informational", path[0])
}

// TestSeveralVPCsInTerraform: each zone has a block for each VPC, and is tied to the
// profile.
func TestSeveralVPCsInTerraform(t *testing.T) {
	m, resources := readModule(t, exportFor(t, "terraform-aws", severalVPCs))
	made := m.instances(resources["aws_route53_zone"], "zone_id", "arn")
	for name, zone := range made {
		var vpcs []string
		for _, vpc := range zone.blocks["vpc"] {
			vpcs = append(vpcs, vpc.text("vpc_id")+" "+vpc.text("vpc_region"))
		}
		if diff := cmp.Diff([]string{"vpc-0a1b2c3d us-east-1", "vpc-0a1b2c3e us-west-2", "vpc-0a1b2c3f us-east-1"}, vpcs); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	tied := m.instances(resources["aws_route53profiles_resource_association"], "id")
	for name, one := range tied {
		if one.text("profile_id") != severalVPCs["profile-id"] || one.text("resource_arn") != "the arn of "+name {
			t.Errorf("%s is tied by %v", name, one)
		}
	}
	if want := len(zoneNames(t)); len(made) != want || len(tied) != want {
		t.Errorf("%d zones, %d of them tied; want %d", len(made), len(tied), want)
	}
}

// TestSeveralNetworksInTerraform: each zone is linked to each network, by names that do not
// depend on the order in which the networks are given.
func TestSeveralNetworksInTerraform(t *testing.T) {
	links := func(ids string) map[string]string {
		m, resources := readModule(t, exportFor(t, "terraform-azure", map[string]string{"virtual-network-id": ids}), "resource_group_name")
		m.instances(resources["azurerm_private_dns_zone"], "name")
		all := make(map[string]string)
		for _, link := range m.instances(resources["azurerm_private_dns_zone_virtual_network_link"], "id") {
			zone := strings.TrimPrefix(link.text("private_dns_zone_name"), "the name of ")
			all[zone+" "+link.text("virtual_network_id")] = link.text("name")
		}
		return all
	}
	one, two := links(networks+"a,"+networks+"b"), links(networks+"b,"+networks+"a")
	if want := 2 * len(zoneNames(t)); len(one) != want {
		t.Errorf("%d links, want %d: %v", len(one), want, one)
	}
	if diff := cmp.Diff(one, two); diff != "" {
		t.Errorf("in another order (-one +other):\n%s", diff)
	}
	if zone := zoneNames(t)[0]; one[zone+" "+networks+"a"] == one[zone+" "+networks+"b"] {
		t.Errorf("two links of %s have one name", zone)
	}
}

// TestSeveralNetworksInARM: each zone is linked to each network, when it has its records.
func TestSeveralNetworksInARM(t *testing.T) {
	files := exportFor(t, "azure-arm", map[string]string{"virtual-network-id": networks + "a," + networks + "b"})
	var document armDocument
	strictly(t, onlyWith(t, files, ".template.json"), &document)
	if len(document.Parameters) > 0 {
		t.Errorf("there are parameters: %v", document.Parameters)
	}
	there, linked := make(map[string]bool), make(map[string]bool)
	for _, r := range document.Resources {
		for _, id := range r.DependsOn {
			if !there[armName(t, id)] {
				t.Errorf("%s %s depends on %s, which is not there", r.Type, r.Name, id)
			}
		}
		if there[r.Type+" "+r.Name] {
			t.Errorf("%s %s is there twice", r.Type, r.Name)
		}
		there[r.Type+" "+r.Name] = true
		if r.Type == armZones+"/virtualNetworkLinks" {
			zone, _, _ := strings.Cut(r.Name, "/")
			linked[zone+" "+armLink(t, r)] = true
		}
	}
	for _, zone := range zoneNames(t) {
		for _, id := range []string{"a", "b"} {
			if !linked[zone+" "+networks+id] {
				t.Errorf("zone %s is not linked to %s", zone, id)
			}
		}
	}
}

// TestNetworkParameters: what would be no network is not exported.
func TestNetworkParameters(t *testing.T) {
	tests := []struct {
		format string
		values map[string]string
		want   string
	}{
		{"cloudformation", map[string]string{"vpc-id": "vpc-0a1b2c3d"}, "parameter vpc-region: it is needed with vpc-id"},
		{"cloudformation", map[string]string{"vpc-region": "us-east-1"}, "there is no vpc-id whose region it would be"},
		{"terraform-aws", map[string]string{"vpc-id": "vpc-0a1b2c3d"}, ""},
		{"terraform-aws", map[string]string{"vpc-id": "vpc-0a1b2c3d,vpc-0a1b2c3d"}, `"vpc-0a1b2c3d,vpc-0a1b2c3d" has vpc-0a1b2c3d twice`},
		{"terraform-aws", map[string]string{"vpc-id": "vpc-0a1b2c3d", "vpc-region": "us-east-1,us-east-1"}, "2 regions for 1 VPCs"},
		{"terraform-azure", map[string]string{"virtual-network-id": "apps"}, `"apps" is not the id of a virtual network`},
		{"azure-arm", map[string]string{"virtual-network-id": networks + "a," + networks + "A"}, "twice"},
	}
	for _, tt := range tests {
		format, _ := all.Named(tt.format)
		_, err := format.Files(severalView(t), formats.Options{Values: tt.values})
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s %v: error %v, want %q", tt.format, tt.values, err, tt.want)
		}
	}
}
