//go:build linux

package writers_test

import (
	"fmt"
	"slices"
	"strings"
)

// version is one version of a topology, in the order of its lines.
type version struct {
	comment   string
	regions   []region
	vpcs      []vpc
	endpoints []endpoint
	ttl       int
	reversed  bool // the endpoints stand first
}

type region struct {
	name              string
	orchestras, extra []string
}

type vpc struct {
	name    string
	clients []string
	links   []link
	mode    string
}

type link struct {
	region    string
	addresses []string
}

type endpoint struct{ label, region string }

// base is the version before each change: two VPCs, each with two regions, and some
// 200 lines.
func base() version {
	v := version{
		regions: []region{
			{"east", []string{`"0000"`, `"0001"`}, nil},
			{"west", []string{`"0042"`}, []string{`"*.graph.example.org"`}},
		},
		vpcs: []vpc{
			{"apps", []string{"10.0.0.0/16", "10.8.0.0/24"}, []link{{"east", []string{"10.10.10.10", "10.10.11.10"}}, {"west", []string{"10.20.10.10"}}}, ""},
			{"batch", []string{"10.1.0.0/16"}, []link{{"east", []string{"10.1.7.7"}}, {"west", []string{"10.1.8.8", "10.1.9.8"}}}, ""},
		},
		ttl: 30,
	}
	for i := range 160 {
		v.endpoints = append(v.endpoints, endpoint{fmt.Sprintf("e%03d", i), []string{"east", "west"}[i%2]})
	}
	return v
}

// String returns the text, with one thing a line.
func (v version) String() string {
	var b strings.Builder
	b.WriteString(v.comment)
	endpoints := func() {
		b.WriteString("custom_endpoints:\n")
		for _, e := range v.endpoints {
			fmt.Fprintf(&b, "  %s: %s\n", e.label, e.region)
		}
	}
	if v.reversed {
		endpoints()
	}
	list := func(indent, key string, items []string) {
		if len(items) > 0 {
			fmt.Fprintf(&b, "%s%s:\n", indent, key)
		}
		for _, item := range items {
			fmt.Fprintf(&b, "%s  - %s\n", indent, item)
		}
	}
	b.WriteString("regions:\n")
	for _, r := range v.regions {
		fmt.Fprintf(&b, "  %s:\n", r.name)
		list("    ", "orchestras", r.orchestras)
		list("    ", "extra_names", r.extra)
	}
	b.WriteString("vpcs:\n")
	for _, p := range v.vpcs {
		fmt.Fprintf(&b, "  %s:\n", p.name)
		list("    ", "clients", p.clients)
		if p.mode != "" {
			fmt.Fprintf(&b, "    mode: %s\n", p.mode)
		}
		b.WriteString("    links:\n")
		for _, l := range p.links {
			list("      ", l.region, l.addresses)
		}
	}
	if !v.reversed {
		endpoints()
	}
	fmt.Fprintf(&b, "ttl: %d\n", v.ttl)
	return b.String()
}

// changes are the kinds of change, each made to the version before.
var changes = map[string]func(v *version){
	"a comment on top":         func(v *version) { v.comment = "# changed\n" },
	"a long comment on top":    func(v *version) { v.comment = strings.Repeat("# changed\n", 20) },
	"a link added":             func(v *version) { addRegion(v) },
	"a link removed":           func(v *version) { v.vpcs[0].links = v.vpcs[0].links[:1] },
	"a link's address":         func(v *version) { v.vpcs[0].links[1].addresses[0] = "10.20.10.111" },
	"a link's address, longer": func(v *version) { v.vpcs[0].links[0].addresses[1] = "10.10.111.110" },
	"an address added":         func(v *version) { l := &v.vpcs[0].links[1]; l.addresses = append(l.addresses, "10.20.11.10") },
	"addresses of links swapped": func(v *version) {
		l := v.vpcs[0].links
		l[0].addresses, l[1].addresses = l[1].addresses, l[0].addresses
	},
	"an endpoint moved":         func(v *version) { v.endpoints[7].region = "east" },
	"many endpoints moved":      func(v *version) { moveAll(v) },
	"an endpoint added on top":  func(v *version) { v.endpoints = slices.Insert(v.endpoints, 0, endpoint{"a-new-one", "west"}) },
	"an endpoint removed":       func(v *version) { v.endpoints = slices.Delete(v.endpoints, 3, 4) },
	"many endpoints removed":    func(v *version) { v.endpoints = v.endpoints[:10] },
	"clients swapped":           func(v *version) { v.vpcs[0].clients, v.vpcs[1].clients = v.vpcs[1].clients, v.vpcs[0].clients },
	"clients moved":             func(v *version) { moveClients(v) },
	"clients added":             func(v *version) { v.vpcs[1].clients = append(v.vpcs[1].clients, "10.9.0.0/24") },
	"clients removed":           func(v *version) { v.vpcs[0].clients = v.vpcs[0].clients[:1] },
	"a VPC added":               func(v *version) { addVPC(v) },
	"a VPC removed":             func(v *version) { v.vpcs = v.vpcs[:1] },
	"a VPC renamed":             func(v *version) { v.vpcs[0].name = "applications" },
	"an orchestra added":        func(v *version) { v.regions[1].orchestras = append(v.regions[1].orchestras, `"0043"`) },
	"an orchestra moved":        func(v *version) { moveOrchestra(v) },
	"another TTL":               func(v *version) { v.ttl = 60 },
	"another mode":              func(v *version) { v.vpcs[1].mode = "individual" },
	"sections in another order": func(v *version) { v.reversed = true },
	"the second region's end":   func(v *version) { v.regions = v.regions[:1]; dropWest(v) },
}

func addRegion(v *version) {
	v.regions = append(v.regions, region{"south", []string{`"0077"`}, nil})
	v.vpcs[0].links = append(v.vpcs[0].links, link{"south", []string{"10.30.10.10"}})
	v.endpoints = append(v.endpoints, endpoint{"s000", "south"})
}

func addVPC(v *version) {
	v.vpcs = append(v.vpcs, vpc{"lab", []string{"10.2.0.0/16"}, []link{{"west", []string{"10.2.8.8"}}}, ""})
}

func moveAll(v *version) {
	for i := range v.endpoints {
		v.endpoints[i].region = "west"
	}
}

func moveClients(v *version) {
	v.vpcs[1].clients = append(v.vpcs[1].clients, v.vpcs[0].clients[1])
	v.vpcs[0].clients = v.vpcs[0].clients[:1]
}

func moveOrchestra(v *version) {
	v.regions[0].orchestras = v.regions[0].orchestras[:1]
	v.regions[1].orchestras = append(v.regions[1].orchestras, `"0001"`)
}

func dropWest(v *version) {
	for i := range v.vpcs {
		v.vpcs[i].links = v.vpcs[i].links[:1]
	}
	v.endpoints = slices.DeleteFunc(v.endpoints, func(e endpoint) bool { return e.region == "west" })
}
