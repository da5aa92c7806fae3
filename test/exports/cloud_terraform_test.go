package exports_test

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/dynblock"
	hcljson "github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	"pgregory.net/rapid"
)

// blockSchema is what a block of Terraform takes, from its provider's
// documentation: attributes, true where they are required, and nested blocks, of
// which at least one is required.
type blockSchema struct {
	attributes map[string]bool
	blocks     map[string]blockSchema
}

// resourceSchemas are those of the resources that we write. "for_each" and
// "depends_on" are Terraform's own.
var resourceSchemas = map[string]blockSchema{
	"aws_route53_zone": {
		attributes: map[string]bool{"name": true, "comment": false, "force_destroy": false, "tags": false},
		blocks:     map[string]blockSchema{"vpc": {attributes: map[string]bool{"vpc_id": true, "vpc_region": false}}},
	},
	"aws_route53_record": {attributes: map[string]bool{
		"zone_id": true, "name": true, "type": true, "ttl": true, "records": true, "allow_overwrite": false,
	}},
	"aws_route53profiles_resource_association": {attributes: map[string]bool{
		"name": true, "profile_id": true, "resource_arn": true, "resource_properties": false,
	}},
	"google_dns_response_policy_rule": {
		attributes: map[string]bool{"response_policy": true, "rule_name": true, "dns_name": true, "project": false},
		blocks: map[string]blockSchema{"local_data": {blocks: map[string]blockSchema{"local_datas": {
			attributes: map[string]bool{"name": true, "type": true, "ttl": false, "rrdatas": false},
		}}}},
	},
	"azurerm_private_dns_zone": {attributes: map[string]bool{"name": true, "resource_group_name": true, "tags": false}},
	"azurerm_private_dns_a_record": {attributes: map[string]bool{
		"name": true, "zone_name": true, "resource_group_name": true, "ttl": true, "records": true,
	}},
	"azurerm_private_dns_aaaa_record": {attributes: map[string]bool{
		"name": true, "zone_name": true, "resource_group_name": true, "ttl": true, "records": true,
	}},
	"azurerm_private_dns_zone_virtual_network_link": {attributes: map[string]bool{
		"name": true, "resource_group_name": true, "private_dns_zone_name": true, "virtual_network_id": true,
		"registration_enabled": false,
	}},
}

// module is a Terraform module that is evaluated as Terraform does it.
type module struct {
	tb   rapid.TB
	vars map[string]cty.Value // that expressions refer to
}

// instance is one of the resources that for_each makes: its attributes, and its
// nested blocks.
type instance struct {
	attributes map[string]cty.Value
	blocks     map[string][]instance
}

// text returns a string attribute.
func (i instance) text(name string) string { return i.attributes[name].AsString() }

// records returns the RRset that the attributes ttl and a list make.
func (i instance) records(list string) rrset {
	ttl, _ := i.attributes["ttl"].AsBigFloat().Int64()
	set := rrset{TTL: ttl}
	for _, addr := range i.attributes[list].AsValueSlice() {
		set.Addrs = append(set.Addrs, addr.AsString())
	}
	return set
}

// readModule parses the one file of an export, and gives its variables values
// that say what they are.
func readModule(tb rapid.TB, files map[string]string, variables ...string) (module, map[string]*hcl.Block) {
	tb.Helper()
	m := module{tb: tb, vars: map[string]cty.Value{}}
	file, diags := hcljson.Parse([]byte(onlyWith(tb, files, ".tf.json")), "export.tf.json")
	m.check(diags)
	root := m.content(file.Body, &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
		{Type: "terraform"},
		{Type: "variable", LabelNames: []string{"name"}},
		{Type: "locals"},
		{Type: "resource", LabelNames: []string{"type", "name"}},
	}})
	declared := map[string]cty.Value{}
	resources := map[string]*hcl.Block{}
	for _, block := range root.Blocks {
		switch block.Type {
		case "variable":
			declared[block.Labels[0]] = cty.StringVal("the " + block.Labels[0])
		case "locals":
			attributes, diags := block.Body.JustAttributes()
			m.check(diags)
			locals := map[string]cty.Value{}
			for name, attribute := range attributes {
				locals[name] = m.value(attribute.Expr, nil)
			}
			m.vars["local"] = cty.ObjectVal(locals)
		case "resource":
			if block.Labels[1] != "auralink" || resources[block.Labels[0]] != nil {
				tb.Fatalf("resource %v", block.Labels)
			}
			resources[block.Labels[0]] = block
		}
	}
	if len(files) != 1 || len(declared) != len(variables) {
		tb.Fatalf("%d files, and the variables %v", len(files), declared)
	}
	for _, name := range variables {
		if _, ok := declared[name]; !ok {
			tb.Fatalf("there is no variable %s", name)
		}
	}
	m.vars["var"] = cty.ObjectVal(declared)
	return m, resources
}

// instances evaluates a resource for each of its keys, and lets others refer to
// the given attributes of them.
func (m module) instances(block *hcl.Block, attributes ...string) map[string]instance {
	m.tb.Helper()
	kind := block.Labels[0]
	meta, rest, diags := block.Body.PartialContent(&hcl.BodySchema{Attributes: []hcl.AttributeSchema{
		{Name: "for_each", Required: true}, {Name: "depends_on"},
	}})
	m.check(diags)
	all := map[string]instance{}
	exported := map[string]cty.Value{}
	for it := m.value(meta.Attributes["for_each"].Expr, nil).ElementIterator(); it.Next(); {
		key, value := it.Element()
		each := cty.ObjectVal(map[string]cty.Value{"key": key, "value": value}) // of a set: twice the same
		all[key.AsString()] = m.block(rest, resourceSchemas[kind], map[string]cty.Value{"each": each})
		values := map[string]cty.Value{}
		for _, attribute := range attributes {
			values[attribute] = cty.StringVal("the " + attribute + " of " + key.AsString())
		}
		exported[key.AsString()] = cty.ObjectVal(values)
	}
	m.vars[kind] = cty.ObjectVal(map[string]cty.Value{"auralink": cty.ObjectVal(exported)})
	return all
}

// block evaluates a block, which must be as the schema says, its dynamic blocks
// included.
func (m module) block(body hcl.Body, schema blockSchema, scope map[string]cty.Value) instance {
	m.tb.Helper()
	takes := &hcl.BodySchema{}
	for name, required := range schema.attributes {
		takes.Attributes = append(takes.Attributes, hcl.AttributeSchema{Name: name, Required: required})
	}
	for name := range schema.blocks {
		takes.Blocks = append(takes.Blocks, hcl.BlockHeaderSchema{Type: name})
	}
	content := m.content(dynblock.Expand(body, m.context(scope)), takes)
	made := instance{attributes: map[string]cty.Value{}, blocks: map[string][]instance{}}
	for name, attribute := range content.Attributes {
		made.attributes[name] = m.value(attribute.Expr, scope)
	}
	for _, block := range content.Blocks {
		made.blocks[block.Type] = append(made.blocks[block.Type], m.block(block.Body, schema.blocks[block.Type], scope))
	}
	for name := range schema.blocks {
		if len(made.blocks[name]) == 0 {
			m.tb.Fatalf("there is no block %s", name)
		}
	}
	return made
}

func (m module) content(body hcl.Body, schema *hcl.BodySchema) *hcl.BodyContent {
	m.tb.Helper()
	content, diags := body.Content(schema)
	m.check(diags)
	return content
}

func (m module) value(expression hcl.Expression, scope map[string]cty.Value) cty.Value {
	m.tb.Helper()
	value, diags := expression.Value(m.context(scope))
	m.check(diags)
	return value
}

func (m module) check(diags hcl.Diagnostics) {
	m.tb.Helper()
	if diags.HasErrors() {
		m.tb.Fatal(diags)
	}
}

// context is what expressions see: the module's values, and those of a scope.
func (m module) context(scope map[string]cty.Value) *hcl.EvalContext {
	context := &hcl.EvalContext{
		Variables: m.vars,
		Functions: map[string]function.Function{"toset": stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType))},
	}
	if scope == nil {
		return context
	}
	inner := context.NewChild()
	inner.Variables = scope
	return inner
}

func readTerraformAWS(tb rapid.TB, files map[string]string) deployment {
	d := deployment{Zones: map[string]records{}, Rules: records{}}
	m, resources := readModule(tb, files, "vpc_id", "vpc_region")
	ids := map[string]string{}
	for name, zone := range m.instances(resources["aws_route53_zone"], "zone_id") {
		vpc := zone.blocks["vpc"]
		if len(vpc) != 1 || vpc[0].text("vpc_id") != "the vpc_id" || vpc[0].text("vpc_region") != "the vpc_region" || zone.text("name") != name {
			tb.Fatalf("zone %s: %v", name, zone)
		}
		ids["the zone_id of "+name] = name + "."
		d.zone(name + ".")
	}
	for _, r := range m.instances(resources["aws_route53_record"], "id") {
		d.zone(ids[r.text("zone_id")]).add(tb, rrsetKey{r.text("name") + ".", r.text("type")}, r.records("records"))
	}
	return d
}

func readTerraformGoogle(tb rapid.TB, files map[string]string) deployment {
	d := deployment{Zones: map[string]records{}, Rules: records{}}
	m, resources := readModule(tb, files, "response_policy", "project")
	names := map[string]bool{}
	for _, rule := range m.instances(resources["google_dns_response_policy_rule"], "id") {
		name := rule.text("rule_name")
		if !googleName.MatchString(name) || names[name] || rule.text("response_policy") != "the response_policy" || rule.text("project") != "the project" {
			tb.Fatalf("rule %v", rule)
		}
		names[name] = true
		for _, data := range rule.blocks["local_data"][0].blocks["local_datas"] {
			if data.text("name") != rule.text("dns_name") {
				tb.Fatalf("rule %v", rule)
			}
			d.Rules.add(tb, rrsetKey{data.text("name"), data.text("type")}, data.records("rrdatas"))
		}
	}
	return d
}

func readTerraformAzure(tb rapid.TB, files map[string]string) deployment {
	d := deployment{Zones: map[string]records{}, Rules: records{}}
	m, resources := readModule(tb, files, "resource_group_name", "virtual_network_id")
	for name, zone := range m.instances(resources["azurerm_private_dns_zone"], "name") {
		if zone.text("name") != name || zone.text("resource_group_name") != "the resource_group_name" {
			tb.Fatalf("zone %s: %v", name, zone)
		}
		d.zone(name + ".")
	}
	for kind, rrtype := range map[string]string{"azurerm_private_dns_a_record": "A", "azurerm_private_dns_aaaa_record": "AAAA"} {
		for _, r := range m.instances(resources[kind], "id") {
			origin := strings.TrimPrefix(r.text("zone_name"), "the name of ") + "."
			key := rrsetKey{r.text("name") + "." + origin, rrtype}
			if r.text("name") == "@" {
				key.Name = origin
			}
			d.zone(origin).add(tb, key, r.records("records"))
		}
	}
	links := m.instances(resources["azurerm_private_dns_zone_virtual_network_link"], "id")
	for name, link := range links {
		if link.text("private_dns_zone_name") != "the name of "+name || link.text("virtual_network_id") != "the virtual_network_id" ||
			link.attributes["registration_enabled"].True() {
			tb.Fatalf("link %s: %v", name, link)
		}
	}
	if len(links) != len(d.Zones) {
		tb.Fatalf("%d links for %d zones", len(links), len(d.Zones))
	}
	return d
}
