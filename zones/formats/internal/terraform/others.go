package terraform

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// addForward adds a rule of Route 53 Resolver, or sees what ties one to a VPC.
func (r *records) addForward(i instance) {
	if i.kind != "aws_route53_resolver_rule" {
		r.seeRule(i)
		return
	}
	switch kind := r.text(i.values["rule_type"]); kind {
	case "FORWARD":
		r.forward(i, r.havingRule(i), "target_ip", "ip", "ipv6")
	case "SYSTEM", "RECURSIVE", "":
	default:
		r.unread(i, "rules of the type "+kind+" are not known here")
	}
}

// seeRule notes an association of a rule of Route 53 Resolver that nothing which is read makes.
func (r *records) seeRule(association instance) {
	id := r.ruleOf(association)
	if id == "" || strings.HasPrefix(id, "rslvr-autodefined-") || association.mode == modeData {
		return
	}
	for _, state := range r.states.all {
		for _, i := range state.instances {
			if i.kind == "aws_route53_resolver_rule" && slices.Contains(i.ruleIDs(), id) {
				return
			}
		}
	}
	r.b.Unread(association.at, "%s ties resolver rule %s to VPC %s, of which nothing that is read says what it forwards: audit what aws route53resolver list-resolver-rules prints as well", association, id, cmp.Or(r.text(association.values["vpc_id"]), "that is not known"))
}

// havingRule returns the VPCs that have a rule of Route 53 Resolver, by the associations that are
// read with it; nil where there are none, or where one is not known.
func (r *records) havingRule(rule instance) []string {
	ids := rule.ruleIDs()
	var vpcs []string
	for _, state := range r.states.all {
		for _, i := range state.instances {
			if r.tiesRule(i, ids) {
				return nil // a profile may have any VPC
			}
			if i.kind != "aws_route53_resolver_rule_association" || !slices.Contains(ids, state.ruleOf(i)) {
				continue
			}
			vpc := r.text(i.values["vpc_id"])
			if vpc == "" {
				return nil
			}
			vpcs = append(vpcs, vpc)
		}
	}
	return vpcs
}

// ruleIDs returns by what others refer to a resolver rule: its id, or in a module its name there.
func (i instance) ruleIDs() []string {
	ids := []string{fmt.Sprint(reference{kind: i.kind, name: i.name, key: i.key}, i.at.File)}
	if id, _ := i.values["id"].(string); id != "" {
		ids = append(ids, id)
	}
	return ids
}

// ruleOf returns by what an association refers to its resolver rule; "" where that is not known.
func (r *records) ruleOf(association instance) string {
	if ref, is := association.values["resolver_rule_id"].(reference); is {
		ref.attribute = ""
		return fmt.Sprint(ref, association.at.File)
	}
	return r.text(association.values["resolver_rule_id"])
}

// addAzureForward adds a rule of Azure's DNS Private Resolver.
func (r *records) addAzureForward(i instance) {
	if i.values["enabled"] != false {
		r.forward(i, nil, "target_dns_servers", "ip_address")
	}
}

// forward adds a rule that forwards a domain to the servers in blocks, which have their
// addresses in one of some attributes, for the networks that have it, if these are known.
func (r *records) forward(i instance, networks []string, blocks string, attributes ...string) {
	domain := r.text(i.values["domain_name"])
	if domain == "" {
		r.unread(i, "the rule forwards a domain that is not known")
		return
	}
	var servers []string
	for _, target := range asList(i.values[blocks]) {
		address := ""
		for _, attribute := range attributes {
			address = cmp.Or(address, r.text(asMap(target)[attribute]))
		}
		servers = append(servers, cmp.Or(address, "another server"))
	}
	if networks == nil {
		rrset.Forward(r.b, domain, servers, i.at)
	} else {
		rrset.ForwardIn(r.b, domain, servers, networks, i.at)
	}
}

// addServerPolicy notes servers that all questions of a network are asked of, and DNS64.
func (r *records) addServerPolicy(i instance) {
	for _, config := range asList(i.values["dns64_config"]) {
		for _, scope := range asList(asMap(config)["scope"]) {
			if asMap(scope)["all_queries"] == true {
				rrset.DNS64(r.b, i.at)
			}
		}
	}
	for _, config := range asList(i.values["alternative_name_server_config"]) {
		var servers []string
		for _, target := range asList(asMap(config)["target_name_servers"]) {
			servers = append(servers, cmp.Or(r.text(asMap(target)["ipv4_address"]), "other servers"))
		}
		r.b.Unread(i.at, "all questions are asked of %s first: audit these", cmp.Or(strings.Join(servers, ", "), "other servers"))
	}
}

// addExclusive adds the record sets of which a zone of Route 53 has no others.
func (r *records) addExclusive(i instance) {
	z, made := r.zoneOf(i, awsZone, "zone_id")
	if !made || z.public {
		return
	}
	if notKnown(i.values, "resource_record_set") {
		r.unread(i, "which records it leaves to the zone is not known: it removes all others")
		return
	}
	e := exclusive{r, i, z, make(map[record]bool)}
	r.states.exclusive = append(r.states.exclusive, e)
	for _, one := range asList(i.values["resource_record_set"]) {
		set := asMap(one)
		record := instance{kind: i.kind, name: i.name, key: i.key, module: i.module, at: i.at, values: set}
		name := r.whole(r.text(set["name"]), z)
		var values []any
		for _, value := range asList(set["resource_records"]) {
			values = append(values, asMap(value)["value"])
		}
		kind := r.text(set["type"])
		e.keep(rrset.RRset{Name: name, Type: kind}, r.text(set["set_identifier"]))
		if aliases := asList(set["alias_target"]); len(aliases) > 0 {
			r.addAlias(record, z, name, kind, r.text(asMap(aliases[0])["dns_name"]))
			continue
		}
		r.addSet(record, z, name, kind, values)
	}
}

// harmless are resources of DNS that lead no name anywhere, by parts of their kinds: who
// sees a zone, how it is signed and watched, and where questions come in.
var harmless = []string{
	"_association", "_authorization", "_health_check", "_query_log", "_signing_key", "_dnssec", "_delegation_set",
	"_cidr_", "_traffic_policy", "_resolver_endpoint", "_resolver_config", "_firewall_config", "_firewall_domain_list",
	"_rule_group", "_iam_", "_virtual_network_link", "_inbound_endpoint", "_outbound_endpoint", "_forwarding_ruleset",
	"_response_policy", "_route53_profiles_", "azurerm_dns_", "azurerm_private_dns_resolver", awsZone, googleZone, azureZone,
}

// makers finds zones and records in what a resource is given to make.
var makers = regexp.MustCompile(`(?i)/(private)?dnsZones\b|AWS::Route53|aws:route53|externaldns\.k8s\.io`)

// makesOthers reports whether a resource makes zones or records by another way than the
// provider's own: it has their type, or a template with them.
func (i instance) makesOthers() bool {
	for _, name := range []string{"type", "type_name", "template_body", "template_content", "desired_state"} {
		if text, _ := i.values[name].(string); makers.MatchString(text) {
			return true
		}
	}
	manifest := fmt.Sprint(i.values["manifest"], i.values["yaml_body"]) // of Kubernetes
	return makers.MatchString(manifest)
}

// addOther notes a resource of DNS whose kind is not known here, unless it leads no name
// anywhere.
func (r *records) addOther(i instance) {
	if r.addNetwork(i) || i.mode == modeData || !i.matters() && !i.makesOthers() {
		return
	}
	for _, part := range harmless {
		if strings.Contains(i.kind, part) && i.kind != "aws_route53_traffic_policy_instance" {
			return
		}
	}
	origin := "."
	if name, err := holdings.CanonicalName(cmp.Or(r.text(i.values["fqdn"]), r.text(i.values["name"]))); err == nil && strings.Count(name, ".") > 2 {
		origin = strings.TrimPrefix(name, "*.")
	}
	r.b.UnreadBelow(origin, i.at, "%s is not read: what %s makes of names is not known here", i, i.kind)
}

// seePlaces notes a record of Route 53 that is for clients in some places alone.
func (r *records) seePlaces(i instance, name string) {
	for _, policy := range asList(i.values["geolocation_routing_policy"]) {
		r.places.See(name, r.text(i.values["type"]), r.text(asMap(policy)["country"]), i.at)
	}
	for _, policy := range asList(i.values["cidr_routing_policy"]) {
		r.places.See(name, r.text(i.values["type"]), r.text(asMap(policy)["location_name"]), i.at)
	}
}
