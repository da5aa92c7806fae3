package model

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
)

// Draw makes a topology. It is small, and its names are few and much alike, so
// that they meet; it may be invalid where two of them conflict.
func Draw(t *rapid.T) Topology {
	var m Topology
	for i := range rapid.IntRange(1, 3).Draw(t, "regions") {
		m.Regions = append(m.Regions, drawRegion(t, fmt.Sprintf("r%d", i), i))
	}
	m.Endpoints = drawEndpoints(t, m.Regions)
	for i := range rapid.IntRange(1, 3).Draw(t, "vpcs") {
		m.VPCs = append(m.VPCs, drawVPC(t, i, m.Regions))
	}
	return m
}

// DrawPlan makes a topology that can be used, and its plan. Where names conflict
// the test goes on to the next topology.
func DrawPlan(t *rapid.T) (Topology, *plan.Plan) {
	m := Draw(t)
	p, _, err := plan.Read(strings.NewReader(m.YAML()))
	var invalid *topology.InvalidError
	if errors.As(err, &invalid) {
		t.Skip("names conflict")
	}
	if err != nil {
		t.Fatalf("planning: %v", err)
	}
	return m, p
}

func drawRegion(t *rapid.T, name string, i int) Region {
	r := Region{Name: name}
	for n := range rapid.IntRange(0, 2).Draw(t, "orchestras of "+name) {
		r.Orchestras = append(r.Orchestras, fmt.Sprintf("%d00%d", i, n))
	}
	if rapid.Bool().Draw(t, name+" has an orchestra elsewhere") {
		r.Orchestras = append(r.Orchestras, fmt.Sprintf("orch-%d.b.example.org", i))
	}
	extra := []string{
		"*.example.org", "*.b.example.org", "*.c.b.example.org", "example.org", "b.example.org", "x.b.example.org",
		"d.c.b.example.org", fmt.Sprintf("own-%d.c.b.example.org", i), fmt.Sprintf("*.own-%d.b.example.org", i), "*.example.net",
	}
	seen := make(map[string]bool)
	for _, name := range rapid.SliceOfN(rapid.SampledFrom(extra), 0, 4).Draw(t, "extra names of "+name) {
		if !seen[name] {
			seen[name] = true
			r.Extra = append(r.Extra, name)
		}
	}
	return r
}

func drawEndpoints(t *rapid.T, regions []Region) []Endpoint {
	var endpoints []Endpoint
	seen := make(map[string]bool)
	labels := []string{"foo", "a-foo", "b-foo", "a-a-foo", "bar", "test-m4yy-gtwk", "d-bar", "e-foo", "x", strings.Repeat("l", 61)}
	for _, label := range rapid.SliceOfN(rapid.SampledFrom(labels), 0, 5).Draw(t, "endpoints") {
		if !seen[label] {
			seen[label] = true
			region := rapid.SampledFrom(regions).Draw(t, "region of "+label)
			endpoints = append(endpoints, Endpoint{Label: label, Region: region.Name})
		}
	}
	return endpoints
}

// drawVPC gives VPC i the clients 127.0.i.0/24, so that a test on loopback can
// ask from any of them.
func drawVPC(t *rapid.T, i int, regions []Region) VPC {
	v := VPC{
		Name:    fmt.Sprintf("v%d", i),
		Clients: []netip.Prefix{netip.PrefixFrom(netip.AddrFrom4([4]byte{127, 0, byte(i + 1), 0}), 24)},
		Mode:    rapid.SampledFrom([]string{"", "", "", "individual", "auto"}).Draw(t, "mode"),
		Links:   make(map[string][]netip.Addr),
	}
	for r, region := range regions {
		if rapid.IntRange(0, 3).Draw(t, "linked") == 0 {
			continue
		}
		v.Links[region.Name] = drawAddrs(t, i, r)
	}
	return v
}

// drawAddrs returns the addresses of a link; now and then they are those that
// another region could have as well.
func drawAddrs(t *rapid.T, vpc, region int) []netip.Addr {
	if rapid.IntRange(0, 7).Draw(t, "shared") == 0 {
		region = 9
	}
	var addrs []netip.Addr
	for n := range rapid.IntRange(1, 3).Draw(t, "addresses") {
		addrs = append(addrs, netip.AddrFrom4([4]byte{10, byte(vpc), byte(region), byte(n + 1)}))
	}
	for n := range rapid.IntRange(0, 2).Draw(t, "IPv6 addresses") {
		addr := netip.MustParseAddr(fmt.Sprintf("fd00:%d:%d::%d", vpc, region, n+1))
		addrs = append(addrs, addr)
	}
	if rapid.IntRange(0, 5).Draw(t, "IPv6 only") == 0 {
		addrs = []netip.Addr{netip.MustParseAddr(fmt.Sprintf("fd00:%d:%d::7", vpc, region))}
	}
	return addrs
}
