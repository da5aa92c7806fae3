package topology

import (
	"fmt"
	"net/netip"
	"slices"
)

// AmbiguousAddress is an address that leads to one region in one VPC and to another
// region in another VPC. That is right where the address ranges of the two overlap;
// most often it is a slip.
type AmbiguousAddress struct {
	Addr netip.Addr
	// VPC and Region are those that come first in the order of the VPCs' names.
	VPC, Region string
	// OtherVPC and OtherRegion are the first that differ.
	OtherVPC, OtherRegion string
}

// AmbiguousHint says what to do about an ambiguous address.
const AmbiguousHint = "correct one of the two; where the networks of the VPCs overlap it is right, and nothing is to be done"

// Sentence says it to a person.
func (a AmbiguousAddress) Sentence() string {
	return fmt.Sprintf("address %s leads to region %q in VPC %q, and to region %q in VPC %q", a.Addr, a.Region, a.VPC, a.OtherRegion, a.OtherVPC)
}

// regionIn is a region as a VPC reaches it; both are indexes.
type regionIn struct{ region, vpc int32 }

// AmbiguousAddresses returns the ambiguous addresses, sorted, once for each VPC that
// is at odds with the first one that has the address. Two regions that have it in
// both VPCs are at odds in neither: that is told of each VPC.
func (t *Topology) AmbiguousAddresses() []AmbiguousAddress {
	first := make(map[netip.Addr]regionIn)
	var found []AmbiguousAddress
	for i := range t.VPCs {
		for _, link := range t.VPCs[i].Links {
			for _, addr := range link.Addrs {
				before, again := first[addr]
				switch {
				case !again:
					first[addr] = regionIn{region: int32(link.Region), vpc: int32(i)}
				case int(before.vpc) != i && !t.VPCs[before.vpc].reaches(link.Region, addr):
					found = append(found, AmbiguousAddress{
						Addr: addr, VPC: t.VPCs[before.vpc].Name, Region: t.Regions[before.region].Name,
						OtherVPC: t.VPCs[i].Name, OtherRegion: t.Regions[link.Region].Name,
					})
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b AmbiguousAddress) int { return a.Addr.Compare(b.Addr) })
	return found
}

// reaches reports whether a VPC reaches a region by an address.
func (v *VPC) reaches(region int, addr netip.Addr) bool {
	return slices.ContainsFunc(v.Links, func(l Link) bool { return l.Region == region && slices.Contains(l.Addrs, addr) })
}

// ambiguousAddresses warns of them where the second VPC has the link.
func (v *validator) ambiguousAddresses(raw table[rawVPC]) {
	for _, a := range v.topology.AmbiguousAddresses() {
		if v.full(SeverityWarning) { // to find the place takes a pass over the VPCs
			v.drop(SeverityWarning)
			continue
		}
		path := "vpcs." + a.OtherVPC + ".links." + a.OtherRegion
		before := len(v.findings)
		v.warnf(CodeAmbiguousAddress, placeOfLink(raw, a.OtherVPC, a.OtherRegion), path, AmbiguousHint, "%s", a.Sentence())
		for i := before; i < len(v.findings); i++ {
			v.findings[i].VPC = a.OtherVPC
		}
	}
}

// placeOfLink returns where a VPC's link to a region stands.
func placeOfLink(raw table[rawVPC], vpc, region string) position {
	for _, e := range raw.entries {
		if e.key.text != vpc {
			continue
		}
		for _, link := range e.value.Links.entries {
			if link.key.text == region {
				return link.key.at
			}
		}
		return e.value.Links.sameAs.at
	}
	return position{}
}
