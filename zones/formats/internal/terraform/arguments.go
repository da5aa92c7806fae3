package terraform

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/spell"
)

// arguments are what a resource of a module must have, and what else it may have.
type arguments struct {
	wanted, other []string
	lists         []string // of these
}

// taken are the arguments of the resources that are read most, as their providers have them. Nothing is
// told of others.
var taken = map[string]arguments{
	awsZone: {[]string{"name"}, []string{"comment", "delegation_set_id", "enable_accelerated_recovery", "force_destroy", "tags", "vpc"}, nil},
	"aws_route53_record": {[]string{"zone_id", "name", "type"}, []string{
		"alias", "allow_overwrite", "cidr_routing_policy", "failover_routing_policy", "geolocation_routing_policy", "geoproximity_routing_policy",
		"health_check_id", "latency_routing_policy", "multivalue_answer_routing_policy", "records", "set_identifier", "ttl", "weighted_routing_policy",
	}, []string{"records"}},
	"aws_route53_zone_association": {[]string{"zone_id", "vpc_id"}, []string{"vpc_region"}, nil},
	azureZone:                      {[]string{"name", "resource_group_name"}, []string{"soa_record", "tags"}, nil},
	"azurerm_private_dns_a_record": {[]string{"name", "zone_name", "resource_group_name", "ttl", "records"}, []string{"tags"}, []string{"records"}},
	"azurerm_private_dns_zone_virtual_network_link": {
		[]string{"name", "resource_group_name", "private_dns_zone_name", "virtual_network_id"}, []string{"registration_enabled", "resolution_policy", "tags"}, nil,
	},
	googleZone: {[]string{"name", "dns_name"}, []string{
		"cloud_logging_config", "description", "dnssec_config", "force_destroy", "forwarding_config", "labels", "peering_config",
		"private_visibility_config", "project", "reverse_lookup", "service_directory_config", "visibility",
	}, nil},
	"google_dns_response_policy_rule": {[]string{"response_policy", "rule_name", "dns_name"}, []string{"behavior", "local_data", "project"}, nil},
	"google_dns_record_set":           {[]string{"managed_zone", "name", "type"}, []string{"project", "routing_policy", "rrdatas", "ttl"}, []string{"rrdatas"}},
}

// always are the arguments that any resource may have.
var always = []string{"//", "connection", "count", "depends_on", "dynamic", "for_each", "lifecycle", "provider", "provisioner", "region", "timeouts"}

// checkArguments notes arguments that the provider of a resource does not take, and those that are
// missing: Terraform refuses the module.
func (m *module) checkArguments(r instance) {
	its, known := taken[r.kind]
	if !known {
		return
	}
	all, others := slices.Concat(its.wanted, its.other), false
	for _, name := range slices.Sorted(maps.Keys(r.values)) {
		if slices.Contains(all, name) || slices.Contains(always, name) {
			continue
		}
		others = true
		if near := spell.Near(name, all); len(near) > 0 {
			m.refuse(r, "has the argument %s, and not %s", name, near[0])
		} else {
			m.b.Unread(r.at, "%s.%s has the argument %s, which is not known here", r.kind, r.name, name)
		}
	}
	for _, name := range its.wanted {
		switch value, there := r.values[name]; {
		case (!there || value == nil) && !others, value == "" && (name != "name" || r.kind != "aws_route53_record"): // "" is the zone's own name
			m.refuse(r, "has no %s", name)
		}
	}
	m.checkValues(r, its)
}

// checkValues notes literal values of another kind than is taken.
func (m *module) checkValues(r instance, its arguments) {
	for _, name := range its.lists {
		if text, is := r.values[name].(string); is && !strings.Contains(text, "${") {
			m.refuse(r, "has a text for %s, and not a list", name)
		}
	}
	if text, is := r.values["ttl"].(string); is && !strings.Contains(text, "${") {
		if _, err := strconv.ParseUint(text, 10, 31); err != nil {
			m.refuse(r, "has the ttl %q, which is no number", text)
		}
	}
}

// refuse notes why Terraform refuses a module.
func (m *module) refuse(r instance, format string, args ...any) {
	m.b.NotMade(".", r.at, "%s.%s "+format+": Terraform refuses the module, and nothing of it is made", append([]any{r.kind, r.name}, args...)...)
}
