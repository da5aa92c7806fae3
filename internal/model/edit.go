package model

import (
	"maps"
	"slices"

	"pgregory.net/rapid"
)

// Edit is a kind of change that people make to a topology.
type Edit struct {
	Name string
	// Harmless says that it never leads a name elsewhere than before, nor brings a
	// wildcard back, nor takes clients or names away.
	Harmless bool

	apply func(t *rapid.T, m *Topology)
}

// Of returns a topology with the edit made. It may be invalid.
func (e Edit) Of(t *rapid.T, m Topology) Topology {
	m = m.clone()
	e.apply(t, &m)
	return m
}

// Edits returns all kinds.
func Edits() []Edit {
	return []Edit{
		{"nothing", true, func(*rapid.T, *Topology) {}},
		{"clients more", true, addClients},
		{"link created anew", true, recreateLink},
		{"endpoint more", true, addEndpoint},
		{"VPC more", true, addVPC},
		{"VPC called otherwise", true, renameVPC},
		{"region called otherwise", true, renameRegion},
		{"link more", false, addLink},
		{"link less", false, removeLink},
		{"link and its endpoints less", false, forgetLink},
		{"links swapped", false, swapLinks},
		{"link with another's address", false, stealAddress},
		{"link with an address of another VPC", false, stealAbroad},
		{"endpoint less", false, removeEndpoint},
		{"endpoint in another region", false, moveEndpoint},
		{"clients less", false, removeClients},
		{"clients in another VPC", false, moveClients},
		{"clients left out", false, dropClients},
		{"part of the clients in another VPC", false, splitClients},
		{"VPC less", false, removeVPC},
		{"VPC called otherwise, with another link", false, func(t *rapid.T, m *Topology) { renameVPC(t, m); removeLink(t, m) }},
		{"orchestra in another region", false, moveOrchestra},
		{"extra name less", false, removeExtra},
		{"extra name in another region too", false, copyExtra},
		{"mode", false, changeMode},
	}
}

// clone returns a copy that shares nothing with m.
func (m Topology) clone() Topology {
	m.Regions = slices.Clone(m.Regions)
	for i := range m.Regions {
		m.Regions[i].Orchestras = slices.Clone(m.Regions[i].Orchestras)
		m.Regions[i].Extra = slices.Clone(m.Regions[i].Extra)
	}
	m.VPCs = slices.Clone(m.VPCs)
	for i := range m.VPCs {
		m.VPCs[i].Clients = slices.Clone(m.VPCs[i].Clients)
		m.VPCs[i].Links = maps.Clone(m.VPCs[i].Links)
	}
	m.Endpoints = slices.Clone(m.Endpoints)
	return m
}

// one draws an item, and reports whether there is any.
func one[T any](t *rapid.T, items []T, what string) (*T, bool) {
	if len(items) == 0 {
		return nil, false
	}
	return &items[rapid.IntRange(0, len(items)-1).Draw(t, what)], true
}

// linked draws a linked region of a VPC.
func (v *VPC) linked(t *rapid.T) (string, bool) {
	region, ok := one(t, slices.Sorted(maps.Keys(v.Links)), "link")
	if !ok {
		return "", false
	}
	return *region, true
}
