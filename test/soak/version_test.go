//go:build linux

package soak_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
)

// regions are Aura's, in the order of their numbers, each with its orchestra.
var regions = []struct{ name, orchestra string }{{"east", "0000"}, {"west", "0042"}}

const east, west = 0, 1

// vpc is one of the customer's VPCs. Its home region is linked in every version.
type vpc struct {
	name   string
	ranges []string
	home   int
}

// vpcs are in the order of their numbers. The second range of apps is the VPN's pool.
var vpcs = []vpc{
	{"apps", []string{"10.1.0.0/16", "10.8.0.0/24"}, east},
	{"batch", []string{"10.2.0.0/16"}, east},
	{"lab", []string{"10.3.0.0/16"}, west},
}

// apps is the VPC whose zones the secondary has.
const apps = 0

// labels is how many custom endpoints each region has: enough for a topology that does
// not fit into one page of a disk.
const labels = 120

// version is one version of the topology. Each has addresses that no other one has, so
// that an address says from which version an answer is, for which VPC and which region.
type version struct {
	number   int
	linked   [3][2]bool // by VPC and region
	declared [2]bool    // by region: its endpoints are in the topology
}

// draw makes a version up: second links come and go, and so do wildcards.
func draw(number int, r *rand.Rand) version {
	v := version{number: number, declared: [2]bool{true, true}}
	for i, vpc := range vpcs {
		v.linked[i][vpc.home] = true
		v.linked[i][1-vpc.home] = r.IntN(2) == 0
	}
	// Without the endpoints of one region, whoever links the other alone has a wildcard.
	if absent := r.IntN(4); absent < 2 {
		v.declared[absent] = false
	}
	return v
}

// The second octet of an address has the VPC and the region, the last two the version;
// the highest bit of the third is set in the second address of a link.
const firstOctet, codes, second = 10, 110, 1 << 7

// addrs are those of a link.
func (v version) addrs(vpc, region int) []netip.Addr {
	code, high, low := byte(codes+10*region+vpc), byte(v.number>>8), byte(v.number)
	return []netip.Addr{
		netip.AddrFrom4([4]byte{firstOctet, code, high, low}),
		netip.AddrFrom4([4]byte{firstOctet, code, high | second, low}),
	}
}

// origin is where an address is from.
type origin struct{ version, vpc, region int }

// originOf reads an address; ok is false where it is of no version.
func originOf(addr netip.Addr) (o origin, ok bool) {
	octets := addr.As4()
	code := int(octets[1]) - codes
	o = origin{int(octets[2]&^second)<<8 | int(octets[3]), code % 10, code / 10}
	return o, octets[0] == firstOctet && code >= 0 && o.vpc < len(vpcs) && o.region < len(regions)
}

// mostVersions is how many the addresses can tell apart.
const mostVersions = 1 << 15

// String returns the topology, with one thing a line and the sections in the order of
// the README.
func (v version) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# version %d\nregions:\n", v.number)
	for _, region := range regions {
		fmt.Fprintf(&b, "  %s:\n    orchestras: [%q]\n", region.name, region.orchestra)
	}
	b.WriteString("vpcs:\n")
	for i, vpc := range vpcs {
		fmt.Fprintf(&b, "  %s:\n    clients:\n", vpc.name)
		for _, prefix := range vpc.ranges {
			fmt.Fprintf(&b, "      - %s\n", prefix)
		}
		b.WriteString("    links:\n")
		for j, region := range regions {
			if !v.linked[i][j] {
				continue
			}
			fmt.Fprintf(&b, "      %s:\n", region.name)
			for _, addr := range v.addrs(i, j) {
				fmt.Fprintf(&b, "        - %s\n", addr)
			}
		}
	}
	b.WriteString("custom_endpoints:\n")
	for j, region := range regions {
		for n := 0; n < labels && v.declared[j]; n++ {
			fmt.Fprintf(&b, "  %s: %s\n", label(j, n), region.name)
		}
	}
	b.WriteString("ttl: 30\n")
	return b.String()
}

func label(region, n int) string { return fmt.Sprintf("%s-%03d", regions[region].name, n) }

// wildcard reports whether all names under endpoints.neo4j.io lead to the VPC's home.
func (v version) wildcard(vpc int) bool {
	other := 1 - vpcs[vpc].home
	return !v.linked[vpc][other] && !v.declared[other]
}

// kind is what a name is.
type kind int

const (
	database   kind = iota // below a region's orchestra
	endpoint               // one of the names of a custom endpoint
	undeclared             // under endpoints.neo4j.io, in no version
	public                 // none of ours
)

// name is one that clients ask for.
type name struct {
	text   string
	kind   kind
	region int // of a database or an endpoint
}

// names are those that clients ask for.
func names() (list []name) {
	for j, region := range regions {
		origin := "production-orch-" + region.orchestra + ".neo4j.io."
		list = append(list, name{origin, database, j}, name{"p-c466fb81-0001." + origin, database, j}, name{"DB1." + origin, database, j})
		for n := 0; n < labels; n += labels / 3 {
			list = append(list, name{label(j, n) + ".endpoints.neo4j.io.", endpoint, j}, name{"c-" + label(j, n) + ".endpoints.neo4j.io.", endpoint, j})
		}
	}
	return append(list, name{"nobody.endpoints.neo4j.io.", undeclared, 0}, name{"www.example.org.", public, 0})
}

// What an answer can be beside addresses.
const (
	noName  = "NXDOMAIN"
	noData  = "NODATA"
	passed  = "public" // what the upstream says of every name
	refused = "REFUSED"
)

// expected is what a version says of a name for clients of a VPC who ask for A.
func (v version) expected(vpc int, n name) string {
	linked := v.linked[vpc][n.region]
	switch {
	case n.kind == public, n.kind == database && !linked:
		return passed
	case n.kind == database:
		return join(v.addrs(vpc, n.region))
	case v.wildcard(vpc):
		return join(v.addrs(vpc, vpcs[vpc].home))
	case n.kind == undeclared || !v.declared[n.region]:
		return noName
	case !linked:
		return passed
	}
	return join(v.addrs(vpc, n.region))
}

// transferred is the same in the zones that a secondary has: it passes nothing on.
func (v version) transferred(vpc int, n name) string {
	if want := v.expected(vpc, n); want != passed {
		return want
	}
	return noName
}

// ours reports whether every version has an answer to a name in a VPC.
func (n name) ours(vpc int) bool {
	return n.kind == undeclared || n.kind != public && n.region == vpcs[vpc].home
}

// join writes addresses, sorted.
func join(addrs []netip.Addr) string {
	slices.SortFunc(addrs, netip.Addr.Compare)
	texts := make([]string, len(addrs))
	for i, addr := range addrs {
		texts[i] = addr.String()
	}
	return strings.Join(texts, " ")
}
