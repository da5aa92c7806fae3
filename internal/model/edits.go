package model

import (
	"fmt"
	"net/netip"
	"slices"

	"pgregory.net/rapid"
)

// fresh returns a number that is in no address of a drawn topology.
func fresh(t *rapid.T) byte { return byte(rapid.IntRange(100, 250).Draw(t, "fresh number")) }

func freshAddrs(t *rapid.T) []netip.Addr {
	return []netip.Addr{netip.AddrFrom4([4]byte{10, 99, fresh(t), fresh(t)})}
}

func freshClients(t *rapid.T) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{198, fresh(t), fresh(t), 0}), 24)
}

// hasAll reports whether all clients are in a VPC, for one has all others.
func (m Topology) hasAll() bool {
	return slices.ContainsFunc(m.VPCs, func(v VPC) bool { return len(v.Clients) == 0 })
}

func addClients(t *rapid.T, m *Topology) {
	if v, ok := one(t, m.VPCs, "VPC"); ok && !m.hasAll() {
		v.Clients = append(v.Clients, freshClients(t))
	}
}

func recreateLink(t *rapid.T, m *Topology) {
	v, ok := one(t, m.VPCs, "VPC")
	if !ok {
		return
	}
	if region, ok := v.linked(t); ok {
		v.Links[region] = freshAddrs(t)
	}
}

func addEndpoint(t *rapid.T, m *Topology) {
	r, _ := one(t, m.Regions, "region")
	label := rapid.SampledFrom([]string{"new", "a-new", "b-foo", "c-bar", "zz"}).Draw(t, "label")
	if !slices.ContainsFunc(m.Endpoints, func(e Endpoint) bool { return e.Label == label }) {
		m.Endpoints = append(m.Endpoints, Endpoint{Label: label, Region: r.Name})
	}
}

func addVPC(t *rapid.T, m *Topology) {
	if m.hasAll() {
		return
	}
	r, _ := one(t, m.Regions, "region")
	m.VPCs = append(m.VPCs, VPC{
		Name:    fmt.Sprintf("new%d", len(m.VPCs)),
		Clients: []netip.Prefix{freshClients(t)},
		Links:   map[string][]netip.Addr{r.Name: freshAddrs(t)},
	})
}

func renameVPC(t *rapid.T, m *Topology) {
	if v, ok := one(t, m.VPCs, "VPC"); ok {
		v.Name += "-renamed"
	}
}

func renameRegion(t *rapid.T, m *Topology) {
	r, _ := one(t, m.Regions, "region")
	old, name := r.Name, r.Name+"-renamed"
	r.Name = name
	for _, v := range m.VPCs {
		if addrs, ok := v.Links[old]; ok {
			delete(v.Links, old)
			v.Links[name] = addrs
		}
	}
	for i := range m.Endpoints {
		if m.Endpoints[i].Region == old {
			m.Endpoints[i].Region = name
		}
	}
}

func addLink(t *rapid.T, m *Topology) {
	v, ok := one(t, m.VPCs, "VPC")
	r, _ := one(t, m.Regions, "region")
	if ok && len(v.Links[r.Name]) == 0 {
		v.Links[r.Name] = freshAddrs(t)
	}
}

func removeLink(t *rapid.T, m *Topology) {
	v, ok := one(t, m.VPCs, "VPC")
	if !ok {
		return
	}
	if region, ok := v.linked(t); ok {
		delete(v.Links, region)
	}
}

func forgetLink(t *rapid.T, m *Topology) {
	v, ok := one(t, m.VPCs, "VPC")
	if !ok {
		return
	}
	if region, ok := v.linked(t); ok {
		delete(v.Links, region)
		m.Endpoints = slices.DeleteFunc(m.Endpoints, func(e Endpoint) bool { return e.Region == region })
	}
}

func swapLinks(t *rapid.T, m *Topology) {
	v, ok := one(t, m.VPCs, "VPC")
	if !ok {
		return
	}
	a, ok := v.linked(t)
	b, _ := v.linked(t)
	if ok {
		v.Links[a], v.Links[b] = v.Links[b], v.Links[a]
	}
}

func stealAddress(t *rapid.T, m *Topology) {
	v, ok := one(t, m.VPCs, "VPC")
	if !ok {
		return
	}
	r, _ := one(t, m.Regions, "region")
	if from, ok := v.linked(t); ok {
		v.Links[r.Name] = append(freshAddrs(t), v.Links[from][0])
	}
}

func stealAbroad(t *rapid.T, m *Topology) {
	v, ok := one(t, m.VPCs, "VPC")
	if !ok {
		return
	}
	from, _ := one(t, m.VPCs, "VPC from")
	to, linked := v.linked(t)
	other, theirs := from.linked(t)
	if linked && theirs {
		v.Links[to] = slices.Clone(from.Links[other])
	}
}

func removeEndpoint(t *rapid.T, m *Topology) {
	if e, ok := one(t, m.Endpoints, "endpoint"); ok {
		label := e.Label
		m.Endpoints = slices.DeleteFunc(m.Endpoints, func(e Endpoint) bool { return e.Label == label })
	}
}

func moveEndpoint(t *rapid.T, m *Topology) {
	r, _ := one(t, m.Regions, "region")
	if e, ok := one(t, m.Endpoints, "endpoint"); ok {
		e.Region = r.Name
	}
}

func removeClients(t *rapid.T, m *Topology) {
	if v, ok := one(t, m.VPCs, "VPC"); ok && len(v.Clients) > 1 {
		v.Clients = v.Clients[1:]
	}
}

func moveClients(t *rapid.T, m *Topology) {
	from, ok := one(t, m.VPCs, "VPC")
	to, _ := one(t, m.VPCs, "VPC")
	if ok && len(from.Clients) > 1 && len(to.Clients) > 0 && from != to {
		to.Clients = append(to.Clients, from.Clients[0])
		from.Clients = from.Clients[1:]
	}
}

func dropClients(t *rapid.T, m *Topology) {
	if v, ok := one(t, m.VPCs, "VPC"); ok && !m.hasAll() {
		v.Clients = nil
	}
}

func splitClients(t *rapid.T, m *Topology) {
	from, ok := one(t, m.VPCs, "VPC")
	to, _ := one(t, m.VPCs, "VPC")
	if ok && len(from.Clients) > 0 && len(to.Clients) > 0 {
		whole := from.Clients[0]
		bits := rapid.IntRange(whole.Bits(), whole.Addr().BitLen()).Draw(t, "bits")
		to.Clients = append(to.Clients, netip.PrefixFrom(whole.Addr(), bits))
	}
}

func removeVPC(t *rapid.T, m *Topology) {
	if v, ok := one(t, m.VPCs, "VPC"); ok && len(m.VPCs) > 1 {
		name := v.Name
		m.VPCs = slices.DeleteFunc(m.VPCs, func(v VPC) bool { return v.Name == name })
	}
}

func moveOrchestra(t *rapid.T, m *Topology) {
	from, _ := one(t, m.Regions, "region")
	to, _ := one(t, m.Regions, "region")
	if len(from.Orchestras) > 0 {
		moved := from.Orchestras[0]
		from.Orchestras = from.Orchestras[1:]
		to.Orchestras = append(to.Orchestras, moved)
	}
}

func removeExtra(t *rapid.T, m *Topology) {
	if r, _ := one(t, m.Regions, "region"); len(r.Extra) > 0 {
		r.Extra = r.Extra[1:]
	}
}

func copyExtra(t *rapid.T, m *Topology) {
	from, _ := one(t, m.Regions, "region")
	to, _ := one(t, m.Regions, "region")
	if len(from.Extra) > 0 && from != to {
		to.Extra = append(to.Extra, from.Extra[0])
	}
}

func changeMode(t *rapid.T, m *Topology) {
	if v, ok := one(t, m.VPCs, "VPC"); ok {
		v.Mode = rapid.SampledFrom([]string{"individual", "auto"}).Draw(t, "mode")
	}
}
