package all_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	stateOf     = `{"format_version": "1.0", "terraform_version": "1.9.0", "values": {"root_module": {"resources": [`
	stateZone   = `{"mode": "managed", "type": "azurerm_private_dns_zone", "name": "z", "values": {"name": "a"}}`
	stateOther  = `{"mode": "managed", "type": "azurerm_private_dns_zone", "name": "y", "values": {"name": "b"}}`
	stateLink   = `{"mode": "managed", "type": "azurerm_private_dns_zone_virtual_network_link", "name": "l", "values": {"private_dns_zone_name": "a", "virtual_network_id": "/v1"}}`
	stateEnd    = `]}}}`
	templateOf  = `{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "parameters": {"z": {"type": "string"}}, "resources": [`
	templateEnd = `]}`
	// templateZone is a zone of a template.
	templateZone = `{"type": "Microsoft.Network/privateDnsZones", "apiVersion": "2020-06-01", "location": "global", "name": "a"}`
	templateLink = `{"type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks", "apiVersion": "2020-06-01", "location": "global", "name": "a/l", "properties": {"virtualNetwork": {"id": "/v1"}}}`
	listedLink   = `[{"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/a/virtualNetworkLinks/l", "name": "l", "type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks", "virtualNetwork": {"id": "/v1"}}]`
)

// TestZonesOfUnknownVPCs: a zone of Route 53 in a module is private where it is not known of which
// VPCs, and public where it has none.
func TestZonesOfUnknownVPCs(t *testing.T) {
	const record = `, "aws_route53_record": {"r": {"zone_id": "${aws_route53_zone.z.zone_id}", "name": "x.a", "type": "A", "ttl": 30, "records": ["10.0.0.1"]}}}}`
	for block, want := range map[string]string{
		`, "vpc": {"vpc_id": "${var.vpc}"}`: "zone a. else nxdomain, f:1\nx.a. 10.0.0.1 ttl 30, f:1\n",
		`, "vpc": "${var.vpcs}"`:            "zone a. else nxdomain, f:1\nx.a. 10.0.0.1 ttl 30, f:1\n",
		`, "dynamic": {"vpc": {"for_each": "${var.vpcs}", "content": {"vpc_id": "${vpc.value}"}}}`: "zone a. else nxdomain, f:1\nx.a. 10.0.0.1 ttl 30, f:1\n",
		`, "dynamic": {"vpc": {"for_each": ["v1", "v2"], "content": {"vpc_id": "${vpc.value}"}}}`:  "zone a. else nxdomain, f:1\nx.a. 10.0.0.1 ttl 30, f:1\n",
		``: "",
	} {
		if d := cmp.Diff(want, dump(together(t, `{"resource": {"aws_route53_zone": {"z": {"name": "a"`+block+`}}`+record))); d != "" {
			t.Errorf("%s (-want +got):\n%s", block, d)
		}
	}
}

// TestZonesOfUnknownNetworks: likewise of Cloud DNS.
func TestZonesOfUnknownNetworks(t *testing.T) {
	for config, want := range map[string]bool{
		`, "private_visibility_config": {"networks": {"network_url": "${var.n}"}}`:                                                              false,
		`, "private_visibility_config": "${var.config}"`:                                                                                        false,
		`, "dynamic": {"private_visibility_config": {"for_each": "${var.all}", "content": {"networks": {"network_url": "${var.n}"}}}}`:          false,
		`, "private_visibility_config": {"dynamic": {"networks": {"for_each": "${var.all}", "content": {"network_url": "${networks.value}"}}}}`: false,
		`, "private_visibility_config": {"networks": []}`:                                                                                       true,
		``: true,
	} {
		text := `{"resource": {"google_dns_managed_zone": {"z": {"name": "z", "dns_name": "a.", "visibility": "private"` + config + `}}}}`
		if got := strings.Contains(strings.Join(told(together(t, text)), "\n"), "zone a is seen by no network"); got != want {
			t.Errorf("%s: seen by no network: %v", config, got)
		}
	}
}

// TestRulesOfStates: a rule of Route 53 Resolver counts in the VPCs that have it.
func TestRulesOfStates(t *testing.T) {
	const (
		zone  = `{"mode": "managed", "type": "aws_route53_zone", "name": "z", "values": {"name": "a", "zone_id": "Z1", "vpc": [{"vpc_id": "v1"}]}}`
		rule  = `{"mode": "managed", "type": "aws_route53_resolver_rule", "name": "r", "values": {"id": "rr-1", "domain_name": "a", "rule_type": "FORWARD", "target_ip": [{"ip": "10.9.9.9"}]}}`
		tied  = `{"mode": "managed", "type": "aws_route53_resolver_rule_association", "name": "a", "values": {"resolver_rule_id": "rr-1", "vpc_id": "v1"}}`
		left  = "f:1: a resolver rule forwards a to 10.9.9.9 in v2, which sees none of the hosted zones that it could stand before: it is left out"
		heard = "before its hosted zone is asked: audit that server"
	)
	for name, tt := range map[string]struct{ association, want string }{
		"nowhere":        {"", "not read: f:1: a resolver rule forwards a to 10.9.9.9, " + heard},
		"the zone's VPC": {tied, "not read: f:1: a resolver rule forwards a to 10.9.9.9 in v1, " + heard},
		"another VPC":    {strings.Replace(tied, "v1", "v2", 1), left},
		"not known":      {strings.Replace(tied, `"v1"`, "null", 1), "not read: f:1: a resolver rule forwards a to 10.9.9.9, " + heard},
	} {
		files := []string{stateOf + zone + "," + rule + stateEnd}
		if tt.association != "" {
			files = append(files, stateOf+tt.association+stateEnd)
		}
		if d := cmp.Diff([]string{tt.want}, told(together(t, files...))); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

// TestZonesOfOtherStates: a record is in the zone of another state that is read with its own, if
// it is told from zones of that name in other projects and groups.
func TestZonesOfOtherStates(t *testing.T) {
	const (
		aws    = `{"mode": "managed", "type": "aws_route53_zone", "name": "z", "values": {"name": "a", "zone_id": "Z1", "vpc": [{"vpc_id": "v"}]}}`
		awsA   = `{"mode": "managed", "type": "aws_route53_record", "name": "r", "values": {"zone_id": "Z1", "name": "x", "type": "A", "ttl": 30, "records": ["10.0.0.1"]}}`
		goog   = `{"mode": "managed", "type": "google_dns_managed_zone", "name": "z", "values": {"project": "p", "name": "za", "dns_name": "a.", "visibility": "private", "private_visibility_config": [{"networks": [{"network_url": "n"}]}]}}`
		googA  = `{"mode": "managed", "type": "google_dns_record_set", "name": "r", "values": {"project": "p", "managed_zone": "za", "name": "x.a.", "type": "A", "ttl": 30, "rrdatas": ["10.0.0.1"]}}`
		azure  = `{"mode": "managed", "type": "azurerm_private_dns_zone", "name": "z", "values": {"resource_group_name": "g", "name": "a"}}`
		azureA = `{"mode": "managed", "type": "azurerm_private_dns_a_record", "name": "r", "values": {"resource_group_name": "g", "zone_name": "a", "name": "x", "ttl": 30, "records": ["10.0.0.1"]}}`
	)
	for _, tt := range []struct {
		name, zone, record string
		elsewhere          bool
	}{
		{"of AWS", aws, awsA, false},
		{"of AWS, another one", strings.Replace(aws, "Z1", "Z2", 1), awsA, true},
		{"of Google Cloud", goog, googA, false},
		{"of Google Cloud, another project", strings.Replace(goog, `"p"`, `"q"`, 1), googA, true},
		{"of Azure", azure + "," + stateLink, azureA, false},
		{"of Azure, another group", strings.Replace(azure, `"g"`, `"h"`, 1) + "," + stateLink, azureA, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := []string{stateOf + tt.zone + stateEnd, stateOf + tt.record + stateEnd}
			for _, files := range [][]string{files, reversed(files)} {
				set := together(t, files...)
				notes := strings.Join(told(set), "\n")
				if elsewhere := strings.Contains(notes, "is made elsewhere"); elsewhere != tt.elsewhere || !elsewhere && notes != "" {
					t.Errorf("made elsewhere: %v, notes %q", elsewhere, notes)
				}
				if d := cmp.Diff("zone a. else nxdomain, f:1\nx.a. 10.0.0.1 ttl 30, f:1\n", dump(set)); d != "" && !tt.elsewhere {
					t.Errorf("(-want +got):\n%s", d)
				}
			}
		})
	}
}

// TestLinksElsewhere: a zone that is linked nowhere in what is read may be linked elsewhere,
// which is told; whichever file has the link will do.
func TestLinksElsewhere(t *testing.T) {
	const unlinked = "zone a is linked to no network here: unless "
	for _, tt := range []struct {
		name  string
		files []string
		want  string // of the one thing that is not read, or ""
	}{
		{"a state with a link", []string{stateOf + stateZone + "," + stateLink + stateEnd}, ""},
		{"a state without links", []string{stateOf + stateZone + stateEnd}, unlinked + "another module or state does so, "},
		{"two states", []string{stateOf + stateZone + stateEnd, stateOf + stateLink + stateEnd}, ""},
		{"a state, and what Azure lists", []string{stateOf + stateZone + stateEnd, listedLink}, ""},
		{"a state with a zone without a link", []string{stateOf + stateOther + "," + stateZone + "," + stateLink + stateEnd}, "zone b is linked to no network here, as others are: "},
		{"a template with a link", []string{templateOf + templateZone + "," + templateLink + templateEnd}, ""},
		{"a template without links", []string{templateOf + templateZone + templateEnd}, unlinked + "another template does so, "},
		{"two templates", []string{templateOf + templateZone + templateEnd, templateOf + templateLink + templateEnd}, ""},
		{"a template, and what Azure lists", []string{templateOf + templateZone + templateEnd, listedLink}, ""},
		{"a link to what an expression says", []string{templateOf + templateZone + "," + strings.Replace(templateLink, "a/l", "[concat(parameters('z'), '/l')]", 1) + templateEnd}, "not read: f:1: zone a has no link that is known to be its own, and some link is for a zone that is not known: whether a network sees it is not known"},
		{"a zone that is looked up", []string{stateOf + strings.Replace(stateZone, "managed", "data", 1) + stateEnd}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, files := range [][]string{tt.files, reversed(tt.files)} {
				var got []string
				for _, note := range told(together(t, files...)) {
					if strings.HasPrefix(note, "not read: ") {
						got = append(got, note)
					}
				}
				if tt.want == "" {
					if d := cmp.Diff([]string(nil), got); d != "" {
						t.Errorf("(-want +got):\n%s", d)
					}
				} else if len(got) != 1 || !strings.Contains(got[0], tt.want) {
					t.Errorf("%q, want %q", got, tt.want)
				}
			}
		})
	}
}
