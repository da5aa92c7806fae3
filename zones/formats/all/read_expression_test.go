package all_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const armHead = `{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", `

// armRecord is a zone that is linked, with a record whose address is an expression.
func armRecord(address string) string {
	return fmt.Sprintf(`{"type": "Microsoft.Network/privateDnsZones", "apiVersion": "2020-06-01", "location": "global", "name": "a.test"},
{"type": "Microsoft.Network/privateDnsZones/virtualNetworkLinks", "apiVersion": "2020-06-01", "location": "global", "name": "a.test/l", "properties": {"virtualNetwork": {"id": "/v"}}},
{"type": "Microsoft.Network/privateDnsZones/A", "apiVersion": "2020-06-01", "name": "a.test/x", "properties": {"aRecords": [{"ipv4Address": %q}]}}`, address)
}

// TestResourceManagerExpressions: an expression stands for what Resource Manager makes of it, or it is not
// known. What the scope of a nested template is decides whose variables and parameters it has.
func TestResourceManagerExpressions(t *testing.T) {
	nested := func(options, parameters, expression string) string {
		return fmt.Sprintf(`{"type": "Microsoft.Resources/deployments", "name": "d", "properties": {%s "parameters": {%s}, "template": {
"parameters": {"P": {"defaultValue": "10.0.0.3"}}, "variables": {"v": "10.0.0.2"}, "resources": [%s]}}}`, options, parameters, armRecord(expression))
	}
	const inner = `"ExpressionEvaluationOptions": {"Scope": "Inner"},`
	for name, tt := range map[string]struct{ members, resources, want string }{
		"names in any case":             {`"variables": {"East": {"Ip": ["10.0.0.1"]}}`, armRecord("[VARIABLES('eAST').iP[0]]"), "10.0.0.1"},
		"a member by its name":          {`"variables": {"v": {"a": "10.0.0.1"}}`, armRecord("[variables('v')['A']]"), "10.0.0.1"},
		"members of templates as well":  {`"VARIABLES": {"v": "10.0.0.1"}`, armRecord("[variables('v')]"), "10.0.0.1"},
		"variables of variables":        {`"variables": {"a": "[concat(variables('b'), '.1')]", "b": "[concat('10.0', '.0')]"}`, armRecord("[variables('a')]"), "10.0.0.1"},
		"a name that is there twice":    {`"variables": {"v": "10.0.0.1", "V": "10.0.0.2"}`, armRecord("[variables('v')]"), ""},
		"one that is not in a list":     {`"variables": {"v": ["10.0.0.1"]}`, armRecord("[variables('v')[-1]]"), ""},
		"arguments":                     {`"variables": {}`, armRecord("[format('{1}.{0}.{0}.1', 0, 10)]"), "10.0.0.1"},
		"arguments with a format":       {`"variables": {}`, armRecord("[format('10.0.0.{0:D1}', 1)]"), ""},
		"braces that are meant":         {`"variables": {}`, armRecord("[format('{{0}}', '10.0.0.1')]"), ""},
		"an argument that is not given": {`"variables": {}`, armRecord("[format('{1}', '10.0.0.1')]"), ""},
		"large numbers":                 {`"variables": {}`, armRecord("[concat('10.0.0.', 1, '')]"), "10.0.0.1"},

		"a choice":                       {`"variables": {"v": "a"}`, armRecord("[if(equals(variables('v'), 'a'), '10.0.0.1', resourceGroup().tags['ip'])]"), "10.0.0.1"},
		"the other one":                  {`"variables": {"v": "a"}`, armRecord("[if(not(equals(variables('v'), 'a')), reference('x').a.b, '10.0.0.1')]"), "10.0.0.1"},
		"a choice that is not known":     {`"parameters": {"p": {"defaultValue": "a"}}`, armRecord("[if(equals(parameters('p'), 'a'), '10.0.0.1', '10.0.0.2')]"), ""},
		"one that does not matter":       {`"parameters": {"p": {"defaultValue": "a"}}`, armRecord("[if(equals(parameters('p'), 'a'), '10.0.0.1', '10.0.0.1')]"), "10.0.0.1"},
		"lists of what is not known":     {`"variables": {}`, armRecord("[if(equals(createArray(resourceGroup().id), createArray('a')), '10.0.0.2', '10.0.0.1')]"), ""},
		"an item of a list that is made": {`"variables": {}`, armRecord("[createArray('10.0.0.1', resourceGroup().id)[0]]"), "10.0.0.1"},
		"a member of an object":          {`"variables": {}`, armRecord("[createObject('ip', '10.0.0.1').ip]"), "10.0.0.1"},
		"and, or, empty":                 {`"variables": {"v": []}`, armRecord("[if(and(or(false(), empty(variables('v'))), true()), '10.0.0.1', '10.0.0.2')]"), "10.0.0.1"},
		"texts":                          {`"variables": {}`, armRecord("[join(split(replace(toLower('10-0-0-1X'), 'x', ''), '-'), '.')]"), "10.0.0.1"},
		"the last one":                   {`"variables": {"v": ["10.0.0.2", "10.0.0.1"]}`, armRecord("[last(variables('v'))]"), "10.0.0.1"},
		"the first that is there":        {`"variables": {}`, armRecord("[coalesce(null(), '10.0.0.1')]"), "10.0.0.1"},
		"a function that is not known":   {`"variables": {}`, armRecord("[cidrHost('10.0.0.0/24', 0)]"), ""},

		"a template in a template has the outer variables": {`"variables": {"v": "10.0.0.1"}`, nested("", "", "[variables('v')]"), "10.0.0.1"},
		"which it may say":            {`"variables": {"v": "10.0.0.1"}`, nested(strings.Replace(inner, "Inner", "outer", 1), "", "[variables('v')]"), "10.0.0.1"},
		"or its own":                  {`"variables": {"v": "10.0.0.1"}`, nested(inner, "", "[variables('v')]"), "10.0.0.2"},
		"as with symbolic names":      {`"languageVersion": "2.0", "variables": {"v": "10.0.0.1"}`, nested("", "", "[variables('v')]"), "10.0.0.2"},
		"a scope that is not known":   {`"variables": {"v": "10.0.0.1"}`, nested(strings.Replace(inner, "Inner", "[parameters('s')]", 1), "", "[variables('v')]"), ""},
		"the default of a parameter":  {`"variables": {"v": "10.0.0.1"}`, nested(inner, "", "[parameters('p')]"), "10.0.0.3"},
		"a parameter that is given":   {`"variables": {"v": "10.0.0.1"}`, nested(inner, `"p": {"value": "[variables('v')]"}`, "[parameters('P')]"), "10.0.0.1"},
		"one that is given otherwise": {`"variables": {"v": "10.0.0.1"}`, nested(inner, `"p": {"reference": {}}`, "[parameters('P')]"), ""},
		"a parameter of the template": {`"parameters": {"p": {"defaultValue": "10.0.0.9"}}`, armRecord("[parameters('p')]"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			want := "x.a.test. " + tt.want + ","
			if tt.want == "" {
				want = "x.a.test. → not-known-yet.auralink.invalid"
			}
			if got := dump(together(t, armHead+tt.members+`, "resources": [`+tt.resources+`]}`)); !strings.Contains(got, want) {
				t.Errorf("got:\n%s\nwant %s", got, want)
			}
		})
	}
}

// TestTemplateGroups: two zones of one name in two resource groups are two.
func TestTemplateGroups(t *testing.T) {
	in := func(group string) string {
		return fmt.Sprintf(`{"type": "Microsoft.Resources/deployments", "name": "d", "resourceGroup": %q, "properties": {"template": {"resources": [%s]}}}`, group, armRecord("10.0.0.1"))
	}
	twice := func(b string) bool {
		return slices.ContainsFunc(told(together(t, armHead+`"resources": [`+in("a")+","+in(b)+`]}`)), func(note string) bool { return strings.Contains(note, "a.test") && strings.Contains(note, "two") })
	}
	if !twice("b") || twice("a") {
		t.Errorf("two groups: %v, one: %v", twice("b"), twice("a"))
	}
}

// TestTemplateBombs: variables that stand for ever more are not known, and take little.
func TestTemplateBombs(t *testing.T) {
	var objects, texts strings.Builder
	for i := range 40 {
		fmt.Fprintf(&objects, `"v%d": {"a": "[variables('v%d')]", "b": "[variables('v%[2]d')]", "c": "[variables('v%[2]d')]"},`, i, i+1)
		fmt.Fprintf(&texts, `"v%d": "[concat(variables('v%d'), variables('v%[2]d'))]",`, i, i+1)
	}
	for name, variables := range map[string]string{
		"objects":    objects.String() + `"v40": "10.0.0.1"`,
		"texts":      texts.String() + `"v40": "10.0.0.1"`,
		"themselves": `"v0": {"a": "[variables('v0')]", "b": "[variables('v0')]", "c": "[variables('v0')]", "d": "[variables('v0')]"}`,
	} {
		before := allocated()
		set := together(t, armHead+`"variables": {`+variables+`}, "resources": [`+armRecord("[variables('v0').a]")+`,`+strings.Replace(armRecord("[variables('v0')]"), "/x", "/y", 1)+`]}`)
		if octets := allocated() - before; octets > 1<<29 || strings.Contains(dump(set), "10.0.0.1") || len(told(set)) == 0 {
			t.Errorf("%s: with %d octets:\n%s%q", name, octets, dump(set), told(set))
		}
	}
}

// TestTemplateMacros: what a macro or a dynamic reference of CloudFormation makes is not known.
func TestTemplateMacros(t *testing.T) {
	const zone = `"Z": {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "NAME", "VPCs": [{"VPCId": "vpc-1", "VPCRegion": "r"}]}}`
	const rule = `, "R": {"Type": "AWS::Route53Resolver::ResolverRule", "Properties": {"RuleType": "FORWARD", "DomainName": "a.test", "TargetIps": [{"Ip": "10.9.9.9"}]}}`
	const association = `, "A": {"Type": "AWS::Route53Resolver::ResolverRuleAssociation", "Properties": {"ResolverRuleId": <rule>, "VPCId": <vpc>}}`
	tied := func(id, vpc string) string {
		return rule + strings.NewReplacer("<rule>", id, "<vpc>", vpc).Replace(association)
	}
	const own = `{"Fn::GetAtt": ["R", "ResolverRuleId"]}`
	for name, tt := range map[string]struct{ head, zone, more, want string }{
		"none":                {"", "a.test", "", ""},
		"macros of AWS":       {`"Transform": ["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"],`, "a.test", "", ""},
		"a macro":             {`"Transform": "Mine",`, "a.test", "", "the macro Mine makes"},
		"macros":              {`"Transform": ["AWS::LanguageExtensions", {"Name": "AWS::Include"}],`, "a.test", "", "the macro AWS::Include makes"},
		"a dynamic reference": {"", "{{resolve:ssm:/zone}}", "", "a zone whose name is an expression"},
		"a rule in the VPC":   {"", "a.test", tied(own, `"vpc-1"`), "to 10.9.9.9 in vpc-1"},
		"one in another VPC":  {"", "a.test", tied(own, `"vpc-2"`), "note: "},
		"in one not known":    {"", "a.test", tied(own, `{"Ref": "V"}`), "to 10.9.9.9, before its hosted zone"},
		"a rule elsewhere":    {"", "b.test", tied(`{"Fn::ImportValue": "r"}`, `"vpc-1"`), "A ties a resolver rule"},
	} {
		t.Run(name, func(t *testing.T) {
			var unread []string
			for _, note := range told(together(t, "{"+tt.head+`"Resources": {`+strings.Replace(zone, "NAME", tt.zone, 1)+tt.more+"}}")) {
				if strings.HasPrefix(note, "not read: ") {
					unread = append(unread, note)
				}
			}
			silent := tt.want == "" || tt.want == "note: "
			if got := strings.Join(unread, "\n"); silent != (got == "") || !silent && !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestTemplateConditions: what is made under a condition that is known is there, or is not.
func TestTemplateConditions(t *testing.T) {
	for condition, want := range map[string]string{
		`true`: "x.a.test. 10.0.0.1", `false`: "", `"[equals(variables('v'), 'a')]"`: "x.a.test. 10.0.0.1", `"[equals(variables('v'), 'b')]"`: "", `"[parameters('p')]"`: "not read",
	} {
		record := strings.Replace(armRecord("10.0.0.1"), `privateDnsZones/A",`, `privateDnsZones/A", "condition": `+condition+`,`, 1)
		set := together(t, armHead+`"variables": {"v": "a"}, "resources": [`+record+`]}`)
		got, notes := dump(set), strings.Join(told(set), "\n")
		if !strings.Contains(got+notes, want) || want == "" && (strings.Contains(got, "10.0.0.1") || strings.Contains(notes, "not read")) || want[:min(1, len(want))] == "x" && strings.Contains(notes, "not read") {
			t.Errorf("condition %s: got:\n%s%s\nwant %q", condition, got, notes, want)
		}
	}
}
