package drift

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/inventory"
	"github.com/auralink/auralink/internal/topology"
)

// stand says where an endpoint is, for a VPC.
type stand int

const (
	inside  stand = iota // in its network
	outside              // in another network, from which its clients may not reach it
	nowhere              // in a network that is no VPC's
	unclear              // in that of several, whose links differ
)

// linksOf returns the links of a region whose successor an endpoint is, all with the same addresses.
func (j *judge) linksOf(e inventory.Endpoint, region int) ([]link, stand) {
	vpcs, where := j.vpcsOf(e)
	var its, lacking []link
	for _, v := range vpcs {
		l := link{v, region}
		if l.addrs(j.Topology) == nil {
			continue
		}
		its = append(its, l)
		if len(j.at[l])+len(j.taken[l]) == 0 {
			lacking = append(lacking, l)
		}
	}
	if len(lacking) > 0 {
		its = lacking
	}
	for _, l := range its[min(1, len(its)):] {
		if !slices.Equal(l.addrs(j.Topology), its[0].addrs(j.Topology)) {
			return its, unclear
		}
	}
	if len(its) > 0 && (where == outside || where == nowhere) && j.onlyIn(e.Network, its[0].addrs(j.Topology)) {
		where = inside
	}
	return j.withTwins(its), where
}

// withTwins returns links of one region with those of other VPCs that have the same addresses, and
// none of whose endpoints is listed either.
func (j *judge) withTwins(its []link) []link {
	if len(its) == 0 {
		return nil
	}
	for v := range j.Topology.VPCs {
		l := link{v, its[0].region}
		if !slices.Contains(its, l) && len(j.at[l]) == 0 && slices.Equal(l.addrs(j.Topology), its[0].addrs(j.Topology)) {
			its = append(its, l)
		}
	}
	return its
}

// onlyIn reports whether addresses are in the ranges of one network, and of no other that is listed.
func (j *judge) onlyIn(network string, addrs []netip.Addr) bool {
	for _, addr := range addrs {
		for _, n := range j.Inventory.Networks {
			if slices.ContainsFunc(n.Ranges, func(p netip.Prefix) bool { return p.Contains(addr) }) != (n.ID == network) {
				return false
			}
		}
	}
	_, known := j.Inventory.Network(network)
	return known
}

// vpcsOf returns the VPCs in whose network an endpoint stands, or to which it is nearest.
func (j *judge) vpcsOf(e inventory.Endpoint) ([]int, stand) {
	if its := j.homes[e.Network]; len(its) == 1 || len(its) > 1 && e.Network != "" {
		return its, inside
	}
	network, known := j.Inventory.Network(e.Network)
	for i, v := range j.Topology.VPCs {
		if known && (v.Name == network.ID || strings.EqualFold(v.Name, strings.ReplaceAll(network.Called(), " ", "-"))) {
			return []int{i}, inside
		}
	}
	for _, addr := range e.Addrs {
		if v, ok := j.clientOf(netip.PrefixFrom(addr, addr.BitLen())); ok {
			return []int{v}, j.placed(v, e)
		}
	}
	if len(j.Topology.VPCs) == 1 && len(e.Addrs) == 0 {
		return []int{0}, j.placed(0, e)
	}
	var all []int
	for v := range j.Topology.VPCs {
		all = append(all, v)
	}
	return all, nowhere
}

// locate finds the networks with endpoints to a region whose addresses clients of a VPC have.
func (j *judge) locate() {
	for _, e := range j.Inventory.Endpoints {
		if _, sure := j.regionOf(e); !sure || e.Network == "" {
			continue
		}
		for _, addr := range e.Addrs {
			if v, found := j.clientOf(netip.PrefixFrom(addr, addr.BitLen())); found && !slices.Contains(j.around[v], e.Network) {
				j.around[v] = append(j.around[v], e.Network)
			}
		}
	}
	for network, vpcs := range j.homes {
		for _, v := range vpcs {
			if network != "" && !slices.Contains(j.around[v], network) {
				j.around[v] = append(j.around[v], network)
			}
		}
	}
}

// placed says where an endpoint is for a VPC whose clients have its addresses: in its network, unless
// another endpoint is in another one.
func (j *judge) placed(v int, e inventory.Endpoint) stand {
	if e.Network != "" && slices.ContainsFunc(j.around[v], func(network string) bool { return network != e.Network }) {
		return outside
	}
	return inside
}

// clientOf returns the VPC whose clients a range is among, by the longest prefix.
func (j *judge) clientOf(p netip.Prefix) (vpc int, found bool) {
	longest := -1
	for i, v := range j.Topology.VPCs {
		for _, c := range v.Clients {
			if c.Bits() > longest && c.Bits() <= p.Bits() && c.Contains(p.Addr()) {
				vpc, longest = i, c.Bits()
			}
		}
	}
	if longest >= 0 {
		return vpc, true
	}
	catchAll := slices.IndexFunc(j.Topology.VPCs, func(v topology.VPC) bool { return len(v.Clients) == 0 })
	return max(catchAll, 0), catchAll >= 0
}
