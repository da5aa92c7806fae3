package model

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
)

// Draw makes a topology. It is small, and its names are few and much alike, so
// that they meet; two of them may conflict, and a wildcard that a VPC insists on
// may be unsafe.
func Draw(t *rapid.T) Topology {
	var m Topology
	for i := range rapid.IntRange(1, 3).Draw(t, "regions") {
		m.Regions = append(m.Regions, drawRegion(t, fmt.Sprintf("r%d", i), i))
	}
	m.Endpoints = drawEndpoints(t, m.Regions)
	for i := range rapid.IntRange(1, 3).Draw(t, "vpcs") {
		m.VPCs = append(m.VPCs, drawVPC(t, i, m.Regions))
	}
	drawClients(t, m.VPCs)
	return m
}

// DrawPlan makes a topology that can be used, and its plan. Where names conflict
// the test goes on to the next topology. A VPC that insists on an unsafe wildcard
// no longer does: its mode is left out, and the topology is planned once more.
func DrawPlan(t *rapid.T) (Topology, *plan.Plan) {
	m := Draw(t)
	p, err := read(m)
	for _, unsafe := range unsafeWildcards(err) {
		i := slices.IndexFunc(m.VPCs, func(v VPC) bool { return v.Name == unsafe.VPC })
		if m.VPCs[i].Mode == "wildcard" {
			m.VPCs[i].Mode = ""
			p, err = read(m)
		}
	}
	conflict := m.Conflict()
	switch {
	case conflict == "" && err != nil:
		t.Fatalf("planning: %v\n%s", err, m.YAML())
	case conflict != "" && err == nil:
		t.Fatalf("%s is in two regions, and no error says so\n%s", conflict, m.YAML())
	case conflict != "":
		t.Skip("names conflict")
	}
	return m, p
}

func read(m Topology) (*plan.Plan, error) {
	p, _, err := plan.Read(strings.NewReader(m.YAML()))
	return p, err
}

// unsafeWildcards returns what the plan has against modes.
func unsafeWildcards(err error) []topology.Finding {
	var invalid *topology.InvalidError
	if !errors.As(err, &invalid) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(invalid.Findings), func(f topology.Finding) bool {
		return f.Code != topology.CodeUnsafeWildcard
	})
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
		"below.orch-0.b.example.org",
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

// drawEndpoints makes endpoints of which one may have the label that is derived
// from another one: mostly in its region, and sometimes at odds with it.
func drawEndpoints(t *rapid.T, regions []Region) []Endpoint {
	var endpoints []Endpoint
	inRegion := make(map[string]string)
	labels := []string{"foo", "a-foo", "b-foo", "a-a-foo", "bar", "test-m4yy-gtwk", "d-bar", "e-foo", "x", strings.Repeat("l", 61)}
	for _, label := range rapid.SliceOfNDistinct(rapid.SampledFrom(labels), 0, 5, rapid.ID).Draw(t, "endpoints") {
		region := rapid.SampledFrom(regions).Draw(t, "region of "+label).Name
		for other, its := range inRegion {
			if (derives(other, label) || derives(label, other)) && rapid.IntRange(0, 7).Draw(t, "at odds") > 0 {
				region = its
			}
		}
		inRegion[label] = region
		endpoints = append(endpoints, Endpoint{Label: label, Region: region})
	}
	return endpoints
}

// derives reports whether an endpoint's label makes another one by a prefix.
func derives(label, other string) bool {
	return slices.Contains(labelsOf(Endpoint{Label: label})[1:], other)
}

func drawVPC(t *rapid.T, i int, regions []Region) VPC {
	v := VPC{
		Name:  fmt.Sprintf("v%d", i),
		Mode:  rapid.SampledFrom([]string{"", "", "", "individual", "auto", "wildcard"}).Draw(t, "mode"),
		Links: make(map[string][]netip.Addr),
	}
	for r, region := range regions {
		switch rapid.IntRange(0, 5).Draw(t, "linked") {
		case 0: // not linked
		case 1: // by the private endpoint of all regions for which this is drawn
			v.Links[region.Name] = []netip.Addr{netip.AddrFrom4([4]byte{10, byte(i), 8, 1}), netip.MustParseAddr("fd00:8::1")}
		default:
			v.Links[region.Name] = drawAddrs(t, i, r)
		}
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
