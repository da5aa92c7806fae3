package all_test

import (
	"runtime"
	"strings"
	"testing"
)

const bicepHead = `{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "languageVersion": "2.0",
 "parameters": {"label": {"type": "string"}, "on": {"type": "bool"}, "all": {"type": "array"}, "ttl": {"type": "int"}},
 "variables": {"zone": "a", "host": "[concat(variables('zone'), '.test')]", "east": ["10.0.0.1", "10.0.0.2"], "o": {"west": "10.0.0.9"}},
`

// allocated returns how many octets have been allocated so far.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// TestTemplatesWithoutEnd: what refers to itself, or is deeper than any template, is not known.
func TestTemplatesWithoutEnd(t *testing.T) {
	const head, zone = `{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", `, `{"type": "Microsoft.Network/privateDnsZones", "apiVersion": "2020-06-01", "location": "global", "name": "NAME"`
	for name, text := range map[string]string{
		"variables": head + `"variables": {"a": ["[variables('b')]"], "b": ["[variables('a')]"]}, "resources": [` + strings.Replace(zone, "NAME", "[variables('a')[0]]", 1) + `}]}`,
		"calls":     head + `"resources": [` + strings.Replace(zone, "NAME", "["+strings.Repeat("concat(", 1_000_000)+"'a'"+strings.Repeat(")", 1_000_000)+"]", 1) + `}]}`,
		"resources": head + `"resources": [` + strings.Repeat(zone+`, "resources": [`, 1000) + strings.Repeat("]}", 1000) + `]}`,
	} {
		before := allocated()
		unread := 0
		for _, note := range told(together(t, text)) {
			if strings.HasPrefix(note, "not read: ") {
				unread++
			}
		}
		if octets := allocated() - before; unread == 0 || octets > 1<<29 {
			t.Errorf("%s: %d things are told, with %d octets", name, unread, octets)
		}
	}
}

// TestReadTemplatesOfBicep: what Bicep makes is read as far as its expressions are of literals:
// names of resources, templates in templates, and what is nested. All else is told.
func TestReadTemplatesOfBicep(t *testing.T) {
	const linked = `, "l": {"type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks", "apiVersion": "2020-06-01", "location": "global", "name": "[format('{0}/{1}', variables('host'), 'l')]", "properties": {"virtualNetwork": {"id": "[resourceId('Microsoft.Network/virtualNetworks', 'v')]"}}}`
	const zone = ` "resources": {"z": {"type": "Microsoft.Network/privateDnsZones", "apiVersion": "2020-06-01", "location": "global", "name": "[variables('host')]", "location": "global"}` + linked
	check(t, []odd{
		{
			name: "names and addresses of variables", kind: "azure-arm",
			text: bicepHead + zone + `,
 "r": {"type": "Microsoft.Network/privateDnsZones/A", "apiVersion": "2020-06-01", "name": "[format('{0}/{1}', variables('host'), '*')]", "properties": {"ttl": "[parameters('ttl')]", "aRecords": [{"ipv4Address": "[variables('east')[1]]"}]}},
 "s": {"type": "Microsoft.Network/privateDnsZones/A", "apiVersion": "2020-06-01", "name": "a.test/s", "properties": {"ttl": 30, "aRecords": [{"ipv4Address": "[variables('o').west]"}, {"ipv4Address": "[reference('e').ip]"}]}},
 "old": {"existing": true, "type": "Microsoft.Network/privateDnsZones", "apiVersion": "2020-06-01", "location": "global", "name": "old"}
}}`,
			want:  "zone a.test. else nxdomain, f:4\n*.a.test. 10.0.0.2, f:5\ns.a.test. → not-known-yet.auralink.invalid ttl 30, f:6\n",
			notes: []string{"f:6: an address of s.a.test is not known yet"},
		},
		{
			name: "what is not known, loops and conditions", kind: "azure-arm",
			text: bicepHead + zone + `,
 "r": {"type": "Microsoft.Network/privateDnsZones/A", "apiVersion": "2020-06-01", "name": "[format('{0}/{1}', variables('host'), parameters('label'))]", "properties": {}},
 "s": {"copy": {"name": "s", "count": 2}, "type": "Microsoft.Network/privateDnsZones/A", "apiVersion": "2020-06-01", "name": "[format('a.test/{0}', copyIndex())]", "properties": {}},
 "t": {"condition": "[parameters('on')]", "type": "Microsoft.Network/privateDnsZones/A", "apiVersion": "2020-06-01", "name": "a.test/t", "properties": {"aRecords": [{"ipv4Address": "10.0.0.1"}]}},
 "u": {"condition": false, "type": "Microsoft.Network/privateDnsZones/A", "apiVersion": "2020-06-01", "name": "a.test/u", "properties": {"aRecords": [{"ipv4Address": "10.0.0.1"}]}},
 "v": {"type": "Microsoft.Network/privateDnsZones/A", "apiVersion": "2020-06-01", "name": "a.test/v", "properties": {"copy": [{"name": "aRecords", "count": 2, "input": {}}]}},
 "w": {"type": "Microsoft.Network/privateDnsZones/A", "apiVersion": "2020-06-01", "name": "a.test/w", "properties": {"aRecords": "[map(parameters('all'), lambda('x', createObject('ipv4Address', lambdaVariables('x'))))]"}}
}}`,
			want: "zone a.test. else nxdomain, f:4\nt.a.test. 10.0.0.1, f:7\n",
			notes: []string{
				"f:8: Microsoft.Network/privateDnsZones/A a.test/u is made under a condition that does not hold: it is left out",
				"not read: f:5: Microsoft.Network/privateDnsZones/A has a name that is an expression: left out",
				"not read: f:6: Microsoft.Network/privateDnsZones/A [format('a.test/{0}', copyIndex())] is made by a loop (copy), which is not followed: audit what az network private-dns lists",
				"not read: f:7: Microsoft.Network/privateDnsZones/A a.test/t is made under a condition alone: whether it is there, is not known",
				"not read: f:9: Microsoft.Network/privateDnsZones/A a.test/v is made by a loop (copy), which is not followed: audit what az network private-dns lists",
				"not read: f:10: Microsoft.Network/privateDnsZones/A a.test/w has properties that an expression makes: what they are, is not known",
			},
		},
		{
			name: "a module with its parameters, and one that is elsewhere", kind: "azure-arm",
			text: bicepHead + zone + `,
 "m": {"type": "Microsoft.Resources/deployments", "apiVersion": "2020-06-01", "name": "m", "properties": {"mode": "Incremental", "parameters": {"name": {"value": "*"}, "ip": {"value": "[variables('east')[0]]"}},
  "template": {"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "parameters": {"name": {"type": "string"}},
   "resources": [
    {"type": "Microsoft.Network/privateDnsZones/A", "apiVersion": "2020-06-01", "name": "[format('a.test/{0}', parameters('name'))]", "properties": {"aRecords": [{"ipv4Address": "[parameters('ip')]"}]}}]}}},
 "n": {"type": "Microsoft.Resources/deployments", "apiVersion": "2020-06-01", "name": "n", "properties": {"templateLink": {"uri": "https://x.example"}}}
}}`,
			want:  "zone a.test. else nxdomain, f:4\n*.a.test. 10.0.0.1, f:8\n",
			notes: []string{"not read: f:9: deployment n has its template elsewhere, which is not followed: audit that as well"},
		},
		{
			name: "what is nested", kind: "azure-arm",
			text: `{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "parameters": {"r": {"type": "string"}}, "resources": [
 {"type": "Microsoft.Network/privateDnsZones", "apiVersion": "2020-06-01", "location": "global", "name": "a.test", "resources": [
  {"type": "A", "apiVersion": "2020-06-01", "name": "*", "properties": {"ttl": 30, "aRecords": [{"ipv4Address": "10.0.0.1"}]}},
  {"type": "virtualNetworkLinks", "apiVersion": "2020-06-01", "location": "global", "name": "l", "properties": {"virtualNetwork": {"id": "/v1"}}}]},
 {"type": "Microsoft.Network/dnsForwardingRulesets/forwardingRules", "apiVersion": "2020-06-01", "name": "[concat(parameters('r'), '/x')]", "properties": {"domainName": "x.a.test.", "targetDnsServers": [{"ipAddress": "10.9.9.9", "port": 53}]}}]}`,
			want: "zone a.test. else nxdomain, f:2\nclaim x.a.test. else refer, f:5\n*.a.test. 10.0.0.1 ttl 30, f:3\n",
		},
		{
			name: "rules that forward, alone", kind: "azure-arm",
			text: `{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "parameters": {"d": {"type": "string"}}, "resources": [
 {"type": "Microsoft.Network/dnsForwardingRulesets/forwardingRules", "apiVersion": "2020-06-01", "name": "r/x", "properties": {"domainName": "[parameters('d')]", "targetDnsServers": [{"ipAddress": "10.9.9.9"}]}},
 {"type": "Microsoft.Network/dnsForwardingRulesets/forwardingRules", "apiVersion": "2020-06-01", "name": "r/y", "properties": {"domainName": "y.test.", "forwardingRuleState": "Disabled"}}]}`,
			want:  "",
			notes: []string{"not read: f:2: a forwarding rule has a domain that is an expression: left out"},
		},
	})
}
