package inventory

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/holdings"
)

// errDisagree returns the error for lists of which one is older than another, or not whole.
func errDisagree(format string, args ...any) error {
	return hint.Add(fmt.Errorf(format, args...), "one of the lists is older than the other, or a part of it is missing: list both anew")
}

// errMixed returns the error for an object that has what belongs to two.
func errMixed(format string, args ...any) error {
	return hint.Add(fmt.Errorf(format+": a part of the list may be missing", args...), "run the command again, and give all that it prints")
}

// shared returns an error for a network interface that several private endpoints have.
func (b *Builder) shared() error {
	of := make(map[string]*Endpoint)
	for _, e := range b.endpoints {
		for _, id := range e.Unread {
			other := of[id]
			if of[id] = e; other == nil || other == e {
				continue
			}
			first, second := ShortName(min(e.ID, other.ID)), ShortName(max(e.ID, other.ID))
			return errDisagree("network interface %s is listed as one of %s, and of %s", ShortName(id), first, second)
		}
	}
	return nil
}

// joined returns an endpoint with what its interfaces, its service and its subnets say.
func (b *Builder) joined(e Endpoint) (Endpoint, error) {
	var unread []string
	own := slices.Clone(e.Addrs)
	for _, id := range e.Unread {
		in, read := b.interfaces[id]
		if !read {
			unread = append(unread, id)
			continue
		}
		its := b.located(*in)
		if err := cmp.Or(e.contradicts(its), b.outside(its)); err != nil {
			return e, err
		}
		e.Interfaces = append(e.Interfaces, its)
		e.Addrs = append(e.Addrs, its.Addrs...)
		e.Network = cmp.Or(e.Network, its.Network)
	}
	slices.SortFunc(e.Interfaces, func(a, b Interface) int { return cmp.Compare(a.ID, b.ID) })
	if len(e.Addrs) > 0 && len(e.Interfaces) == 0 {
		unread = nil // the endpoint itself tells its addresses
	}
	if err := e.addressed(own, unread); err != nil {
		return e, err
	}
	e.Unread = unread
	e.Addrs = holdings.SortedAddrs(e.Addrs)
	if s := b.services[e.Service]; s != nil {
		for _, host := range s.names {
			e = e.leadingTo(host)
		}
	}
	slices.Sort(e.Orchestras)
	e.Orchestras = slices.Compact(e.Orchestras)
	return e, nil
}

// located returns an interface with what its subnet says.
func (b *Builder) located(in Interface) Interface {
	if s, known := b.subnets[in.Subnet]; known {
		in.Zone, in.ZoneID = cmp.Or(in.Zone, s.Zone), cmp.Or(in.ZoneID, s.ZoneID)
		in.Network = cmp.Or(in.Network, s.Network)
	}
	return in
}

// mostNamed is how many endpoints a note names.
const mostNamed = 5

// missing returns the network interfaces of endpoints that are in no list, though others are, sorted, and
// notes these endpoints.
func (b *Builder) missing() []Interface {
	var all []Interface
	var names []string
	for _, id := range slices.Sorted(maps.Keys(b.interfaces)) {
		in := *b.interfaces[id]
		cloud := Azure
		if strings.HasPrefix(in.Endpoint, "vpce-") {
			cloud = AWS
		}
		if _, there := b.endpoints[string(cloud)+"\x00"+in.Endpoint]; there || in.Endpoint == "" || !b.lists[endpointsOf[cloud]] {
			continue
		}
		all, names = append(all, b.located(in)), append(names, ShortName(in.Endpoint))
	}
	slices.Sort(names)
	if names = slices.Compact(names); len(names) > 0 {
		b.notef("private endpoints have network interfaces that are listed, and are in no list themselves (%d): %s. Are the lists whole? Beside one that leads to Aura a wildcard would be wrong", len(names), strings.Join(names[:min(len(names), mostNamed)], ", "))
	}
	return all
}

// addressed returns an error for an address that an endpoint says is its own, and that none of its
// interfaces has, all of which were read.
func (e Endpoint) addressed(own []netip.Addr, unread []string) error {
	if len(e.Interfaces) == 0 || len(unread) > 0 {
		return nil
	}
	for _, addr := range own {
		if !slices.ContainsFunc(e.Interfaces, func(in Interface) bool { return slices.Contains(in.Addrs, addr) }) {
			return errDisagree("%s is listed with %s (%s), and none of its network interfaces with that (%s)", ShortName(e.ID), addr, e.At, e.Interfaces[0].At)
		}
	}
	return nil
}

// outside returns an error for an interface that is in another network than its subnet.
func (b *Builder) outside(in Interface) error {
	s, known := b.subnets[in.Subnet]
	if !known {
		return nil
	}
	if _, agree := one(in.Network, s.Network); !agree {
		return errDisagree("network interface %s is listed in %s (%s), and its subnet %s in %s (%s)", ShortName(in.ID), ShortName(in.Network), in.At, ShortName(s.ID), ShortName(s.Network), s.At)
	}
	return nil
}

// contradicts returns an error for an interface that says of itself that it is not the
// endpoint's, or that is in another network.
func (e Endpoint) contradicts(in Interface) error {
	if _, agree := one(in.Endpoint, e.ID); !agree {
		return errDisagree("network interface %s is listed as one of %s (%s), and says that it is of %s (%s)", ShortName(in.ID), ShortName(e.ID), e.At, ShortName(in.Endpoint), in.At)
	}
	if len(e.Subnets) > 0 && in.Subnet != "" && !slices.Contains(e.Subnets, in.Subnet) {
		return errDisagree("%s is listed with the subnets %s (%s), and its network interface %s in %s (%s)", ShortName(e.ID), strings.Join(e.Subnets, ", "), e.At, ShortName(in.ID), in.Subnet, in.At)
	}
	if _, agree := one(in.Network, e.Network); !agree {
		return errDisagree("%s is listed in %s (%s), and its network interface %s in %s (%s)", ShortName(e.ID), ShortName(e.Network), e.At, ShortName(in.ID), ShortName(in.Network), in.At)
	}
	return nil
}
