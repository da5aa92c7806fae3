package drift

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/inventory"
)

// cloudOf returns the cloud in which a link's endpoint is: that of the network with its
// addresses, or else as the region's label says.
func (j *judge) cloudOf(region string, addrs []netip.Addr) (inventory.Cloud, bool) {
	for _, n := range j.Inventory.Networks {
		if slices.ContainsFunc(n.Ranges, func(p netip.Prefix) bool { return p.Contains(addrs[0]) }) {
			return n.Cloud, true
		}
	}
	return labelled(region)
}

// labelled returns the cloud that a region's label names.
func labelled(region string) (cloud inventory.Cloud, known bool) {
	prefix, _, _ := strings.Cut(region, "-")
	cloud = inventory.Cloud(prefix)
	return cloud, cloud == inventory.AWS || cloud == inventory.GCP || cloud == inventory.Azure
}

// strangers notes endpoints of Aura's that no link has.
func (j *judge) strangers() {
	for _, e := range j.Inventory.Endpoints {
		if j.seen[e.ID] {
			continue
		}
		if _, sure := j.regionOf(e); !sure && e.Evidence < inventory.Likely && !j.said(e) {
			continue
		}
		f := Finding{Code: CodeUnlinked, Message: fmt.Sprintf("endpoint %s in %s (%s) is in no link; it is %s, with %s", name(e), e.Network, e.Service, e.State, texts(e.Addrs))}
		f.Hint = "add the link, and its region; auralink init - --from these files shows both"
		j.find(f)
	}
}

// zones notes zones in which an endpoint should not be, or should.
func (j *judge) zones(f Finding, e inventory.Endpoint) {
	if len(e.Unread) > 0 || e.Cloud != inventory.AWS {
		return
	}
	has := map[string]bool{inventory.BadZone: true}
	for _, in := range e.Interfaces {
		has[in.Zone], has[in.ZoneID] = true, true
		if in.ZoneID == inventory.BadZone {
			f.Code, f.Message = CodeBadZone, fmt.Sprintf("endpoint %s has an interface in %s (%s), which Aura does not support", name(e), in.ZoneID, in.Zone)
			f.Hint = "take that subnet from the endpoint, and its address from the link"
			j.find(f)
		}
	}
	for _, s := range j.Inventory.Subnets {
		if s.Network != e.Network || s.Zone == "" || has[s.Zone] || s.ZoneID != "" && has[s.ZoneID] {
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
