package terraform

import (
	"cmp"
	"fmt"

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
	if notKnown(i.values, "private_visibility_config") || i.mode == modeData {
		return
	}
	var all []string
	for _, config := range asList(i.values["private_visibility_config"]) {
		all = append(all, r.parts(asMap(config)["networks"], "network_url")...)
		all = append(all, r.parts(asMap(config)["gke_clusters"], "gke_cluster_name")...)
		if notKnown(asMap(config), "networks") {
			return
		}
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

// parts returns a text of each block; "" for one that is not known.
func (r *records) parts(blocks any, name string) []string {
	var all []string
	for _, block := range asList(blocks) {
		all = append(all, rrset.Network(r.text(asMap(block)[name])))
	}
	return all
}

// addVPCs adds the VPCs that a zone of Route 53 has itself, or the one of an association, to those
// that see it.
func (r *records) addVPCs(i instance) {
	if i.kind != awsZone {
		z, _ := r.byID(i, awsZone, r.text(i.values["zone_id"]))
		r.seeVPCs(i, z, []string{r.text(i.values["vpc_id"])})
	} else if z := r.zones[i.address()]; !z.public {
		r.seeVPCs(i, z, r.parts(i.values["vpc"], "vpc_id"))
	}
}

// addLink adds a link of a virtual network to a zone.
func (r *records) addLink(i instance) {
	zone := r.text(i.values["private_dns_zone_name"])
	if ref, is := i.values["private_dns_zone_name"].(reference); is {
		ref.attribute = ""
		zone = r.zones[fmt.Sprint(ref)].origin
	}
	r.links.Link(zone, r.text(i.values["virtual_network_id"]))
}
