package topology

import (
	"net/netip"

	"github.com/auralink/auralink/internal/address"
)

// ClientsOf returns the ranges of the clients of a VPC, without those that a longer range of
// another VPC has. It returns nil for a VPC that has no ranges: who its clients are is not
// known.
func (t *Topology) ClientsOf(vpc string) []netip.Prefix {
	var all, others []netip.Prefix
	for _, v := range t.VPCs {
		if v.Name == vpc {
			all = v.Clients
		} else {
			others = append(others, v.Clients...)
		}
	}
	var clients []netip.Prefix
	for _, p := range all {
		var longer []netip.Prefix
		for _, other := range others {
			if other.Bits() > p.Bits() && p.Overlaps(other) {
				longer = append(longer, other)
			}
		}
		clients = append(clients, address.Without([]netip.Prefix{p}, longer)...)
	}
	return clients
}

// Others returns the ranges of all addresses that no VPC names, but for those by which a machine
// asks itself: whoever is in a VPC without clients has one of them.
func (t *Topology) Others() []netip.Prefix {
	named := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, v := range t.VPCs {
		named = append(named, v.Clients...)
	}
	return address.Without([]netip.Prefix{netip.PrefixFrom(netip.IPv4Unspecified(), 0), netip.PrefixFrom(netip.IPv6Unspecified(), 0)}, named)
}

// AnyClientsOf returns the ranges of all who may be clients of a VPC: those of [Topology.ClientsOf],
// or of a VPC that says none, all that are in no other VPC.
func (t *Topology) AnyClientsOf(vpc string) []netip.Prefix {
	var others []netip.Prefix
	for _, v := range t.VPCs {
		if v.Name == vpc && len(v.Clients) > 0 {
			return t.ClientsOf(vpc)
		}
		others = append(others, v.Clients...)
	}
	return address.Without([]netip.Prefix{netip.PrefixFrom(netip.IPv4Unspecified(), 0), netip.PrefixFrom(netip.IPv6Unspecified(), 0)}, others)
}
