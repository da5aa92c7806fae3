package drift

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/inventory"
)

// judge compares one link with the endpoints that are its.
func (j *judge) judge(l link, addrs []netip.Addr) {
	f := Finding{VPC: j.Topology.VPCs[l.vpc].Name, Region: j.Topology.Regions[l.region].Name}
	if others := j.elsewhere(l); len(others) > 0 {
		j.otherRegion(f, others)
		return
	}
	var working []inventory.Endpoint
	var now []netip.Addr
	unread := false
	for _, e := range j.at[l] {
		j.zones(f, e)
		if e.State == inventory.Unsaid {
			j.unsaid(f, e)
		}
		switch {
		case e.State == inventory.Pending, e.State == inventory.Rejected, e.State == inventory.Broken:
			j.state(f, e)
		case len(e.Unread) > 0 || len(e.Addrs) == 0:
			unread = true
			f := f
			f.Code, f.Message = CodeUnread, fmt.Sprintf("endpoint %s: not all of its addresses are in the lists", name(e))
			f.Hint = "give what this prints as well: " + listing(e)
			j.find(f)
		default:
			working = append(working, e)
			now = append(now, e.Addrs...)
		}
	}
	slices.SortFunc(now, netip.Addr.Compare)
	now = slices.Compact(now)
	switch {
	case unread, len(j.at[l]) > 0 && len(working) == 0: // it is said
	case len(working) == 0:
		j.missing(l, f, addrs)
	case !slices.Equal(now, addrs) && severalServices(working):
		f.Code = CodeService
		f.Message = fmt.Sprintf("endpoints of different services have addresses of the link: %s, and a link has one", services(working))
		f.Hint = "find out which of the services Aura's console shows (Security > Network access), and write that one's addresses"
		j.find(f)
	case !slices.Equal(now, addrs):
		j.moved(f, working, addrs, now)
	}
}

// otherRegion notes that the endpoints which have a link's addresses are another region's.
// Nothing is written then: names would lead there.
func (j *judge) otherRegion(f Finding, others []inventory.Endpoint) {
	f.Code = CodeOtherRegion
	f.Message = fmt.Sprintf("the link has addresses of an endpoint that leads to another region: %s", services(others))
	f.Hint = "were the addresses of two links exchanged? Compare each endpoint's service with the one in Aura's console (Security > Network access), and write its addresses into the link of its region"
	j.find(f)
}

// services returns endpoints with the services to which they lead.
func services(all []inventory.Endpoint) string {
	var its []string
	for _, e := range all {
		its = append(its, fmt.Sprintf("%s (%s)", name(e), e.Service))
	}
	return strings.Join(its, ", ")
}

// severalServices reports whether endpoints lead to different services.
func severalServices(all []inventory.Endpoint) bool {
	return slices.ContainsFunc(all, func(e inventory.Endpoint) bool { return e.Service != all[0].Service })
}

// listing is the command that lists the interfaces that are missing.
func listing(e inventory.Endpoint) string {
	if e.Cloud == inventory.Azure {
		return "az network nic list -o json"
	}
	return strings.TrimSpace("aws ec2 describe-network-interfaces --network-interface-ids " + strings.Join(e.Unread[:min(len(e.Unread), 6)], " "))
}

// unsaid notes that an endpoint's state is in no list.
func (j *judge) unsaid(f Finding, e inventory.Endpoint) {
	f.Code = CodeState
	f.Message = fmt.Sprintf("endpoint %s: whether Aura has accepted it is not known: the list does not say its state", name(e))
	f.Hint = "list it with all of its fields, without --query or a format of your own"
	j.find(f)
}

func (j *judge) state(f Finding, e inventory.Endpoint) {
	f.Code = CodeState
	f.Message = fmt.Sprintf("endpoint %s is %s (%s)", name(e), e.State, e.Said)
	switch e.State {
	case inventory.Pending:
		f.Hint = "accept it in Aura's console: Security > Network access"
	case inventory.Rejected:
		f.Hint = fmt.Sprintf("is %s among the accounts that Aura's console allows (Security > Network access)? Then make the endpoint anew", e.Account)
	case inventory.Accepted, inventory.Unsaid, inventory.Broken:
		f.Hint = "make the endpoint anew, and then run this with --update"
	}
	j.find(f)
}

// moved notes that a link's endpoints have other addresses.
func (j *judge) moved(f Finding, working []inventory.Endpoint, addrs, now []netip.Addr) {
	f.Code = CodeAddresses
	f.Message = fmt.Sprintf("endpoint %s has other addresses: %s → %s", names(working), texts(addrs), texts(now))
	if !slices.ContainsFunc(now, func(a netip.Addr) bool { return slices.Contains(addrs, a) }) {
		f.Code = CodeRecreated
		f.Message = fmt.Sprintf("endpoint %s was recreated: %s → %s", names(working), texts(addrs), texts(now))
	}
	f.Hint = "--update writes the addresses into the topology"
	j.find(f)
	j.result.Edits = append(j.result.Edits, Edit{VPC: f.VPC, Region: f.Region, Addrs: now})
}

// missing notes that no endpoint is a link's, as far as the lists would have it.
func (j *judge) missing(l link, f Finding, addrs []netip.Addr) {
	if near := j.near[l]; len(near) > 0 {
		f.Code = CodeService
		f.Message = fmt.Sprintf("no endpoint has %s, and whether %s is its successor is not known: the list does not say whose service it leads to", texts(addrs), strings.Join(near, ", "))
		f.Hint = "compare its service with the one in Aura's console (Security > Network access); if they are the same: --service " + near[0]
		j.find(f)
		return
	}
	if cloud, known := j.cloudOf(f.Region, addrs); !known || !j.Inventory.Listed(cloud) {
		j.result.Unjudged = append(j.result.Unjudged, l.in(j.Topology))
		return
	}
	f.Code = CodeGone
	f.Message = "no endpoint that is listed has " + texts(addrs)
	f.Hint = "was it removed? Make it anew and run this again, or remove the link. Or is its account, or region, not among the lists?"
	j.find(f)
}

// cloudOf returns the cloud in which a link's endpoint is: that of the network with its
// addresses, or else as the region's label says.
func (j *judge) cloudOf(region string, addrs []netip.Addr) (inventory.Cloud, bool) {
	for _, n := range j.Inventory.Networks {
		if slices.ContainsFunc(n.Ranges, func(p netip.Prefix) bool { return p.Contains(addrs[0]) }) {
			return n.Cloud, true
		}
	}
	prefix, _, _ := strings.Cut(region, "-")
	cloud := inventory.Cloud(prefix)
	return cloud, cloud == inventory.AWS || cloud == inventory.GCP || cloud == inventory.Azure
}

// strangers notes endpoints of Aura's that no link has.
func (j *judge) strangers() {
	for _, e := range j.Inventory.Endpoints {
		if j.seen[e.ID] || e.Evidence < inventory.Likely && !j.said(e) {
			continue
		}
		f := Finding{Code: CodeUnlinked, Message: fmt.Sprintf("endpoint %s in %s (%s) is in no link; it is %s, with %s", name(e), e.Network, e.Service, e.State, texts(e.Addrs))}
		f.Hint = "add the link, and its region; auralink init - --from these files shows both"
		j.find(f)
	}
}

// badZone is the availability zone in which Aura's service is not.
const badZone = "use1-az3"

// zones notes zones in which an endpoint should not be, or should.
func (j *judge) zones(f Finding, e inventory.Endpoint) {
	if len(e.Unread) > 0 || e.Cloud != inventory.AWS {
		return
	}
	has := make(map[string]bool)
	for _, in := range e.Interfaces {
		has[in.Zone] = true
		if in.ZoneID == badZone {
			f.Code, f.Message = CodeBadZone, fmt.Sprintf("endpoint %s has an interface in %s (%s), which Aura does not support", name(e), in.ZoneID, in.Zone)
			f.Hint = "take that subnet from the endpoint, and its address from the link"
			j.find(f)
		}
	}
	for _, s := range j.Inventory.Subnets {
		if s.Network != e.Network || s.Zone == "" || has[s.Zone] || s.ZoneID == badZone {
			continue
		}
		has[s.Zone] = true // once is enough
		f.Code, f.Message = CodeZone, fmt.Sprintf("endpoint %s has no address in zone %s (%s) of %s", name(e), s.Zone, s.ZoneID, s.Network)
		f.Hint = "add a subnet of that zone to the endpoint, or leave it: its clients then reach Aura through another zone"
		j.find(f)
	}
}

// clients notes subnets that are outside the clients of the VPC in whose network they
// are.
func (j *judge) clients() {
	for _, s := range j.Inventory.Subnets {
		its := j.homes[s.Network]
		if len(its) == 0 {
			continue
		}
		for _, p := range s.Ranges {
			v, found := j.clientOf(p)
			f := Finding{Code: CodeClients, VPC: j.Topology.VPCs[its[0]].Name}
			switch {
			case found && slices.Contains(its, v):
				continue
			case found:
				f.Message = fmt.Sprintf("subnet %s of %s has %s, which is among the clients of VPC %s", inventory.ShortName(s.ID), inventory.ShortName(s.Network), p, j.Topology.VPCs[v].Name)
			default:
				f.Message = fmt.Sprintf("subnet %s of %s has %s, which is outside all clients", inventory.ShortName(s.ID), inventory.ShortName(s.Network), p)
			}
			f.Hint = fmt.Sprintf("add %s to the clients of VPC %s", p, f.VPC)
			j.find(f)
		}
	}
}
