//go:build linux

package matrix_test

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
)

// vpc is one of the networks that the servers are told of.
type vpc struct {
	name    string
	clients []string
	links   map[string][]string // by region: addresses
	// endpoints are the regions of whose custom endpoints the VPC has records; wildcard,
	// that it has a wildcard instead, which leads where all its links do.
	endpoints []string
	wildcard  bool
}

// The regions, and what lives in them.
var (
	orchestras = map[string]string{"east": "0000", "west": "0042", "north": "0099"}
	customs    = map[string]string{"foo": "east", "bar": "west", "baz": "north"}
)

// vpcs have ranges within ranges, and ranges that meet. No two have an address in common,
// so that one is enough to say whose answer it is.
var vpcs = []vpc{
	{
		name: "hub", clients: []string{"127.40.0.0/16", "127.41.8.0/24", "127.44.0.0/23"}, endpoints: []string{"east", "west"},
		links: map[string][]string{"east": {"10.1.0.1", "10.1.0.2"}, "west": {"10.1.1.1"}},
	},
	{
		name: "branch", clients: []string{"127.40.8.0/24", "127.41.0.0/16"}, endpoints: []string{"east"},
		links: map[string][]string{"east": {"10.2.0.1"}},
	},
	{
		name: "lone", clients: []string{"127.42.0.0/25", "127.40.8.128/25", "127.40.8.200/32"}, endpoints: []string{"north"},
		links: map[string][]string{"north": {"10.3.0.1", "10.3.0.2", "10.3.0.3"}},
	},
	{
		name: "wild", clients: []string{"127.43.0.0/16"}, wildcard: true,
		links: map[string][]string{"east": {"10.4.0.1"}, "west": {"10.4.0.1"}, "north": {"10.4.0.1"}},
	},
}

// topologyText returns the topology of all that.
func topologyText() string {
	var b strings.Builder
	b.WriteString("regions:\n")
	for _, region := range slices.Sorted(maps.Keys(orchestras)) {
		fmt.Fprintf(&b, "  %s: {orchestras: [%q]}\n", region, orchestras[region])
	}
	b.WriteString("custom_endpoints:\n")
	for _, label := range slices.Sorted(maps.Keys(customs)) {
		fmt.Fprintf(&b, "  %s: %s\n", label, customs[label])
	}
	b.WriteString("vpcs:\n")
	for _, v := range vpcs {
		fmt.Fprintf(&b, "  %s:\n    clients: [%s]\n    links:\n", v.name, strings.Join(v.clients, ", "))
		for _, region := range slices.Sorted(maps.Keys(v.links)) {
			fmt.Fprintf(&b, "      %s: [%s]\n", region, strings.Join(v.links[region], ", "))
		}
	}
	return b.String()
}

// zoneFile is a zone of a VPC, for BIND.
type zoneFile struct{ origin, text string }

// zones returns what a VPC's clients are to be answered, written by hand: each orchestra
// that is linked, and the custom endpoints.
func (v vpc) zones() (files []zoneFile) {
	records := func(owner string, addrs []string) (lines string) {
		for _, addr := range addrs {
			lines += owner + " 30 IN A " + addr + "\n"
		}
		return lines
	}
	const soa = "@ 30 IN SOA ns.invalid. h.invalid. 1 900 300 86400 30\n@ 30 IN NS ns.invalid.\n"
	for region, addrs := range v.links {
		files = append(files, zoneFile{"production-orch-" + orchestras[region] + ".neo4j.io", soa + records("@", addrs) + records("*", addrs)})
	}
	text := soa
	for label, region := range customs {
		if slices.Contains(v.endpoints, region) {
			for _, prefix := range []string{"", "a-", "b-", "c-", "d-"} {
				text += records(prefix+label, v.links[region])
			}
		}
	}
	if v.wildcard {
		text += records("*", v.links["east"])
	}
	return append(files, zoneFile{"endpoints.neo4j.io", text})
}

// names are asked for: of each kind, of each region, declared and not.
var names = []string{
	"production-orch-0000.neo4j.io.", "abcd1234.production-orch-0000.neo4j.io.", "x.y.production-orch-0042.neo4j.io.",
	"abcd1234.production-orch-0099.neo4j.io.", "abcd1234.production-orch-7777.neo4j.io.",
	"foo.endpoints.neo4j.io.", "a-FOO.Endpoints.neo4j.io.", "bar.endpoints.neo4j.io.", "d-baz.endpoints.neo4j.io.",
	"e-foo.endpoints.neo4j.io.", "nobody.endpoints.neo4j.io.", "endpoints.neo4j.io.", "www.example.com.",
}

// rangesOf returns all ranges, the longest first, each with its VPC.
func rangesOf() (prefixes []netip.Prefix, owner map[netip.Prefix]vpc) {
	owner = make(map[netip.Prefix]vpc)
	for _, v := range vpcs {
		for _, text := range v.clients {
			prefix := netip.MustParsePrefix(text)
			prefixes, owner[prefix] = append(prefixes, prefix), v
		}
	}
	slices.SortFunc(prefixes, func(a, b netip.Prefix) int { return b.Bits() - a.Bits() })
	return prefixes, owner
}

// clients are the first and the last of each range, those right beside it, and one from
// the middle of nowhere.
func clients() (list []netip.Addr) {
	prefixes, _ := rangesOf()
	for _, prefix := range prefixes {
		first, last := prefix.Addr(), lastOf(prefix)
		list = append(list, first.Prev(), first, last, last.Next())
	}
	list = append(list, netip.MustParseAddr("127.99.0.1"))
	slices.SortFunc(list, netip.Addr.Compare)
	return slices.Compact(list)
}

// lastOf returns the last address of an IPv4 prefix.
func lastOf(prefix netip.Prefix) netip.Addr {
	octets := prefix.Addr().As4()
	for bit := prefix.Bits(); bit < 32; bit++ {
		octets[bit/8] |= 1 << (7 - bit%8)
	}
	return netip.AddrFrom4(octets)
}

// vpcOf returns the VPC of a client by looking at each range, or "".
func vpcOf(client netip.Addr) string {
	prefixes, owner := rangesOf()
	for _, prefix := range prefixes {
		if prefix.Contains(client) {
			return owner[prefix].name
		}
	}
	return ""
}

// united reports whether all clients of a prefix are in the same VPC, or in none: it
// suffices to look at where ranges begin and end.
func united(prefix netip.Prefix) bool {
	prefixes, _ := rangesOf()
	want := vpcOf(prefix.Addr())
	for _, p := range prefixes {
		for _, addr := range []netip.Addr{p.Addr(), lastOf(p).Next()} {
			if prefix.Contains(addr) && vpcOf(addr) != want {
				return false
			}
		}
	}
	return true
}
