package doctor

import (
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
)

// Subject is what is wanted of one network: which names lead where. It is part of a
// record, so that evidence can be judged without the topology. Names are lower-case
// and without final dots.
type Subject struct {
	// VPC is the network's label; "" where there was no topology.
	VPC string `json:"vpc,omitempty"`
	// OtherVPCs are those of the topology beside this one, sorted: of them this says
	// nothing.
	OtherVPCs []string `json:"other_vpcs,omitempty"`
	// Clients are the address ranges of the VPC's clients; none: all that no other VPC
	// has.
	Clients []netip.Prefix `json:"clients,omitempty"`
	// TTL is that of every record, in seconds; 0 where there was no topology.
	TTL uint32 `json:"ttl,omitempty"`
	// Links are those of the VPC, sorted by region.
	Links []Link `json:"links"`
	// Unlinked are the regions that the VPC does not link, sorted.
	Unlinked []string `json:"unlinked_regions,omitempty"`
	// Names are all that are asked for, grouped by region; none twice.
	Names []Name `json:"names"`
}

// Link is what the network has to a region.
type Link struct {
	Region string       `json:"region"`
	Addrs  []netip.Addr `json:"addrs"`
	// Suffixes are the names at and below which everything leads over this link: the
	// region's orchestras, and the parents of its wildcards.
	Suffixes []string `json:"suffixes,omitempty"`
}

// Name is one that is asked for, and where it must lead.
type Name struct {
	Name string `json:"name"`
	Role Role   `json:"role"`
	// Region is where it lives; "" where that is not known, or it lives in none.
	Region string `json:"region,omitempty"`
	// Base is the name of which it is a further one: of a-west it is west; "" for
	// others.
	Base   string `json:"base,omitempty"`
	Expect Expect `json:"expect"`
	// Guessed says that a database was given by its id, and that it may be in another
	// orchestra than this name has it in.
	Guessed bool `json:"guessed,omitempty"`
}

// Role is what a name is.
type Role string

// The roles.
const (
	RoleApex     Role = "apex"       // an orchestra's own name
	RoleMadeUp   Role = "made-up"    // a name that nobody has: what only wildcards cover
	RoleDatabase Role = "database"   // a database that was given
	RoleEndpoint Role = "endpoint"   // a custom endpoint
	RoleFurther  Role = "further"    // one of the four further names of a custom endpoint
	RoleExtra    Role = "extra"      // an extra name of the topology
	RoleRouting  Role = "routing"    // a host of a routing table
	RoleControl  Role = "control"    // a name of Aura's control plane
	RoleUnlinked Role = "unlinked"   // an orchestra that the network does not link
	RoleGiven    Role = "given"      // a name given on the command line
	RoleNobody   Role = "undeclared" // a made-up name beside the custom endpoints, which has none to lead to
)

// Expect is where a name must lead.
type Expect string

// What is expected.
const (
	// ExpectLink: to the addresses of the link of its region, and to no other.
	ExpectLink Expect = "link"
	// ExpectPublic: where public DNS has it, and it has it.
	ExpectPublic Expect = "public"
	// ExpectNoLink: anywhere or nowhere, but not to an address of a link.
	ExpectNoLink Expect = "no-link"
)

// Link returns the link to a region.
func (s *Subject) Link(region string) (Link, bool) {
	for _, l := range s.Links {
		if l.Region == region {
			return l, true
		}
	}
	return Link{}, false
}

// LeadsTo returns the regions that have an address among their links', sorted. There
// are several where regions share an endpoint.
func (s *Subject) LeadsTo(addr netip.Addr) []string {
	var regions []string
	for _, l := range s.Links {
		if slices.Contains(l.Addrs, addr) {
			regions = append(regions, l.Region)
		}
	}
	return regions
}

// Find returns what is known of a name: its entry, or for a host of a routing table
// what follows from the orchestra or wildcard that it is below. A host that is in none
// must not lead to a link.
func (s *Subject) Find(name string) Name {
	for _, n := range s.Names {
		if n.Name == name {
			return n
		}
	}
	return s.Routed(name)
}

// Routed returns a host of a routing table with the region that it lives in by its
// name.
func (s *Subject) Routed(host string) Name {
	n := Name{Name: host, Role: RoleRouting, Expect: ExpectNoLink}
	if len(s.Links) == 1 && s.Links[0].Region == GivenRegion {
		n.Region, n.Expect = GivenRegion, ExpectLink // there is no other link to go by
		return n
	}
	longest := -1
	for _, l := range s.Links {
		for _, suffix := range l.Suffixes {
			if dnsname.AtOrBelow(host, suffix) && len(suffix) > longest {
				longest, n.Region, n.Expect = len(suffix), l.Region, ExpectLink
			}
		}
	}
	return n
}

// IsBase reports whether TCP and TLS are tried with a name, and not only DNS.
func (n Name) IsBase() bool {
	if n.Expect != ExpectLink {
		return false
	}
	switch n.Role {
	case RoleDatabase, RoleEndpoint, RoleExtra, RoleMadeUp, RoleGiven, RoleRouting:
		return true
	default:
		return false
	}
}

// Spots returns where connections go: each base name at each address of its link, on
// one port. Apexes are for DNS alone: nothing says that an ingress answers for them.
func (s *Subject) Spots(port uint16) []Spot {
	var spots []Spot
	for _, n := range s.Names {
		if !n.IsBase() {
			continue
		}
		link, _ := s.Link(n.Region)
		for _, addr := range link.Addrs {
			spots = append(spots, Spot{Addr: addr, Port: port, Name: n.Name})
		}
	}
	return spots
}
