package model

import (
	"fmt"
	"net/netip"

	"pgregory.net/rapid"
)

// drawClients gives each VPC its clients: ranges of IPv4 and IPv6, some of them
// within another VPC's. Now and then one VPC has none.
func drawClients(t *rapid.T, vpcs []VPC) {
	taken := make(map[netip.Prefix]bool)
	rest := rapid.IntRange(0, 2*len(vpcs)).Draw(t, "VPC without clients")
	for i := range vpcs {
		if i == rest {
			continue
		}
		own := []string{fmt.Sprintf("127.0.%d.0/24", i+1), fmt.Sprintf("fd00:c:%d::/64", i+1)}
		some := []string{
			"127.0.0.0/8", "127.0.0.0/16", "127.0.0.0/22", "127.0.1.128/25", "127.0.2.7/32", "127.0.3.0/30",
			"fd00::/16", "fd00:c::/32", "fd00:c:1::/65", "fd00:c:2::7/128", "::/0",
		}
		drawn := rapid.SliceOfNDistinct(rapid.SampledFrom(some), 0, 3, rapid.ID).Draw(t, "clients")
		drawn = append(drawn, rapid.SampledFrom(own).Draw(t, "own clients"))
		for _, text := range drawn {
			if prefix := netip.MustParsePrefix(text); !taken[prefix] {
				taken[prefix] = true
				vpcs[i].Clients = append(vpcs[i].Clients, prefix)
			}
		}
	}
}

// VPCOf returns the VPC from which a client asks: the one with the longest range
// that has the client, else the one without ranges.
func (m Topology) VPCOf(client netip.Addr) (VPC, bool) {
	var found VPC
	longest := -1
	for _, v := range m.VPCs {
		if len(v.Clients) == 0 && longest < 0 {
			found, longest = v, 0
		}
		for _, prefix := range v.Clients {
			if prefix.Contains(client) && prefix.Bits() >= longest {
				found, longest = v, prefix.Bits()
			}
		}
	}
	return found, longest >= 0
}

// Askers returns addresses to ask from: the first and the last of each client
// range, the ones just outside of it, and two that are in none but the widest. No
// two are the same.
func (m Topology) Askers() []netip.Addr {
	seen := make(map[netip.Addr]bool)
	var askers []netip.Addr
	add := func(addr netip.Addr) {
		if addr.IsValid() && !seen[addr] {
			seen[addr] = true
			askers = append(askers, addr)
		}
	}
	for _, v := range m.VPCs {
		for _, prefix := range v.Clients {
			first, last := prefix.Addr(), lastOf(prefix)
			add(first)
			add(first.Prev())
			add(last)
			add(last.Next())
		}
	}
	add(netip.MustParseAddr("192.0.2.1"))
	add(netip.MustParseAddr("2001:db8::1"))
	return askers
}

// lastOf returns the last address of a range.
func lastOf(prefix netip.Prefix) netip.Addr {
	octets := prefix.Addr().AsSlice()
	for bit := prefix.Bits(); bit < 8*len(octets); bit++ {
		octets[bit/8] |= 0x80 >> (bit % 8)
	}
	last, _ := netip.AddrFromSlice(octets)
	return last
}
