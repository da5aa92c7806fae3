package model_test

import (
	"fmt"
	"iter"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/model"
)

// The small world has every topology of up to two regions, two VPCs and two
// custom endpoints, as far as they differ in what plan and answers depend on. Of
// topologies that are the same but for the names of their regions, or but for the
// order of their VPCs, it has one.

// foundation is what is common to the VPCs of a topology.
type foundation struct {
	regions   []content
	endpoints []endpoint
}

// content is what a region has.
type content int

const (
	orchestra content = iota // an orchestra
	wildcard                 // *.example.org
	single                   // x.example.org
)

var contents = []content{orchestra, wildcard, single}

// endpoint is a custom endpoint in a region, which is given by its number.
type endpoint struct {
	label  string
	region int
}

// vpc is what a VPC has but for its clients: a link to each region, and a mode.
type vpc struct {
	links []link
	mode  string
}

// link is how a VPC reaches a region.
type link int

const (
	unlinked link = iota // not at all
	own                  // by an IPv6 address that no other region has
	shared               // by addresses of both families that a shared link to the other region has as well
	partly               // by an IPv4 address that no other region has, and the IPv4 address of the shared
)

// linksTo are the kinds of links where there are so many regions.
var linksTo = map[int][]link{1: {unlinked, own, shared}, 2: {unlinked, own, shared, partly}}

// addrs returns the addresses of a link to a region, sorted.
func (l link) addrs(region int) []netip.Addr {
	own4, own6 := netip.AddrFrom4([4]byte{10, 0, byte(region), 1}), netip.MustParseAddr(fmt.Sprintf("fd00:%d::1", region))
	shared4, shared6 := netip.MustParseAddr("10.9.9.9"), netip.MustParseAddr("fd00:9::9")
	return [][]netip.Addr{unlinked: nil, own: {own6}, shared: {shared4, shared6}, partly: {own4, shared4}}[l]
}

// clientsOf are the clients of the VPCs of a topology, by the number of VPCs. Of
// two, the first has no clients, or ranges of both families with the second one's
// within them.
var clientsOf = map[int][][][]netip.Prefix{
	1: {{nil}, {ranges("10.0.0.0/8", "fd00::/16")}},
	2: {{nil, ranges("10.1.0.0/16", "fd00:1::/32")}, {ranges("10.0.0.0/8", "fd00::/16"), ranges("10.1.0.0/16", "fd00:1::/32")}},
}

func ranges(texts ...string) []netip.Prefix {
	prefixes := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		prefixes[i] = netip.MustParsePrefix(text)
	}
	return prefixes
}

// foundations iterates one of each two that are one another's mirror image.
func foundations() iter.Seq[foundation] {
	return func(yield func(foundation) bool) {
		for _, regions := range slices.Concat(tuples(contents, 1), tuples(contents, 2)) {
			for _, endpoints := range endpointsIn(len(regions)) {
				f := foundation{regions: regions, endpoints: endpoints}
				if f.compare(f.mirror()) <= 0 && !yield(f) {
					return
				}
			}
		}
	}
}

// endpointsIn returns up to two endpoints in so many regions: of two, the second
// may be a name of its own, or one that is derived from the first.
func endpointsIn(regions int) [][]endpoint {
	all := [][]endpoint{nil}
	for first := range regions {
		foo := endpoint{"foo", first}
		all = append(all, []endpoint{foo})
		for second := range regions {
			all = append(all, []endpoint{foo, {"a-foo", second}})
			if second >= first { // foo and bar are names like any other
				all = append(all, []endpoint{foo, {"bar", second}})
			}
		}
	}
	return all
}

// vpcsIn returns all VPCs that there are with so many regions.
func vpcsIn(regions int) []vpc {
	var all []vpc
	for _, links := range tuples(linksTo[regions], regions) {
		for _, mode := range []string{"", "individual", "wildcard"} {
			all = append(all, vpc{links: links, mode: mode})
		}
	}
	return all
}

// tuples returns all lists of so many values.
func tuples[T any](values []T, length int) [][]T {
	if length == 0 {
		return [][]T{nil}
	}
	var all [][]T
	for _, shorter := range tuples(values, length-1) {
		for _, value := range values {
			all = append(all, append(slices.Clone(shorter), value))
		}
	}
	return all
}

// mirror returns the foundation with the two regions' names exchanged.
func (f foundation) mirror() foundation {
	mirrored := foundation{regions: slices.Clone(f.regions), endpoints: slices.Clone(f.endpoints)}
	slices.Reverse(mirrored.regions)
	for i := range mirrored.endpoints {
		mirrored.endpoints[i].region = len(f.regions) - 1 - f.endpoints[i].region
	}
	if e := mirrored.endpoints; len(e) == 2 && e[1].label == "bar" && e[0].region > e[1].region {
		e[0].region, e[1].region = e[1].region, e[0].region
	}
	return mirrored
}

// compare orders foundations with the same number of regions.
func (f foundation) compare(g foundation) int { return slices.Compare(f.digits(), g.digits()) }

func (f foundation) digits() []int {
	var digits []int
	for _, c := range f.regions {
		digits = append(digits, int(c))
	}
	for _, e := range f.endpoints {
		digits = append(digits, len(e.label), e.region)
	}
	return digits
}

// mirror returns the VPC over the mirrored foundation.
func (v vpc) mirror() vpc {
	mirrored := vpc{links: slices.Clone(v.links), mode: v.mode}
	slices.Reverse(mirrored.links)
	return mirrored
}

// regionName returns the name of the region with a number.
func regionName(region int) string { return fmt.Sprintf("r%d", region) }

// orchestraID returns the bare id of its orchestra.
func orchestraID(region int) string { return fmt.Sprintf("000%d", region) }

// topology returns the foundation with VPCs on it, for a file. Their names are in
// the order of their numbers; each has clients.
func (f foundation) topology(vpcs []vpc) model.Topology {
	var m model.Topology
	for i, c := range f.regions {
		r := model.Region{Name: regionName(i)}
		switch c {
		case orchestra:
			r.Orchestras = []string{orchestraID(i)}
		case wildcard:
			r.Extra = []string{"*.example.org"}
		case single:
			r.Extra = []string{"x.example.org"}
		}
		m.Regions = append(m.Regions, r)
	}
	for _, e := range f.endpoints {
		m.Endpoints = append(m.Endpoints, model.Endpoint{Label: e.label, Region: regionName(e.region)})
	}
	for i, v := range vpcs {
		in := model.VPC{Name: fmt.Sprintf("v%03d", i), Mode: v.mode, Links: make(map[string][]netip.Addr)}
		in.Clients = []netip.Prefix{netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i), 0, 0}), 16)}
		for region, l := range v.links {
			in.Links[regionName(region)] = l.addrs(region)
		}
		m.VPCs = append(m.VPCs, in)
	}
	return m
}
