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
	if len(j.taken[l]) > 0 {
		j.otherRegion(f, l)
		return
	}
	if others := j.unlike(l); len(others) > 0 {
		f.Code, f.Message = CodeService, fmt.Sprintf("the link has addresses of %s, and the line of its region names %s", services(others), strings.Join(j.Named[f.Region], ", "))
		f.Hint = "find out which service Aura's console shows for the region (Security > Network access), and correct the link, or the line"
		j.find(f)
		return
	}
	working, unread := j.working(f, l)
	now := belongs(working, addrs)
	switch {
	case unread, len(j.at[l]) > 0 && len(working) == 0: // it is said
	case len(working) == 0:
		j.missing(l, f, addrs)
	case severalServices(working):
		f.Code = CodeService
		f.Message = fmt.Sprintf("endpoints of different services have addresses of the link: %s, and a link has one", services(working))
		f.Hint = "find out which of the services Aura's console shows (Security > Network access), and write that one's addresses"
		j.find(f)
	case !slices.Equal(now, addrs):
		j.moved(f, l, working, now)
	}
}

// working returns the endpoints of a link that work, and reports whether any of them is not read
// whole. Of the others it notes what is the matter.
func (j *judge) working(f Finding, l link) (working []inventory.Endpoint, unread bool) {
	for _, e := range present(j.at[l]) {
		j.zones(f, e)
		if e.State == inventory.Unsaid {
			j.unsaid(f, e)
		}
		switch {
		case e.State == inventory.Pending, e.State == inventory.Rejected, e.State == inventory.Broken:
			j.state(f, e)
		case !complete(e):
			unread = true
			j.unread(f, e)
		default:
			working = append(working, e)
		}
	}
	return working, unread
}

// present returns the endpoints of a link without those that were removed, and are listed for
// a while, if another one works.
func present(all []inventory.Endpoint) []inventory.Endpoint {
	works := func(e inventory.Endpoint) bool { return e.State == inventory.Accepted && complete(e) }
	if !slices.ContainsFunc(all, works) {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(e inventory.Endpoint) bool { return e.State == inventory.Broken })
}

// otherRegion notes that endpoints which have a link's addresses are another region's.
// Nothing is written then: names would lead there.
func (j *judge) otherRegion(f Finding, l link) {
	f.Code = CodeOtherRegion
	f.Message = fmt.Sprintf("the link has addresses of an endpoint that leads to another region: %s", services(j.taken[l]))
	for _, own := range slices.Concat(j.at[l], j.late[l]) {
		f.Message += fmt.Sprintf("; to its own leads %s, with %s", name(own), texts(own.Addrs))
	}
	f.Hint = "were the addresses of two links exchanged, or given away again? Compare each endpoint's service with the one in Aura's console (Security > Network access), and write its addresses into the link of its region"
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

// missing notes that no endpoint is a link's, as far as the lists would have it.
func (j *judge) missing(l link, f Finding, addrs []netip.Addr) {
	switch {
	case len(j.late[l]) > 0:
		j.overtaken(f, j.late[l], addrs)
		return
	case len(j.near[l]) > 0:
		j.perhaps(f, j.near[l], addrs)
		return
	case len(j.apart[l]) > 0:
		j.outside(f, j.apart[l], addrs)
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

// overtaken notes that a link's endpoint was made anew with addresses that are still in the link of
// another region: written here alone, they would lead to one endpoint from both.
func (j *judge) overtaken(f Finding, its []inventory.Endpoint, addrs []netip.Addr) {
	f.Code = CodeRecreated
	f.Message = fmt.Sprintf("no endpoint has %s, and %s has addresses that are in the link of another region", texts(addrs), services(its))
	for _, e := range its {
		f.Message += fmt.Sprintf(": %s", texts(e.Addrs))
	}
	f.Hint = "write them here, and into the other link at the same time those of its own endpoint"
	j.find(f)
}

// outside notes that an endpoint leads to a link's region from a network that is not its VPC's.
func (j *judge) outside(f Finding, its []inventory.Endpoint, addrs []netip.Addr) {
	f.Code = CodeGone
	f.Message = "no endpoint that is listed has " + texts(addrs)
	for _, e := range its {
		f.Message += fmt.Sprintf("; %s leads to the same region from %s, with %s, and whether clients of this VPC reach it there is not known", name(e), inventory.ShortName(e.Network), texts(e.Addrs))
	}
	f.Hint = "if they reach it (peering, a transit gateway), write its addresses yourself; else make the endpoint anew in their network"
	j.find(f)
}

// perhaps notes that endpoints may be a link's, of which that is not known.
func (j *judge) perhaps(f Finding, near []inventory.Endpoint, addrs []netip.Addr) {
	var ids []string
	for _, e := range near {
		j.seen[e.ID] = true
		ids = append(ids, e.ID)
		if !complete(e) {
			j.unread(f, e)
			return
		}
	}
	f.Code = CodeService
	f.Message = fmt.Sprintf("no endpoint has %s, and whether %s is its successor is not known: the list does not say whose service it leads to", texts(addrs), strings.Join(ids, ", "))
	same := "--service " + ids[0]
	if region, _ := j.regionOf(near[0]); region < 0 && near[0].Service != "" {
		same = behindLine(f.Region, near[0])
	}
	f.Hint = "compare its service with the one in Aura's console (Security > Network access); if they are the same: " + same
	j.find(f)
}

// complete reports whether all addresses of an endpoint are known.
func complete(e inventory.Endpoint) bool { return len(e.Unread) == 0 && len(e.Addrs) > 0 }

// unread notes that addresses of an endpoint are in no list.
func (j *judge) unread(f Finding, e inventory.Endpoint) {
	f.Code, f.Message = CodeUnread, fmt.Sprintf("endpoint %s: not all of its addresses are in the lists", name(e))
	f.Hint = "give what this prints as well: " + listing(e)
	j.find(f)
}
