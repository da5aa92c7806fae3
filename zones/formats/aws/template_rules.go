package aws

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// addRules adds the rules of Route 53 Resolver, for the VPCs that have them.
func (t *template) addRules() {
	for _, rule := range t.rules {
		p := rule.Properties
		switch p.RuleType {
		case "FORWARD":
		case "SYSTEM", "RECURSIVE":
			continue
		default:
			t.b.Unread(rule.at, "%s is a resolver rule of the type %s, which is not read: whom it has asked for which names, is not known", rule.name, p.RuleType)
			continue
		}
		if vpcs := t.havingRule(rule.name); vpcs == nil {
			rrset.Forward(t.b, string(p.DomainName), rule.servers(), rule.at)
		} else {
			rrset.ForwardIn(t.b, string(p.DomainName), rule.servers(), vpcs, rule.at)
		}
	}
	for _, one := range t.associations {
		if !t.makesRule(one.Properties.ResolverRuleID.Ref) {
			t.b.Unread(one.at, "%s ties a resolver rule to a VPC, of which nothing that is read says what it forwards: audit what aws route53resolver list-resolver-rules prints as well", one.name)
		}
	}
}

// makesRule reports whether a rule is a resource of the template.
func (t *template) makesRule(name string) bool {
	return slices.ContainsFunc(t.rules, func(rule templateResource) bool { return rule.name == name })
}

// servers returns the servers to which a rule forwards.
func (r templateResource) servers() []string {
	var targets []struct{ IP, IPv6 text }
	if json.Unmarshal(r.Properties.TargetIPs, &targets) != nil || len(targets) == 0 {
		return []string{"other servers"}
	}
	all := make([]string, len(targets))
	for i, target := range targets {
		all[i] = string(cmp.Or(target.IP, target.IPv6))
	}
	return all
}

// havingRule returns the VPCs that have a rule, by the associations of the template; nil where
// there are none, or where one of them, or a VPC of a zone, is not known.
func (t *template) havingRule(name string) []string {
	if t.unknownVPCs {
		return nil
	}
	var vpcs []string
	for _, one := range t.associations {
		p := one.Properties
		if p.ResolverRuleID.Ref != name {
			continue
		}
		if p.VPCID == "" || p.VPCID == rrset.Unknown {
			return nil
		}
		vpcs = append(vpcs, string(p.VPCID))
	}
	return vpcs
}

// knownTransforms are those of AWS that change nothing of DNS.
var knownTransforms = map[string]bool{
	"AWS::Serverless-2016-10-31": true, "AWS::LanguageExtensions": true, "AWS::CodeDeployBlueGreen": true,
	"AWS::SecretsManager-2020-07-23": true, "AWS::SecretsManager-2024-09-16": true,
}

// readTransform notes macros: they may make anything of the template.
func (t *template) readTransform(s *jsontext.Stream) error {
	var text json.RawMessage
	at, err := s.Value(&text)
	if err != nil || len(text) == 0 || text[0] != '[' {
		t.addTransform(text, at)
		return err
	}
	return jsontext.Each(text, at, t.addTransform)
}

func (t *template) addTransform(value json.RawMessage, at holdings.Place) {
	var name string
	var macro struct{ Name string }
	if json.Unmarshal(value, &name) != nil && json.Unmarshal(value, &macro) == nil {
		name = macro.Name
	}
	if !knownTransforms[name] && string(value) != "null" {
		t.b.Unread(at, "the macro %s makes of the template what is not known here: audit the template that aws cloudformation get-template --template-stage Processed prints", cmp.Or(name, "that an expression names"))
	}
}
