// Package model makes random topologies for property tests, and says
// independently of the planner where each name may lead.
//
// A [Topology] is what a topology file says, before anything is decided. Its oracle
// is written from the one rule alone: a name must not lead to another region
// than its own.
package model

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Topology is a topology in the terms of its file.
type Topology struct {
	Regions   []Region
	VPCs      []VPC
	Endpoints []Endpoint
}

// Region is an Aura region. Its names have no final dot.
type Region struct {
	Name       string
	Orchestras []string // bare ids or host names
	Extra      []string // names, or wildcards with "*." in front
}

// VPC is one of the customer's networks.
type VPC struct {
	Name    string
	Clients []netip.Prefix
	Mode    string // "" or a mode
	Links   map[string][]netip.Addr
}

// Endpoint is a custom endpoint.
type Endpoint struct {
	Label, Region string
}

// YAML returns the topology file.
func (m Topology) YAML() string {
	var b strings.Builder
	b.WriteString("regions:\n")
	for _, r := range m.Regions {
		fmt.Fprintf(&b, "  %s:\n    orchestras: %s\n    extra_names: %s\n", r.Name, flow(r.Orchestras), flow(r.Extra))
	}
	b.WriteString("vpcs:\n")
	for _, v := range m.VPCs {
		fmt.Fprintf(&b, "  %s:\n", v.Name)
		if len(v.Clients) > 0 {
			fmt.Fprintf(&b, "    clients: %s\n", flow(texts(v.Clients)))
		}
		if v.Mode != "" {
			fmt.Fprintf(&b, "    mode: %s\n", v.Mode)
		}
		b.WriteString("    links:\n")
		for _, r := range m.Regions {
			if addrs := v.Links[r.Name]; len(addrs) > 0 {
				fmt.Fprintf(&b, "      %s: %s\n", r.Name, flow(texts(addrs)))
			}
		}
	}
	b.WriteString("custom_endpoints:\n")
	for _, e := range m.Endpoints {
		fmt.Fprintf(&b, "  %s: %s\n", e.Label, e.Region)
	}
	return b.String()
}

// flow writes a list of strings as a YAML flow sequence.
func flow(items []string) string {
	quoted := make([]string, len(items))
	for i, item := range items {
		quoted[i] = fmt.Sprintf("%q", item)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

func texts[T fmt.Stringer](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = v.String()
	}
	return out
}

// endpointsParent is the parent of custom endpoints.
const endpointsParent = "endpoints.neo4j.io"

// OrchestraHost returns the host name of an orchestra, without a final dot.
func OrchestraHost(orchestra string) string {
	if strings.Contains(orchestra, ".") {
		return orchestra
	}
	return "production-orch-" + orchestra + ".neo4j.io"
}

// RegionsOf returns the regions that a name may be in, by all that the file says
// of it; the name is lower-case, without a final dot. Several mean that the file
// does not say which of them it is in. None means that the name is not Aura's.
func (m Topology) RegionsOf(name string) []string {
	if name == endpointsParent {
		return nil
	}
	if label, ok := strings.CutSuffix(name, "."+endpointsParent); ok {
		return m.regionsOfEndpoint(label[strings.LastIndexByte(label, '.')+1:])
	}
	_, regions := m.Closest(name)
	return regions
}

// Closest returns the regions that declare an orchestra or an extra name at or
// above a name, as close to it as any does. The closer, the higher the rank; a
// name is closer than a wildcard. Custom endpoints are not looked at.
func (m Topology) Closest(name string) (rank int, regions []string) {
	best := -1
	claim := func(rank int, region string) {
		switch {
		case rank > best:
			best, regions = rank, []string{region}
		case rank == best && !slices.Contains(regions, region):
			regions = append(regions, region)
		}
	}
	for _, r := range m.Regions {
		for _, orchestra := range r.Orchestras {
			if host := OrchestraHost(orchestra); atOrBelow(name, host) {
				claim(2*labels(host)+1, r.Name)
			}
		}
		for _, extra := range r.Extra {
			parent, wildcard := strings.CutPrefix(extra, "*.")
			switch {
			case wildcard && name != parent && atOrBelow(name, parent):
				claim(2*labels(parent), r.Name)
			case !wildcard && name == extra:
				claim(2*labels(extra)+1, r.Name)
			}
		}
	}
	return best, regions
}

// regionsOfEndpoint returns a declared endpoint's region, and for an undeclared
// one every region: it could be in any.
func (m Topology) regionsOfEndpoint(label string) []string {
	for _, e := range m.Endpoints {
		if slices.Contains(labelsOf(e), label) {
			return []string{e.Region}
		}
	}
	all := make([]string, len(m.Regions))
	for i, r := range m.Regions {
		all[i] = r.Name
	}
	return all
}

// Conflict returns a name that the file gives to two regions, or "". Everything
// below an orchestra is in the orchestra's region.
func (m Topology) Conflict() string {
	for name, region := range m.Declared() {
		for other, its := range m.Declared() {
			if region != its && (name == other || m.isOrchestra(other) && atOrBelow(name, other)) {
				return name
			}
		}
	}
	return ""
}

func (m Topology) isOrchestra(name string) bool {
	return slices.ContainsFunc(m.Regions, func(r Region) bool {
		return slices.ContainsFunc(r.Orchestras, func(orchestra string) bool { return OrchestraHost(orchestra) == name })
	})
}

// Allowed reports whether the name may lead to addr in the VPC: addr must be an
// address of every region that the name may be in. For an undeclared custom
// endpoint only the linked regions count, for Aura's documentation has the
// wildcard there.
func (m Topology) Allowed(v VPC, name string, addr netip.Addr) bool {
	regions := m.RegionsOf(name)
	if strings.HasSuffix(name, "."+endpointsParent) && len(regions) == len(m.Regions) {
		regions = slices.DeleteFunc(regions, func(r string) bool { return len(v.Links[r]) == 0 })
	}
	if len(regions) == 0 {
		return false
	}
	for _, region := range regions {
		if !slices.Contains(v.Links[region], addr) {
			return false
		}
	}
	return true
}
