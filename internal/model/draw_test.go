package model_test

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/internal/plan"
)

// TestDrawsEveryKind: what property tests are to meet is drawn, and often. The
// seeds are fixed, and so are the topologies.
func TestDrawsEveryKind(t *testing.T) {
	const topologies, enough = 500, 10
	drawn := make(map[string]int)
	draw := rapid.Custom(model.Draw)
	for seed := range topologies {
		m := draw.Example(seed)
		_, _, err := plan.Read(strings.NewReader(m.YAML()))
		for kind, is := range kinds {
			if is(m, err == nil) {
				drawn[kind]++
			}
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		t.Logf("%3d of %d: %s", drawn[kind], topologies, kind)
		if drawn[kind] < enough {
			t.Errorf("too few: %s", kind)
		}
	}
}

// kinds tell of a topology, and of whether it can be used, what is in it.
var kinds = map[string]func(m model.Topology, usable bool) bool{
	"usable": func(_ model.Topology, usable bool) bool { return usable },
	"VPC without clients": anyVPC(func(_ model.Topology, v model.VPC) bool {
		return len(v.Clients) == 0
	}),
	"IPv6 clients": anyVPC(func(_ model.Topology, v model.VPC) bool {
		return slices.ContainsFunc(v.Clients, func(p netip.Prefix) bool { return p.Addr().Is6() })
	}),
	"clients within another VPC's": anyVPC(func(m model.Topology, v model.VPC) bool {
		return slices.ContainsFunc(v.Clients, func(inner netip.Prefix) bool {
			return anyVPC(func(_ model.Topology, w model.VPC) bool { return w.Name != v.Name && contains(w.Clients, inner) })(m, true)
		})
	}),
	"mode wildcard, safe":   anyMode("wildcard", true),
	"mode wildcard, unsafe": anyMode("wildcard", false),
	"link of IPv6 alone": anyVPC(func(_ model.Topology, v model.VPC) bool {
		return slices.ContainsFunc(slices.Collect(maps.Values(v.Links)), func(addrs []netip.Addr) bool { return addrs[0].Is6() })
	}),
	"regions with equal addresses": anyVPC(func(_ model.Topology, v model.VPC) bool {
		links := slices.Collect(maps.Values(v.Links))
		for i := range links {
			if slices.ContainsFunc(links[:i], func(addrs []netip.Addr) bool { return slices.Equal(addrs, links[i]) }) {
				return true
			}
		}
		return false
	}),
	"endpoint derived from another one of its region": func(m model.Topology, usable bool) bool {
		return usable && anyDerived(m, func(a, b model.Endpoint) bool { return a.Region == b.Region })
	},
	"endpoint derived from another region's": func(m model.Topology, usable bool) bool {
		return !usable && anyDerived(m, func(a, b model.Endpoint) bool { return a.Region != b.Region })
	},
}

// anyVPC tells whether a usable topology has such a VPC.
func anyVPC(is func(m model.Topology, v model.VPC) bool) func(model.Topology, bool) bool {
	return func(m model.Topology, usable bool) bool {
		return usable && slices.ContainsFunc(m.VPCs, func(v model.VPC) bool { return is(m, v) })
	}
}

// anyMode tells of a topology without a conflict whether a VPC asks for a mode,
// and whether all of it can be used.
func anyMode(mode string, want bool) func(model.Topology, bool) bool {
	return func(m model.Topology, usable bool) bool {
		return usable == want && m.Conflict() == "" && slices.ContainsFunc(m.VPCs, func(v model.VPC) bool { return v.Mode == mode })
	}
}

func contains(prefixes []netip.Prefix, inner netip.Prefix) bool {
	return slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Bits() < inner.Bits() && p.Contains(inner.Addr()) })
}

func anyDerived(m model.Topology, is func(a, b model.Endpoint) bool) bool {
	for _, a := range m.Endpoints {
		for _, b := range m.Endpoints {
			if _, derived := strings.CutSuffix(b.Label, "-"+a.Label); derived && len(b.Label) == len(a.Label)+2 && b.Label[0] <= 'd' && is(a, b) {
				return true
			}
		}
	}
	return false
}
