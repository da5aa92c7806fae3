package drift

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/inventory"
)

// belongs returns the addresses that a link should have of endpoints, sorted, each once: all but those in a
// zone that Aura does not support, unless the link has them or there are no others.
func belongs(working []inventory.Endpoint, has []netip.Addr) []netip.Addr {
	all, bad := addrsOf(working)
	its := slices.DeleteFunc(slices.Clone(all), func(a netip.Addr) bool { return slices.Contains(bad, a) && !slices.Contains(has, a) })
	if len(its) == 0 {
		return all
	}
	return its
}

// addrsOf returns the addresses of endpoints, sorted, each once, and those in a zone that Aura does not
// support.
func addrsOf(working []inventory.Endpoint) (all, bad []netip.Addr) {
	for _, e := range working {
		all, bad = append(all, e.Addrs...), append(bad, e.Unsupported()...)
	}
	slices.SortFunc(all, netip.Addr.Compare)
	return slices.Compact(all), bad
}

// moved notes that a link's endpoints have other addresses. They are written where it is known that
// they lead to its region, and that traffic does: an address that they share with the link may have been
// given away again.
func (j *judge) moved(f Finding, l link, working []inventory.Endpoint, now []netip.Addr) {
	addrs := l.addrs(j.Topology)
	f.Code = CodeAddresses
	f.Message = fmt.Sprintf("endpoint %s has other addresses: %s → %s", names(working), texts(addrs), texts(now))
	if !slices.ContainsFunc(now, func(a netip.Addr) bool { return slices.Contains(addrs, a) }) {
		f.Code = CodeRecreated
		f.Message = fmt.Sprintf("endpoint %s was recreated: %s → %s", names(working), texts(addrs), texts(now))
	}
	if f.Hint = j.notWritten(l, working, now); f.Hint == "" {
		f.Hint = "--update writes the addresses into the topology"
		j.result.Edits = append(j.result.Edits, Edit{VPC: f.VPC, Region: f.Region, Addrs: now})
	}
	j.find(f)
}

// notWritten says why addresses are not written, and what to do; "" if they are.
func (j *judge) notWritten(l link, working []inventory.Endpoint, now []netip.Addr) string {
	if at := slices.IndexFunc(working, func(e inventory.Endpoint) bool { return !j.isOf(e, l) }); at >= 0 {
		e := working[at]
		same := "--service " + name(e)
		if j.said(e) || j.changedBeside(l) > 0 {
			same = behindLine(j.Topology.Regions[l.region].Name, e)
		}
		return fmt.Sprintf("that %s is still of this region is not known: compare its service with the one in Aura's console (Security > Network access); if they are the same: %s", name(e), same)
	}
	if at := slices.IndexFunc(working, func(e inventory.Endpoint) bool { return e.State == inventory.Unsaid }); at >= 0 {
		return fmt.Sprintf("it is not written before a list says the state of %s: list it with all of its fields, without --query or a format of your own", name(working[at]))
	}
	_, bad := addrsOf(working)
	if !slices.ContainsFunc(now, func(a netip.Addr) bool { return !slices.Contains(bad, a) }) {
		return fmt.Sprintf("it is not written, for Aura does not support %s: give the endpoint a subnet of another zone, and run this again", inventory.BadZone)
	}
	return ""
}

// behindLine says how a topology tells that the service of an endpoint is a region's.
func behindLine(region string, e inventory.Endpoint) string {
	return fmt.Sprintf("write it behind the line of the region: %s: # %s", region, e.Service)
}

// isOf reports whether an endpoint that has addresses of a link is known to be its.
func (j *judge) isOf(e inventory.Endpoint, l link) bool {
	region, sure := j.regionOf(e)
	if sure || region >= 0 && region != l.region {
		return sure && region == l.region
	}
	return j.saidOf(e, l)
}
