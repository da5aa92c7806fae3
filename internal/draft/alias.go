package draft

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/inventory"
)

// resolved returns a name that leads to one that AWS has for a private endpoint with the addresses of
// that endpoint, and its network.
func (d *drafter) resolved(f fact) fact {
	if l, there := d.targetOf(f); there {
		f.network, f.addrs = l.Network, slices.Clone(l.Addrs)
	}
	return f
}

// targetOf returns the private endpoint whose own name in AWS a fact leads to, if any list has it.
func (d *drafter) targetOf(f fact) (inventory.Endpoint, bool) {
	if f.target == "" || d.Inventory == nil {
		return inventory.Endpoint{}, false
	}
	at := slices.IndexFunc(d.Inventory.Endpoints, func(l inventory.Endpoint) bool { return leadsTo(f.target, l) })
	if at < 0 {
		return inventory.Endpoint{}, false
	}
	return d.Inventory.Endpoints[at], true
}

// networksOf returns the network in which each address is to which a fact leads, as far as it is
// known, or that of the private endpoint that it names.
func (d *drafter) networksOf(f fact) []string {
	if f.network != "" {
		return []string{f.network}
	}
	var all []string
	for _, addr := range f.addrs {
		if network := d.networkWith(addr); network != "" {
			all = append(all, network)
		}
	}
	return all
}

// noAddresses says of names that lead to another name why that leads to no private endpoint.
func (d *drafter) noAddresses(a *astray) Todo {
	f := a.facts[0]
	lead := fmt.Sprintf("%s to %s", a.lead(), dnsname.TrimDot(f.target))
	l, there := d.targetOf(f)
	switch {
	case there:
		return Todo{Text: fmt.Sprintf("%s: that is %s, and its addresses are in no list. Give what this prints as well.", lead, inventory.ShortName(l.ID)), Run: howToList(l)}
	case d.Inventory.Listed(inventory.AWS):
		return Todo{Text: lead + ", and no private endpoint that is listed has that name. " + afterwards(f) + " Give what these print for its account and region as well.", Run: listsOfAWS}
	default:
		return Todo{Text: lead + ", and which addresses that has is not known here. " + afterwards(f) + " Give what these print as well.", Run: listsOfAWS}
	}
}

const listsOfAWS = "aws ec2 describe-vpc-endpoints; aws ec2 describe-network-interfaces"

// oneAddress returns an error for an address that lists have of two private endpoints in one VPC
// which lead to different services: which of them has it is not known, and so neither where names
// lead.
func (d *drafter) oneAddress() error {
	if d.Inventory == nil {
		return nil
	}
	for i, a := range d.Inventory.Endpoints {
		v := d.viewOf(a)
		if v == nil || removed(a) || !d.isAura(v, a) {
			continue
		}
		for j, b := range d.Inventory.Endpoints {
			if i == j || a.Service == b.Service || removed(b) || d.viewOf(b) != v {
				continue
			}
			if at := slices.IndexFunc(a.Addrs, func(addr netip.Addr) bool { return slices.Contains(b.Addrs, addr) }); at >= 0 {
				return sharedAddress(v, a, b, a.Addrs[at])
			}
		}
	}
	return nil
}

// removed reports whether an endpoint, though listed, may have given its addresses away.
func removed(l inventory.Endpoint) bool {
	return l.State == inventory.Broken || l.State == inventory.Rejected
}

func sharedAddress(v *view, a, b inventory.Endpoint, addr netip.Addr) error {
	one := func(l inventory.Endpoint) string {
		return fmt.Sprintf("%s in %s (%s)", inventory.ShortName(l.ID), inventory.ShortName(l.Network), l.Service)
	}
	err := fmt.Errorf("two private endpoints are listed with %s, and lead to different services: %s, and %s: to which of them names lead cannot be told", addr, one(a), one(b))
	if a.Network == b.Network {
		return hint.Add(err, "one of the lists is older than the other: list endpoints and network interfaces again, at one time")
	}
	return hint.Add(err, fmt.Sprintf("%s is said to be the DNS of both networks: give each its own, such as --from apps=FILE --from batch=FILE", v.name))
}
