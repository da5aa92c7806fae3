package all_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// notLoaded returns what is told of why nothing is made of files.
func notLoaded(set *holdings.Set) []string {
	return slices.DeleteFunc(told(set), func(note string) bool { return !strings.HasPrefix(note, "not loaded: ") })
}

// replacement is a text in which one thing is another, and what is then told of why nothing is made
// of it; "" for nothing.
type replacement struct{ old, now, want string }

// checkRefused reads a text with each replacement, and without.
func checkRefused(t *testing.T, right string, tests []replacement) {
	t.Helper()
	if got := notLoaded(together(t, right)); len(got) > 0 {
		t.Errorf("of the right one is told: %q", got)
	}
	for _, tt := range tests {
		text := strings.Replace(right, tt.old, tt.now, 1)
		if text == right {
			t.Errorf("there is no %s", tt.old)
		}
		got := strings.Join(notLoaded(together(t, text)), "\n")
		if (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%s for %s: is told\n%s\nand not %q", tt.now, tt.old, got, tt.want)
		}
	}
}

// TestRefusedTemplatesOfAWS: a template is told that CloudFormation refuses. Its errors are those of
// its documentation: unresolved resource dependencies, unsupported attributes and properties, and
// circular dependencies.
func TestRefusedTemplatesOfAWS(t *testing.T) {
	checkRefused(t, `{"Parameters": {"P": {"Type": "String"}}, "Mappings": {"M": {"a": {"b": "c"}}}, "Conditions": {"C": {"Fn::Equals": [{"Ref": "P"}, "x"]}, "On": {"Fn::Not": [{"Fn::Equals": ["a", "b"]}]}},
"Resources": {
"Z": {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "a.test.", "VPCs": [{"VPCId": "vpc-1", "VPCRegion": "us-east-1"}], "HostedZoneConfig": {"Comment": "text"}}},
"R": {"Type": "AWS::Route53::RecordSetGroup", "Condition": "On", "DependsOn": ["Z"], "Properties": {"HostedZoneId": {"Ref": "Z"}, "RecordSets": [
 {"Name": "x.a.test.", "Type": "A", "TTL": "30", "ResourceRecords": ["10.0.0.1"]}, {"Name": "y.a.test.", "Type": "A", "TTL": "30", "ResourceRecords": ["10.0.0.2"]}]}},
"E": {"Type": "AWS::SSM::Parameter", "Properties": {"Value": {"Fn::Sub": ["${A} ${Z} ${Z.Id} ${AWS::Region} ${!None}", {"A": "x"}]}}}},
"Outputs": {"O": {"Value": {"Fn::GetAtt": ["Z", "NameServers"]}}}}`, []replacement{
		{`{"Ref": "Z"}`, `{"Ref": "Zone"}`, "Zone is neither a parameter nor a resource"},
		{`{"Ref": "Z"}`, `{"Fn::GetAtt": ["Zone", "Id"]}`, "Zone is not a resource"},
		{`{"Ref": "Z"}`, `{"Fn::GetAtt": "Z.Id"}`, ""},
		{`{"Ref": "Z"}`, `{"Fn::GetAtt": ["Z", "ZoneId"]}`, "has no attribute ZoneId"},
		{`{"Ref": "Z"}`, `{"Fn::GetAtt": ["P", "Id"]}`, "P is not a resource"},
		{`"text"`, `{"Ref": "AWS::Regoin"}`, "AWS::Regoin is neither a parameter nor a resource"},
		{`"text"`, `{"Ref": "AWS::StackName"}`, ""},
		{`"text"`, `{"Condition": "None"}`, ""},
		{`{"Fn::Not": [{"Fn::Equals": ["a", "b"]}]}`, `{"Fn::Not": [{"Condition": "None"}]}`, "None is not a condition"},
		{`"text"`, `{"Fn::Sub": "${P} ${Y.Arn}"}`, "Y is not a resource"},
		{`"text"`, `{"Fn::If": ["C", "x", {"Ref": "AWS::NoValue"}]}`, ""},
		{`"text"`, `{"Fn::If": ["D", "x", "y"]}`, "D is not a condition"},
		{`"text"`, `{"Fn::FindInMap": ["N", "a", "b"]}`, "N is not a mapping"},
		{`"text"`, `{"Fn::FindInMap": ["M", "a", "c"]}`, "mapping M has no key a, c"},
		{`"text"`, `{"Fn::FindInMap": ["M", "a", "b"]}`, ""},
		{`"text"`, `{"Ref": "R"}`, "refers to itself"},
		{`"text"`, `{"Ref": "E"}`, "E refers to itself"},
		{`${A} `, `${B} `, "B is neither a parameter nor a resource"},
		{`"DependsOn": ["Z"]`, `"DependsOn": "R"`, "R refers to itself"},
		{`"DependsOn": ["Z"]`, `"DependsOn": ["Z", "Y"]`, "Y is not a resource"},
		{`"DependsOn": ["Z"]`, `"DependsOn": "P"`, "P is not a resource"},
		{`"Condition": "On"`, `"Condition": "Off"`, "Off is not a condition"},
		{`"NameServers"]}`, `"Servers"]}`, "has no attribute Servers"},
		{`{"Ref": "P"}, "x"`, `{"Ref": "Q"}, "x"`, "Q is neither"},
		{`"Z": {"Type": "AWS::Route53::HostedZone",`, `"Z": {"Type": "AWS::Route53::HostedZone", "Condition": "Off",`, "Off is not a condition"},
		{`{"Fn::Not": [{"Fn::Equals": ["a", "b"]}]}`, `{"Fn::Or": [{"Fn::Equals": ["a", "b"]}, {"Condition": "C"}]}`, ""},
		{`"VPCs"`, `"Vpcs"`, "the property Vpcs, and not VPCs"},
		{`"RecordSets"`, `"RecordSet"`, "the property RecordSet, and not RecordSets"},
		{`"TTL"`, `"Ttl"`, "the property Ttl, and not TTL"},
		{`"DependsOn"`, `"dependsOn"`, "has the member dependsOn"},
		{`"HostedZoneId": {"Ref": "Z"}`, `"HostedZoneName": "a.test."`, ""},
		{`"HostedZoneId": {"Ref": "Z"}`, `"HostedZoneName": "a.test"`, "has no final dot"},
		{`"HostedZoneId": {"Ref": "Z"}`, `"HostedZoneId": {"Ref": "Z"}, "HostedZoneName": "a.test."`, "both HostedZoneId and HostedZoneName"},
		{`"Type": "A"`, `"Type": "a"`, "not in capital letters"},
		{`"y.a.test."`, `"x.a.test."`, "is made twice"},
		{`"TTL": "30"`, `"TTL": "30", "Weight": 1`, "a routing policy, Weight, and no set identifier"},
		{`"TTL": "30"`, `"TTL": "30", "SetIdentifier": "a"`, "a set identifier and no routing policy"},
		{`"TTL": "30"`, `"TTL": "30", "SetIdentifier": "a", "Weight": 1`, ""},
		{`"TTL": "30"`, `"TTL": "30", "SetIdentifier": "a", "Weight": 1, "Region": "us-east-1"`, "several routing policies, Region and Weight"},
		{`"TTL": "30"`, `"AliasTarget": {"DNSName": "x.test", "HostedZoneId": "Z1"}`, "both records and an alias"},
		{`"TTL": "30", "ResourceRecords": ["10.0.0.1"]`, `"TTL": "30", "AliasTarget": {"DNSName": "x.test", "HostedZoneId": "Z1"}`, "both a TTL and an alias"},
	})
}

// TestConditionsOfAWS: what a condition keeps from being made is not there, and what refers to it
// is refused.
func TestConditionsOfAWS(t *testing.T) {
	const zone = `"Z": {"Type": "AWS::Route53::HostedZone", %s"Properties": {"Name": "a.test.", "VPCs": [{"VPCId": "vpc-1", "VPCRegion": "us-east-1"}]}}`
	const record = `"R": {"Type": "AWS::Route53::RecordSet", %s"Properties": {"HostedZoneId": {"Ref": "Z"}, "Name": "x.a.test.", "Type": "A", "TTL": "30", "ResourceRecords": ["10.0.0.1"]}}`
	const off = `"Condition": "Off", `
	for name, tt := range map[string]struct{ zone, record, want, told string }{
		"a record": {"", off, "zone a.test. else nxdomain, f:1\n", "f:1: R is made under condition Off, which does not hold: it is left out"},
		"a zone":   {off, "", "", "not loaded: f:1: Z is made under a condition that does not hold, and R refers to it"},
		"both":     {off, off, "", "which does not hold"},
	} {
		set := together(t, `{"Resources": {`+fmt.Sprintf(zone, tt.zone)+`, `+fmt.Sprintf(record, tt.record)+`}, "Conditions": {"Off": {"Fn::And": [{"Fn::Equals": ["a", "b"]}, {"Fn::Equals": [{"Ref": "AWS::Region"}, "x"]}]}}}`)
		if got := strings.Join(told(set), "\n"); !strings.Contains(got, tt.told) || tt.told == "which does not hold" && strings.Contains(got, "not loaded") {
			t.Errorf("%s: is told %s", name, got)
		}
		if got := dump(set); tt.record != "" && got != tt.want {
			t.Errorf("%s: has %s", name, got)
		}
	}
}

// TestRefusedTemplatesOfAzure: likewise of Resource Manager.
func TestRefusedTemplatesOfAzure(t *testing.T) {
	checkRefused(t, `{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "variables": {"v": 30}, "resources": [
{"type": "Microsoft.Network/privateDnsZones", "apiVersion": "2020-06-01", "name": "a.test", "location": "global"},
{"type": "Microsoft.Network/privateDnsZones", "apiVersion": "2020-06-01", "name": "b.test", "location": "Global"},
{"type": "Microsoft.Network/privateDnsZones/A", "apiVersion": "2020-06-01", "name": "a.test/x", "dependsOn": ["a.test"], "properties": {"ttl": "[variables('v')]", "aRecords": [{"ipv4Address": "10.0.0.1"}]}},
{"type": "Microsoft.Network/privateDnsZones/A", "apiVersion": "2020-06-01", "name": "a.test/y", "dependsOn": ["[resourceId('Microsoft.Network/privateDnsZones', 'a.test')]"], "properties": {"ttl": 30, "aRecords": [{"ipv4Address": "10.0.0.2"}]}},
{"type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks", "apiVersion": "2020-06-01", "name": "b.test/l", "location": "global", "dependsOn": ["[resourceId('Microsoft.Network/privateDnsZones', 'b.test')]"], "properties": {"registrationEnabled": true, "virtualNetwork": {"id": "/v"}}},
{"type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks", "apiVersion": "2020-06-01", "name": "a.test/l", "location": "global", "dependsOn": ["[concat('Microsoft.Network/privateDnsZones/', 'a.test')]", "[resourceId('g', 'Microsoft.Network/privateDnsZones/A', 'a.test', 'y')]"], "properties": {"registrationEnabled": false, "virtualNetwork": {"id": "/v"}}}
]}`, []replacement{
		{`"apiVersion": "2020-06-01", `, ``, "Microsoft.Network/privateDnsZones a.test has no apiVersion"},
		{`"apiVersion": "2020-06-01", "name": "a.test/x", `, `"name": "a.test/x", `, "a.test/x has no apiVersion"},
		{`"apiVersion": "2020-06-01"`, `"apiVersion": "2020-06"`, `has the apiVersion "2020-06", which is none`},
		{`"apiVersion": "2020-06-01"`, `"apiVersion": "2020-06-01-preview"`, ""},
		{`["a.test"]`, `[""]`, `waits for the text ""`},
		{`["a.test"]`, `["[concat('a.test')"]`, `waits for the text`},
		{`"contentVersion": "1.0.0.0"`, `"apiProfile": "latest"`, "has no contentVersion"},
		{`"location": "global"`, `"tags": {}`, `a.test has no location`},
		{`"location": "global"`, `"location": "westeurope"`, `has the location "westeurope"`},
		{`"location": "global"`, `"location": "[resourceGroup().location]"`, `where its resource group is`},
		{`"name": "b.test/l", "location": "global"`, `"name": "b.test/l"`, `b.test/l has no location`},
		{`"name": "a.test/x"`, `"name": "x.a.test"`, "the name x.a.test has not as many parts as its type"},
		{`"name": "a.test/x"`, `"name": "a.test/x/y"`, "the name a.test/x/y has not as many parts"},
		{`"name": "a.test/x"`, `"name": "a.test/"`, "the name a.test/ has not as many parts"},
		{`"name": "a.test/x"`, `"name": "a.test/y"`, "a.test/y is there twice"},
		{`"name": "a.test/x", `, ``, "has no name"},
		{`["a.test"]`, `["c.test"]`, "a.test/x waits for c.test (dependsOn), which the template has not"},
		{`'a.test')]"], "properties": {"ttl": 30`, `'c.test')]"], "properties": {"ttl": 30`, "waits for microsoft.network/privatednszones c.test"},
		{`["a.test"]`, `["[parameters('p')]"]`, `the parameter "p" is used`},
		{`"dependsOn": ["a.test"], `, ``, "a.test/x does not wait for its zone (dependsOn), as others do"},
		{`variables('v')`, `variables('w')`, `the variable "w" is used, and the template declares none of that name`},
		{`"registrationEnabled": false`, `"registrationEnabled": true`, "as a link of zone b.test does for the same network"},
		{`schemas/2019-04-01/deploymentTemplate`, `schemas/2018-05-01/subscriptionDeploymentTemplate`, "is for a resource group"},
	})
}

// TestDeploymentsOfSubscriptions: zones are in a resource group, and a template for a subscription says
// in which one.
func TestDeploymentsOfSubscriptions(t *testing.T) {
	const text = `{"$schema": "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#", "contentVersion": "1.0.0.0", "resources": [
{"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "d", "resourceGroup": "g", "properties": {"mode": "Incremental", "template": {
 "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "resources": [
 {"type": "Microsoft.Network/privateDnsZones", "apiVersion": "2020-06-01", "name": "a.test", "location": "global"},
 {"type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks", "apiVersion": "2020-06-01", "name": "a.test/l", "location": "global", "dependsOn": ["a.test"], "properties": {"virtualNetwork": {"id": "/v"}}},
 {"type": "Microsoft.Network/privateDnsZones/providers/locks", "apiVersion": "2016-09-01", "name": "a.test/Microsoft.Authorization/x", "properties": {"level": "CanNotDelete"}}
]}}}]}`
	checkRefused(t, text, []replacement{{`"resourceGroup": "g", `, ``, "is for a resource group, and the template is for more than one"}})
	if got := told(together(t, text)); len(got) > 0 {
		t.Errorf("is told %q", got)
	}
}

// TestRefusedConfigurationsOfOctoDNS: what octoDNS stops at, or leaves as it is, is told, as octoDNS's
// own manager and provider of YAML have it.
func TestRefusedConfigurationsOfOctoDNS(t *testing.T) {
	const config = "providers:\n  config:\n    class: octodns.provider.yaml.YamlProvider\n    directory: ./\n  r53:\n    class: octodns_route53.Route53Provider\nzones:\n  a.test.:\n    sources: [config]\n    targets: [r53]\n    lenient: false\n"
	const file = "'':\n  type: A\n  value: 10.0.0.1\n'*':\n- ttl: '60'\n  type: A\n  values: [10.0.0.1]\nx2:\n  type: A\n  value: 10.0.0.1\nx10:\n  type: A\n  value: 10.0.0.1\n"
	for _, tt := range []replacement{
		{"", "", ""},
		{"    sources: [config]\n", "", "zone a.test. has no sources: octoDNS stops there"},
		{"    targets: [r53]\n", "", "zone a.test. has no targets: octoDNS stops there"},
		{"[config]", "[]", "zone a.test has no sources: octoDNS leaves it as it is"},
		{" [config]", "", "zone a.test has no sources: octoDNS leaves it as it is"},
		{"[r53]", "[]", "zone a.test has no targets: octoDNS leaves it as it is"},
		{"[r53]", "[config]", "zone a.test has no targets but files"},
		{"[r53]", "[r54]", "the target r54, which is no provider"},
		{"[config]", "[other]", "the source other, which is no provider"},
		{"lenient: false", "processors: [other]", "the processor other, which is not there"},
		{"a.test.:", "a.test:", "zone a.test has no final dot"},
		{"a.test.:", "'*':", ""},
		{"zones:\n", "manager: {auto_arpa: true}\nzones:\n  10.in-addr.arpa.: {sources: [auto-arpa], targets: [r53]}\n", ""},
		{"zones:\n", "zones:\n  10.in-addr.arpa.: {sources: [auto-arpa], targets: [r53]}\n", "the source auto-arpa, which is no provider"},
		{"a.test.:\n    sources: [config]\n", "'*':\n", "zone * has no sources"},
		{"a.test.:\n", "'*':\n    glob: '*.test.'\n", ""},
		{"class: octodns_route53.Route53Provider", "token: x", "provider r53 has no class"},
		{"ttl: '60'", "ttl: 60s", `the TTL "60s", which is no number of seconds`},
		{"type: A", "type: a", "there is no type a"},
		{"- ttl: '60'\n", "- type: A\n  value: 10.0.0.1\n- ttl: '60'\n", `the name "*" has the type A twice`},
		{"x2:", "'@':", `the name "@" is none`},
		{"- ttl: '60'\n  type: A\n", "- type: A\n  ttl: 60\n", "the keys are not in their order"},
		{"x2:", "y:", "the keys are not in their order"},
		{"x2:", "x1:", ""},
	} {
		b := holdings.NewBuilder()
		for name, text := range map[string]string{"a.test.yaml": file, "config.yaml": config} {
			if err := all.ReadAny(b, strings.NewReader(strings.Replace(text, tt.old, tt.now, 1)), formats.Input{Name: name}); err != nil {
				t.Fatal(err)
			}
		}
		got := strings.Join(notLoaded(b.Set()), "\n")
		if (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%q for %q: is told\n%s\nand not %q", tt.now, tt.old, got, tt.want)
		}
	}
}

// TestRefusedBatches: a batch that the command line of AWS or Route 53 refuses is told, by the shape of
// its input and the rules of its API.
func TestRefusedBatches(t *testing.T) {
	checkRefused(t, `{"Comment": "text", "Changes": [
{"Action": "UPSERT", "ResourceRecordSet": {"Name": "x.a.test.", "Type": "A", "TTL": 30, "ResourceRecords": [{"Value": "10.0.0.1"}]}},
{"Action": "CREATE", "ResourceRecordSet": {"Name": "y.a.test.", "Type": "A", "TTL": 30, "ResourceRecords": [{"Value": "10.0.0.2"}]}},
{"Action": "DELETE", "ResourceRecordSet": {"Name": "z.a.test.", "Type": "A", "TTL": 30, "ResourceRecords": [{"Value": "10.0.0.3"}]}},
{"Action": "CREATE", "ResourceRecordSet": {"Name": "z.a.test.", "Type": "A", "TTL": 30, "ResourceRecords": [{"Value": "10.0.0.4"}]}}
]}`, []replacement{
		{`"ResourceRecords"`, `"resourceRecords"`, "the member resourceRecords, and not ResourceRecords"},
		{`"Value"`, `"value"`, "the member value, and not Value"},
		{`"TTL": 30`, `"TTL": "30"`, `the TTL "30" is a text`},
		{`"TTL": 30, `, ``, "has records and no TTL"},
		{`"TTL": 30`, `"ttl": 30`, "the member ttl, and not TTL"},
		{`"Type": "A"`, `"Type": "a"`, "not in capital letters"},
		{`"TTL": 30`, `"TTL": 30, "Weight": 1`, "no set identifier"},
		{`"TTL": 30`, `"TTL": 30, "SetIdentifier": "a"`, "no routing policy"},
		{`"TTL": 30`, `"TTL": 30, "SetIdentifier": "a", "GeoLocation": {"CountryCode": "*"}`, ""},
		{`"y.a.test."`, `"x.a.test."`, "is made twice"},
		{`"TTL": 30`, `"TTL": 30, "AliasTarget": {"DNSName": "x.test.", "HostedZoneId": "Z", "EvaluateTargetHealth": false}`, "both records and an alias"},
	})
}

// TestRegionsOfVPCs: a VPC is in one region.
func TestRegionsOfVPCs(t *testing.T) {
	zone := func(name, region string) string {
		return `{"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "` + name + `", "VPCs": [{"VPCId": "vpc-0a1b2c3d", "VPCRegion": "` + region + `"}]}}`
	}
	input := func(name, region string) string {
		return `{"Name": "` + name + `", "CallerReference": "` + name + `", "VPC": {"VPCId": "vpc-0a1b2c3d", "VPCRegion": "` + region + `"}, "HostedZoneConfig": {"PrivateZone": true}}`
	}
	module := func(name, region string) string {
		return `{"name": "` + name + `", "vpc": {"vpc_id": "vpc-0a1b2c3d", "vpc_region": "` + region + `"}}`
	}
	for name, text := range map[string]func(region string) string{
		"CloudFormation": func(region string) string {
			return `{"Resources": {"A": ` + zone("a.test", "us-east-1") + `, "B": ` + zone("b.test", region) + `}}`
		},
		"Route 53": func(region string) string { return input("a.test", "us-east-1") + input("b.test", region) },
		"Terraform": func(region string) string {
			return `{"resource": {"aws_route53_zone": {"a": ` + module("a.test", "us-east-1") + `, "b": ` + module("b.test", region) + `}}}`
		},
	} {
		if got := notLoaded(together(t, text("us-east-1"))); len(got) > 0 {
			t.Errorf("%s: the same region: %q", name, got)
		}
		for _, wrong := range []string{strings.Replace(text("us-east-1"), "vpc-0a1b2c3d", "vpc-0a1b2c3x", 1), text("us-east-1x")} {
			if got := notLoaded(together(t, wrong)); len(got) == 0 {
				t.Errorf("%s: nothing is told of %s", name, wrong)
			}
		}
		if got := notLoaded(together(t, text("us-west-1"))); len(got) != 1 || !strings.Contains(got[0], "Route 53 knows a VPC in its own region alone") {
			t.Errorf("%s: another region: %q", name, got)
		}
	}
}
