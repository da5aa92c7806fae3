package all_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestReadDangers: what clouds list beside record sets, and that keeps clients from them, is told; and
// what does not is none of it.
func TestReadDangers(t *testing.T) {
	gcpZone := gcpPage("", gcpSet("a.test.", "SOA", soaData))
	managed := func(more string) string {
		return `[{"kind": "dns#managedZone", "name": "z", "dnsName": "a.test.", "privateVisibilityConfig": {"networks": [{"networkUrl": "projects/p/global/networks/n"}]}, ` + more + `}]`
	}
	azureZone := func(state string) string {
		return `[{"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/a.test", "name": "a.test", "type": "Microsoft.Network/privateDnsZones", "provisioningState": "` + state + `"}]`
	}
	const vnet = `{"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v", "name": "v", "type": "Microsoft.Network/virtualNetworks", "dhcpOptions": {"dnsServers": [SERVERS]}}`
	const dhcp = `{"DhcpOptions": [{"DhcpOptionsId": "dopt-1", "DhcpConfigurations": [{"Key": "domain-name", "Values": [{"Value": "ec2.internal"}]}, {"Key": "domain-name-servers", "Values": [{"Value": "SERVER"}]}]}]}`
	azureSets := azurePage("", "SOA", "@", `"soaRecord": {}`)
	for name, tt := range map[string]struct {
		files []string
		want  string
	}{
		"a VPC without DNS":                          {[]string{accountSets, `{"VpcId": "vpc-1", "EnableDnsSupport": {"Value": false}}`}, "enableDnsSupport is off"},
		"one with it":                                {[]string{accountSets, `{"VpcId": "vpc-1", "EnableDnsSupport": {"Value": true}}`}, ""},
		"one without host names":                     {[]string{accountSets, `{"VpcId": "vpc-1", "EnableDnsHostnames": {"Value": false}}`}, "enableDnsHostnames is off"},
		"DHCP options with servers":                  {[]string{accountSets, strings.Replace(dhcp, "SERVER", "10.0.0.9", 1)}, "hosts with the DHCP options dopt-1 ask 10.0.0.9"},
		"those with the VPC's own":                   {[]string{accountSets, strings.Replace(dhcp, "SERVER", "AmazonProvidedDNS", 1)}, ""},
		"a rule that delegates":                      {[]string{accountSets, `{"ResolverRules": [{"Id": "rr-1", "DelegationRecord": "ns.test", "RuleType": "DELEGATE"}]}`}, "resolver rule rr-1 is of the type DELEGATE"},
		"a public zone of the name":                  {[]string{accountSets, `{"HostedZones": [{"Id": "/hostedzone/Z1", "Name": "a.", "CallerReference": "x", "Config": {"PrivateZone": false}}]}`}, "zone a is listed as public"},
		"a public zone above":                        {[]string{strings.ReplaceAll(accountSets, "a.", "a.b."), `{"HostedZones": [{"Id": "/hostedzone/Z1", "Name": "b.", "CallerReference": "x", "Config": {"PrivateZone": false}}]}`}, ""},
		"Cloud DNS, records of Service Directory":    {[]string{gcpZone, managed(`"visibility": "private", "serviceDirectoryConfig": {"namespace": {"namespaceUrl": "https://x/namespaces/n"}}`)}, "one that others answer"},
		"Cloud DNS, a public zone":                   {[]string{gcpZone, managed(`"visibility": "public"`)}, "zone a.test is listed as public"},
		"Azure, a zone that is being removed":        {[]string{azureSets, azureZone("Deleting")}, "is in the state Deleting"},
		"Azure, one that is there":                   {[]string{azureSets, azureZone("Succeeded")}, ""},
		"Azure, a network with servers of its own":   {[]string{azureSets, strings.Replace(vnet, "SERVERS", `"10.1.1.4"`, 1)}, "virtual network v has its hosts ask 10.1.1.4"},
		"Azure, a network that asks Azure's own DNS": {[]string{azureSets, strings.Replace(vnet, "SERVERS", "", 1)}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			notes := strings.Join(told(together(t, tt.files...)), "\n")
			if !strings.Contains(notes, tt.want) || tt.want == "" && strings.Contains(notes, "not read: ") || tt.want != "" && !strings.Contains(notes, "not read: ") {
				t.Errorf("told %q, want %q", notes, tt.want)
			}
		})
	}
}

// TestReadDangersOfResources: the same in what Terraform and CloudFormation make.
func TestReadDangersOfResources(t *testing.T) {
	state := func(resources ...string) string {
		return `{"format_version": "1.0", "terraform_version": "1.9.0", "values": {"root_module": {"resources": [` + strings.Join(resources, ",") + `]}}}`
	}
	resource := func(kind, name, values string) string {
		return fmt.Sprintf(`{"address": "%s.%s", "mode": "managed", "type": %[1]q, "name": %[2]q, "values": {%[3]s}}`, kind, name, values)
	}
	aws := resource("aws_route53_zone", "z", `"id": "Z1", "zone_id": "Z1", "name": "a.test", "vpc": [{"vpc_id": "vpc-1"}]`)
	azure := resource("azurerm_private_dns_zone", "z", `"name": "a.test", "resource_group_name": "g"`) + "," +
		resource("azurerm_private_dns_zone_virtual_network_link", "l", `"private_dns_zone_name": "a.test", "resource_group_name": "g", "virtual_network_id": "/v1"`)
	google := func(more string) string {
		return resource("google_dns_managed_zone", "z", `"name": "z", "project": "p", "dns_name": "a.test.", "visibility": "private", "private_visibility_config": [{"networks": [{"network_url": "n"}]}]`+more)
	}
	record := func(project string) string {
		return resource("google_dns_record_set", "r", `"managed_zone": "z", "project": "`+project+`", "name": "x.a.test.", "type": "A", "rrdatas": ["10.0.0.1"]`)
	}
	template := func(kind, properties string) string {
		return `{"Resources": {"Z": {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "a.test", "VPCs": [{"VPCId": "vpc-1", "VPCRegion": "r"}]}},
"X": {"Type": "` + kind + `", "Properties": {` + properties + `}}}}`
	}
	for name, tt := range map[string]struct{ text, want string }{
		"a VPC without DNS":                          {state(aws, resource("aws_vpc", "v", `"id": "vpc-1", "enable_dns_support": false, "enable_dns_hostnames": true`)), "has enable_dns_support off"},
		"another VPC without DNS":                    {state(aws, resource("aws_vpc", "v", `"id": "vpc-2", "enable_dns_support": false`)), ""},
		"DHCP options":                               {state(aws, resource("aws_vpc_dhcp_options", "d", `"id": "d", "domain_name_servers": ["10.0.0.9"]`)), "has hosts ask 10.0.0.9"},
		"DHCP options of another VPC":                {state(aws, resource("aws_vpc_dhcp_options", "d", `"id": "d", "domain_name_servers": ["10.0.0.9"]`), resource("aws_vpc_dhcp_options_association", "d", `"dhcp_options_id": "d", "vpc_id": "vpc-2"`)), ""},
		"DHCP options with the VPC's DNS":            {state(aws, resource("aws_vpc_dhcp_options", "d", `"id": "d", "domain_name_servers": ["AmazonProvidedDNS"]`)), ""},
		"a rule that delegates":                      {state(aws, resource("aws_route53_resolver_rule", "r", `"id": "rr-1", "domain_name": "a.test", "rule_type": "DELEGATE"`)), "rules of the type DELEGATE"},
		"a virtual network with servers":             {state(azure, resource("azurerm_virtual_network", "v", `"id": "/v1", "dns_servers": ["10.1.1.4"]`)), "has hosts ask 10.1.1.4"},
		"another one":                                {state(azure, resource("azurerm_virtual_network", "v", `"id": "/v2", "dns_servers": ["10.1.1.4"]`)), ""},
		"one with Azure's own":                       {state(azure, resource("azurerm_virtual_network", "v", `"id": "/v1", "dns_servers": ["168.63.129.16"]`)), ""},
		"a record in the zone":                       {state(azure, resource("azurerm_private_dns_a_record", "r", `"zone_name": "a.test", "resource_group_name": "G", "name": "x", "records": ["10.0.0.1"]`)), ""},
		"one in another resource group":              {state(azure, resource("azurerm_private_dns_a_record", "r", `"zone_name": "a.test", "resource_group_name": "h", "name": "x", "records": ["10.0.0.1"]`)), "zone a.test is made elsewhere"},
		"a record of the project":                    {state(google(""), record("p")), ""},
		"one of another project":                     {state(google(""), record("q")), "zone z is made elsewhere"},
		"records of Service Directory":               {state(google(`, "service_directory_config": [{"namespace": [{"namespace_url": "n"}]}]`), record("p")), "x.a.test"},
		"a template, a virtual network with servers": {armOf(`{"type": "Microsoft.Network/virtualNetworks", "name": "v", "properties": {"dhcpOptions": {"dnsServers": ["10.1.1.4"]}}}`), "has its hosts ask 10.1.1.4"},
		"a template, one with Azure's own":           {armOf(`{"type": "Microsoft.Network/virtualNetworks", "name": "v", "properties": {"dhcpOptions": {"dnsServers": []}}}`), ""},
		"a template, a script":                       {armOf(`{"type": "Microsoft.Resources/deploymentScripts", "name": "s", "properties": {"scriptContent": "az network private-dns record-set a add-record"}}`), "is a script about private DNS"},
		"Pulumi, DHCP options": {`{"version": 3, "deployment": {"resources": [
{"urn": "urn:pulumi:p::p::aws:route53/zone:Zone::z", "type": "aws:route53/zone:Zone", "outputs": {"id": "Z1", "zoneId": "Z1", "name": "a.test", "vpcs": [{"vpcId": "vpc-1"}]}},
{"urn": "urn:pulumi:p::p::aws:ec2/vpcDhcpOptions:VpcDhcpOptions::d", "type": "aws:ec2/vpcDhcpOptions:VpcDhcpOptions", "outputs": {"id": "d", "domainNameServers": ["10.0.0.9"]}}]}}`, "has hosts ask 10.0.0.9"},
		"CloudFormation, DHCP options":       {template("AWS::EC2::DHCPOptions", `"DomainNameServers": ["10.0.0.9"]`), "X has hosts ask 10.0.0.9"},
		"CloudFormation, a VPC without DNS":  {template("AWS::EC2::VPC", `"EnableDnsSupport": false`), "X has EnableDnsSupport off"},
		"CloudFormation, a VPC with it":      {template("AWS::EC2::VPC", `"EnableDnsSupport": true`), ""},
		"CloudFormation, Cloud Map":          {template("AWS::ServiceDiscovery::PrivateDnsNamespace", `"Name": "a.test", "Vpc": "vpc-1"`), "whose records Cloud Map makes"},
		"CloudFormation, rule that delegate": {template("AWS::Route53Resolver::ResolverRule", `"RuleType": "DELEGATE", "DomainName": "a.test"`), "of the type DELEGATE"},
	} {
		t.Run(name, func(t *testing.T) {
			set := together(t, tt.text)
			notes := strings.Join(told(set), "\n")
			if name == "records of Service Directory" {
				notes = "not read: " + dump(set)
			}
			if !strings.Contains(notes, tt.want) || strings.Contains(notes, "not read: ") != (tt.want != "") {
				t.Errorf("told %q, want %q", notes, tt.want)
			}
		})
	}
}

// armOf is a template with a zone that is linked, and another resource.
func armOf(resource string) string {
	return armHead + `"resources": [` + armRecord("10.0.0.1") + "," + resource + `]}`
}
