package terraform

import (
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// policyBlocks are the blocks of a record of Route 53 that are routing policies.
var policyBlocks = []string{
	"cidr_routing_policy", "failover_routing_policy", "geolocation_routing_policy", "geoproximity_routing_policy", "latency_routing_policy", "weighted_routing_policy",
}

// checkRouting notes a record that Route 53 does not take.
func (r *records) checkRouting(i instance, name string) {
	if i.mode == modeData || name == "" {
		return
	}
	set := r.routing(i, name)
	if why := set.Refused(); why != "" {
		r.b.NotMade(strings.TrimPrefix(dnsname.Lower(dnsname.Absolute(name)), "*."), i.at, "%s %s: Route 53 refuses it", i, why)
	}
}

// routing returns what tells whether Route 53 takes a record.
func (r *records) routing(i instance, name string) rrset.Routing {
	ttl, _ := wholeNumber(i.values["ttl"])
	_, said := i.values["ttl"]
	set := rrset.Routing{
		Name: name, Type: strings.ToUpper(r.text(i.values["type"])), Identifier: r.text(i.values["set_identifier"]),
		Records: len(asList(i.values["records"])) > 0, Alias: len(asList(i.values["alias"])) > 0, TTL: ttl > 0,
	}
	set.TTL = set.TTL || said && !set.Alias
	if i.raw != nil && set.Identifier == "" && i.raw["set_identifier"] != nil {
		set.Identifier = rrset.Unknown
	}
	for _, block := range policyBlocks {
		if len(asList(i.values[block])) > 0 || i.raw != nil && notKnown(i.values, block) {
			set.Policies = append(set.Policies, block)
		}
	}
	if i.values["multivalue_answer_routing_policy"] == true {
		set.Policies = append(set.Policies, "multivalue_answer_routing_policy")
	}
	return set
}

// checkPlaced notes a record, or a link, that is to be in another resource group than its zone.
func (r *records) checkPlaced(i instance, z zone) {
	if group := r.text(i.values["resource_group_name"]); group != "" && z.in != "" && !strings.EqualFold(group, z.in) {
		r.b.NotMade(z.origin, i.at, "%s is to be in the resource group %s, and its zone is in %s: Azure has no such zone there", i, group, z.in)
	}
}

// checkDots notes names that Cloud DNS does not take.
func (r *records) checkDots(i instance, attribute string) {
	text := r.text(i.values[attribute])
	if i.raw != nil && text != "" && !strings.HasSuffix(text, ".") {
		r.b.NotMade(strings.TrimPrefix(dnsname.Lower(dnsname.Absolute(text)), "*."), i.at, "%s has the %s %s, which has no final dot: Cloud DNS refuses it", i, attribute, text)
	}
}
