package terraform

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// seeNetworks notes which networks see the private zone that a resource is.
func (r *records) seeNetworks(i instance, name string) {
	switch i.kind {
	case googleZone:
		r.seeGoogle(i, name)
	case azureZone:
		if i.mode != modeData {
			r.links.Zone(name, "another module or state", i.at)
		}
	}
}

// seeGoogle notes which networks and clusters see a zone of Cloud DNS. Of one that is only
// looked up it is not said.
func (r *records) seeGoogle(i instance, name string) {
	if i.mode == modeData {
		return
	}
	var all []string
	unknown := notKnown(i.values, "private_visibility_config")
	for n, config := range asList(i.values["private_visibility_config"]) {
		raw := asMap(nth(i.raw["private_visibility_config"], n))
		all = append(all, r.parts(i, asMap(config)["networks"], raw["networks"], "network_url")...)
		all = append(all, r.parts(i, asMap(config)["gke_clusters"], raw["gke_clusters"], "gke_cluster_name")...)
		unknown = unknown || notKnown(asMap(config), "networks")
	}
	if unknown {
		all = append(all, i.expression("private_visibility_config"))
	}
	if origin, err := holdings.CanonicalName(name); err == nil && len(all) == 0 {
		r.b.UnreadBelow(origin, i.at, "zone %s is seen by no network: nobody is answered from it", dnsname.TrimDot(origin))
	}
	rrset.ZoneSeenBy(r.b, name, r.identity(i), all, i.at)
}

// notKnown reports whether something is said of an attribute or of blocks, and is not known.
func notKnown(values map[string]any, name string) bool {
	value, said := values[name]
	return said && value == nil
}

// addPolicy notes a response policy of Cloud DNS that no network and no cluster has.
func (r *records) addPolicy(i instance) {
	if notKnown(i.values, "networks") || i.mode == modeData {
		return
	}
	if len(asList(i.values["networks"]))+len(asList(i.values["gke_clusters"])) == 0 {
		r.b.Unread(i.at, "response policy %s is of no network: nobody is answered by its rules", cmp.Or(r.text(i.values["response_policy_name"]), i.name))
	}
}

// parts returns the networks that blocks have: their ids, or what stands for these; "" for one that is
// not known.
func (r *records) parts(i instance, blocks, raw any, name string) []string {
	var all []string
	for n, block := range asList(blocks) {
		all = append(all, r.network(i, asMap(block)[name], asMap(nth(raw, n))[name], name))
	}
	return all
}

// nth returns one of the blocks that stand in a module; nil where others make them.
func nth(raw any, n int) any {
	if all := asList(raw); n < len(all) {
		return all[n]
	}
	return nil
}

// network returns what tells a network from others: its id, or the expression that stands for it; ""
// where neither is known.
func (r *records) network(i instance, value, raw any, attribute string) string {
	if ref, is := value.(reference); is {
		return rrset.Expression(ref.kind + "." + ref.name + bracketed(ref.key) + "." + ref.attribute)
	}
	if id := r.text(value); id != "" {
		return rrset.Network(id)
	}
	text, is := raw.(string)
	switch {
	case is && !strings.Contains(text, "each.") && !strings.Contains(text, "count."):
		return rrset.Expression(text)
	case i.raw != nil:
		return i.expression(attribute)
	case r.plan.is():
		return rrset.Expression(r.plan.source(i, attribute))
	default:
		return ""
	}
}

// expression returns what stands for a network that an instance has by what is not known.
func (i instance) expression(attribute string) string {
	if i.raw == nil {
		return ""
	}
	return rrset.Expression(attribute + " of " + i.String())
}

// addVPCs adds the VPCs that a zone of Route 53 has itself, or the one of an association, to those
// that see it.
func (r *records) addVPCs(i instance) {
	if i.kind != awsZone {
		r.seeVPCs(i, r.zoneTied(i), []string{r.network(i, i.values["vpc_id"], i.raw["vpc_id"], "vpc_id")})
		return
	}
	z := r.zones[i.address()]
	if z.public {
		return
	}
	vpcs := r.parts(i, i.values["vpc"], i.raw["vpc"], "vpc_id")
	for _, vpc := range asList(i.values["vpc"]) {
		if asMap(vpc)["vpc_id"] == "" && i.raw != nil {
			r.b.NotMade(z.origin, i.at, "%s has a vpc without a vpc_id: Terraform refuses the module", i)
		}
		rrset.VPCRegion(r.b, r.text(asMap(vpc)["vpc_id"]), r.text(asMap(vpc)["vpc_region"]), z.origin, i.at)
	}
	if notKnown(i.values, "vpc") && i.mode != modeData {
		vpcs = append(vpcs, i.expression("vpc"))
	}
	r.seeVPCs(i, z, vpcs)
}

// zoneTied returns the zone of Route 53 that an association ties to a VPC; the zero one where it is
// not known.
func (r *records) zoneTied(i instance) zone {
	switch value := i.values["zone_id"].(type) {
	case reference:
		value.attribute = ""
		return r.zones[fmt.Sprint(value)]
	case nil:
		if r.plan.is() {
			made, _ := r.plan.zoneOf(i, "zone_id", awsZone)
			return r.zones[made.address()]
		}
	}
	z, _ := r.byID(i, awsZone, r.text(i.values["zone_id"]))
	return z
}

// addLink adds a link of a virtual network to a zone.
func (r *records) addLink(i instance) {
	zone := r.text(i.values["private_dns_zone_name"])
	if ref, is := i.values["private_dns_zone_name"].(reference); is {
		ref.attribute = ""
		zone = r.zones[fmt.Sprint(ref)].origin
	}
	network := r.network(i, i.values["virtual_network_id"], i.raw["virtual_network_id"], "virtual_network_id")
	r.links.Link(zone, network)
	if i.values["registration_enabled"] == true {
		r.links.Register(zone, network, i.String(), i.at)
	}
}
