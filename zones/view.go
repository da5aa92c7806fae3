// Package zones holds what the clients of one VPC are answered, as zones and
// RRsets, or as a flat list of rules. The formats that DNS systems load are those
// of package formats, below.
//
// A [View] is small: it refers to the table of custom endpoints, which all views
// share, and its records are made while they are iterated. The package is pure
// and knows nothing of topologies or of the decisions that lead to a view.
package zones

import (
	"iter"
	"net/netip"
	"slices"
	"strings"
)

// View is what the clients of one VPC are answered. It is immutable.
type View struct {
	// Name is the VPC's.
	Name string
	// Clients are the address ranges of the VPC's clients, sorted. None: every
	// client that no other view has.
	Clients []netip.Prefix
	// TTL is the time to live of every record, in seconds.
	TTL uint32
	// Zones are sorted by origin, and no two have the same. Where one lies
	// below another, its names are in it and not in the other.
	Zones []Zone
}

// Zone is a part of the name space for which a view has all the answers.
type Zone struct {
	// Origin is the zone's apex, as an absolute, lower-case name.
	Origin string
	// Owners have addresses; sorted by Name. The names are at or below Origin.
	Owners []Owner
	// Endpoints, where not nil, adds the individual records of the custom
	// endpoints, which are directly below Origin.
	Endpoints *Individual
}

// Owner is a name and the addresses that it has: an A and an AAAA RRset.
type Owner struct {
	// Name is absolute and lower-case; its first label may be "*", which makes
	// it a wildcard (RFC 4592).
	Name string
	Addresses
}

// Addresses are those of a private endpoint.
type Addresses struct {
	// Region is the label of the region to which they lead.
	Region string
	// Addrs are sorted, the IPv4 addresses first.
	Addrs []netip.Addr
}

// V4 returns the IPv4 addresses, for A records.
func (a Addresses) V4() []netip.Addr { return a.Addrs[:a.countV4()] }

// V6 returns the IPv6 addresses, for AAAA records.
func (a Addresses) V6() []netip.Addr { return a.Addrs[a.countV4():] }

func (a Addresses) countV4() int {
	for i, addr := range a.Addrs {
		if addr.Is6() {
			return i
		}
	}
	return len(a.Addrs)
}

// LeadTo returns the regions to which each address of some links leads. There are several
// where regions have an endpoint in common.
func LeadTo(links []Addresses) map[netip.Addr][]string {
	regions := make(map[netip.Addr][]string)
	for _, link := range links {
		for _, addr := range link.Addrs {
			regions[addr] = append(regions[addr], link.Region)
		}
	}
	return regions
}

// EndpointTable is the table of all custom endpoints; all views share it.
type EndpointTable struct {
	// Endpoints are sorted by label.
	Endpoints []Endpoint
	// Prefixes, put before an endpoint's label, make its further names.
	Prefixes []string
	// Both has the labels that are declared, and also made by a prefix from
	// another declared label of the same region. They are few, if any.
	Both map[string]bool
}

// Labels returns all labels that an endpoint has, its own first. A label that
// another endpoint declares is that one's.
func (t *EndpointTable) Labels(e Endpoint) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !yield(e.Label) {
			return
		}
		for _, prefix := range t.Prefixes {
			label := prefix + e.Label
			if len(t.Both) > 0 && t.Both[label] {
				continue
			}
			if !yield(label) {
				return
			}
		}
	}
}

// Endpoint is a custom endpoint.
type Endpoint struct {
	// Label is the first label of its name, lower-case.
	Label string
	// Region is an index into [Individual.Links].
	Region int32
}

// Individual says how a view writes custom endpoints one by one.
type Individual struct {
	Table *EndpointTable
	// Links has the addresses of each region, by the index that endpoints
	// refer to. A region without addresses is not linked: its endpoints are
	// left to public DNS.
	Links []Addresses
}

// Linked reports whether the view has addresses for e's region.
func (i *Individual) Linked(e Endpoint) bool { return len(i.Links[e.Region].Addrs) > 0 }

// All returns the zone's owners: first Owners, then all names of each linked
// custom endpoint in the order of the table. Nothing is kept.
func (z Zone) All() iter.Seq[Owner] {
	return func(yield func(Owner) bool) {
		for _, o := range z.Owners {
			if !yield(o) {
				return
			}
		}
		if z.Endpoints == nil {
			return
		}
		for _, e := range z.Endpoints.Table.Endpoints {
			if !z.Endpoints.Linked(e) {
				continue
			}
			for label := range z.Endpoints.Table.Labels(e) {
				if !yield(Owner{Name: label + "." + z.Origin, Addresses: z.Endpoints.Links[e.Region]}) {
					return
				}
			}
		}
	}
}

// With returns the zone with further owners, which are sorted and not in it.
func (z Zone) With(owners []Owner) Zone {
	if len(owners) == 0 {
		return z
	}
	z.Owners = slices.SortedFunc(slices.Values(slices.Concat(z.Owners, owners)), func(a, b Owner) int { return strings.Compare(a.Name, b.Name) })
	return z
}

// SingleName reports whether the zone is about its origin and nothing below it:
// it has neither wildcards nor other names. Whether names below exist is not the
// view's to say.
func (z Zone) SingleName() bool {
	return z.Endpoints == nil && len(z.Owners) == 1 && z.Owners[0].Name == z.Origin
}

// Unlinked returns the labels of the custom endpoints that the zone must leave
// to public DNS, in the order of the table.
func (z Zone) Unlinked() iter.Seq[string] {
	return func(yield func(string) bool) {
		if z.Endpoints == nil {
			return
		}
		for _, e := range z.Endpoints.Table.Endpoints {
			if !z.Endpoints.Linked(e) && !yield(e.Label) {
				return
			}
		}
	}
}

// PerName returns one zone for each of z's owners, with the owner at its apex.
// Such zones leave all of the owner's siblings to whatever else answers them.
// It must not be used on a zone with wildcards.
func (z Zone) PerName() iter.Seq[Zone] {
	return func(yield func(Zone) bool) {
		for o := range z.All() {
			if !yield(Zone{Origin: o.Name, Owners: []Owner{o}}) {
				return
			}
		}
	}
}

// Owners returns the owners of all zones, in the order of the zones. Nothing is
// kept.
func (v View) Owners() iter.Seq[Owner] {
	return func(yield func(Owner) bool) {
		for _, zone := range v.Zones {
			for owner := range zone.All() {
				if !yield(owner) {
					return
				}
			}
		}
	}
}
