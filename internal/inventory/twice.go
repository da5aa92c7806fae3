package inventory

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"

	"github.com/auralink/auralink/internal/holdings"
)

// What lists of different times or accounts say of one object has to agree, for which of
// them is the newer one is not known. What a list does not say may come from another one.
// What people call an object decides nothing, and accounts differ in it: where a network
// is shared, the tags and the names of zones are each account's own.

// keep adds an object to those that were read. It is an error if another list says what
// cannot be together with it.
func keep[T any](all map[string]*T, id string, o T, joined func(a, b T) (T, bool), at func(T) holdings.Place) error {
	before, there := all[id]
	if !there {
		all[id] = &o
		return nil
	}
	both, agree := joined(*before, o)
	if !agree {
		return fmt.Errorf("%s is listed otherwise in %s: give the newer of the two lists alone", ShortName(id), at(*before))
	}
	*before = both
	return nil
}

// one returns the text that is said, and whether two lists agree in it.
func one(a, b string) (text string, agree bool) { return cmp.Or(a, b), a == "" || b == "" || a == b }

// called returns the same one of two names, whichever is read first.
func called(a, b string) string { return cmp.Or(min(a, b), a, b) }

// joinedEndpoints are private endpoints in which all has to agree.
func joinedEndpoints(a, b Endpoint) (Endpoint, bool) {
	later := b
	later.At = a.At
	return a, reflect.DeepEqual(a, later)
}

// joinedInterfaces are network interfaces that have the same addresses in the same place.
func joinedInterfaces(a, b Interface) (Interface, bool) {
	var network, subnet, zone, endpoint bool
	a.Network, network = one(a.Network, b.Network)
	a.Subnet, subnet = one(a.Subnet, b.Subnet)
	a.ZoneID, zone = one(a.ZoneID, b.ZoneID)
	a.Endpoint, endpoint = one(a.Endpoint, b.Endpoint)
	a.Zone = called(a.Zone, b.Zone)
	return a, network && subnet && zone && endpoint && slices.Equal(a.Addrs, b.Addrs)
}

// joinedNetworks are networks with the same ranges. What several lists call otherwise has no name: it
// could be that of another one.
func joinedNetworks(a, b Network) (Network, bool) {
	var account bool
	a.Account, account = one(a.Account, b.Account)
	name, alike := one(a.Name, b.Name)
	if a.several = a.several || b.several || !alike; a.several {
		name = ""
	}
	a.Name = name
	return a, account && slices.Equal(a.Ranges, b.Ranges)
}

// joinedSubnets are subnets of one network with the same ranges.
func joinedSubnets(a, b Subnet) (Subnet, bool) {
	var network, zone bool
	a.Network, network = one(a.Network, b.Network)
	a.ZoneID, zone = one(a.ZoneID, b.ZoneID)
	a.Name, a.Zone = called(a.Name, b.Name), called(a.Zone, b.Zone)
	return a, network && zone && slices.Equal(a.Ranges, b.Ranges)
}

// joinedServices are services with the same names.
func joinedServices(a, b service) (service, bool) { return a, slices.Equal(a.names, b.names) }
