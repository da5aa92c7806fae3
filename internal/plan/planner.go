package plan

import (
	"slices"

	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// planner holds what is the same for all VPCs.
type planner struct {
	topology  *topology.Topology
	table     *zones.EndpointTable
	endpoints []tally // by region
	families  []family
	findings  topology.Findings
}

// tally is a number of names, and the first few of them.
type tally struct {
	total int
	first []string
}

func (t *tally) add(name string) {
	t.total++
	if len(t.first) < maxNamed {
		t.first = append(t.first, name)
	}
}

// maxNamed is how many names a decision lists.
const maxNamed = 10

func newPlanner(t *topology.Topology) *planner {
	pl := &planner{
		topology:  t,
		table:     &zones.EndpointTable{Endpoints: make([]zones.Endpoint, len(t.Endpoints)), Prefixes: topology.Prefixes[:]},
		endpoints: make([]tally, len(t.Regions)),
		families:  extraFamilies(t),
	}
	for i, e := range t.Endpoints {
		pl.table.Endpoints[i] = zones.Endpoint(e)
		pl.endpoints[e.Region].add(e.Label)
	}
	pl.table.Both = declaredAndDerived(t.Endpoints)
	return pl
}

// maxFindings bounds the findings of a plan: a topology may have a thousand VPCs
// that all insist on the same.
const maxFindings = 100

// note adds a finding, or says once that there are more.
func (pl *planner) note(f topology.Finding) {
	switch n := len(pl.findings); {
	case n < maxFindings:
		pl.findings = append(pl.findings, f)
	case n == maxFindings:
		pl.findings = append(pl.findings, topology.Finding{
			Severity: f.Severity,
			Code:     topology.CodeTooManyFindings,
			Message:  "further wildcards that would be unsafe are not shown",
			Hint:     "mend the ones above first",
		})
	}
}

// declaredAndDerived returns the labels of endpoints that are also a prefixed
// label of another one.
func declaredAndDerived(sorted []topology.Endpoint) map[string]bool {
	both := make(map[string]bool)
	for _, e := range sorted {
		_, base := topology.BaseLabels(e.Label)
		if base == "" {
			continue
		}
		if _, declared := topology.FindEndpoint(sorted, base); declared {
			both[e.Label] = true
		}
	}
	return both
}

func (pl *planner) vpc(v *topology.VPC) VPC {
	links := pl.links(v)
	result := VPC{
		Name: v.Name,
		View: zones.View{Name: v.Name, Clients: v.Clients, TTL: pl.topology.TTL},
	}
	for _, link := range v.Links {
		result.Links = append(result.Links, links[link.Region])
	}
	layout := newLayout()
	for region, addresses := range links {
		if len(addresses.Addrs) == 0 {
			result.Counts.UnlinkedEndpoints += pl.endpoints[region].total
			continue
		}
		result.Counts.LinkedEndpoints += pl.endpoints[region].total
		for _, origin := range pl.topology.Regions[region].Orchestras {
			layout.orchestra(origin, addresses)
			result.Counts.Orchestras++
		}
	}
	result.Endpoints = pl.planEndpoints(v, links, layout)
	extra := pl.planExtra(v, links, &result)
	result.Counts.ExtraNames = len(extra)
	layout.place(extra)
	result.View.Zones = layout.sorted()
	result.Counts.Zones = len(result.View.Zones)
	return result
}

// links returns the VPC's addresses for each region, by the region's index.
func (pl *planner) links(v *topology.VPC) []zones.Addresses {
	links := make([]zones.Addresses, len(pl.topology.Regions))
	for _, link := range v.Links {
		links[link.Region] = zones.Addresses{Region: pl.topology.Regions[link.Region].Name, Addrs: link.Addrs}
	}
	return links
}

// planEndpoints decides on the family of the custom endpoints.
func (pl *planner) planEndpoints(v *topology.VPC, links []zones.Addresses, layout *layout) Decision {
	c := pl.endpointCase(links)
	d := pl.decide(v, c)
	switch d.Mode {
	case None:
	case Wildcard:
		layout.wildcardZone(topology.EndpointsOrigin, c.links[0])
	case Individual:
		layout.add(zones.Zone{
			Origin:    topology.EndpointsOrigin,
			Endpoints: &zones.Individual{Table: pl.table, Links: links},
		})
	}
	return d
}

// endpointCase collects what the decision on the custom endpoints depends on.
func (pl *planner) endpointCase(links []zones.Addresses) familyCase {
	c := familyCase{family: topology.EndpointsOrigin}
	for region, addresses := range links {
		if len(addresses.Addrs) > 0 {
			c.links = append(c.links, addresses)
			c.linked = append(c.linked, pl.endpoints[region])
			continue
		}
		c.unlinked.total += pl.endpoints[region].total
		c.unlinked.first = append(c.unlinked.first, pl.endpoints[region].first...)
	}
	slices.Sort(c.unlinked.first)
	c.unlinked.first = c.unlinked.first[:min(len(c.unlinked.first), maxNamed)]
	return c
}
