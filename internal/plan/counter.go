package plan

import "github.com/auralink/auralink/zones"

// NameCounter counts the owner names of zones. VPCs share the table of custom endpoints,
// so that its names are counted once, by region. Make one with make; it keeps what it
// has counted.
type NameCounter map[*zones.EndpointTable][]int

// In returns how many owner names a zone has.
func (c NameCounter) In(zone zones.Zone) int {
	n := len(zone.Owners)
	if zone.Endpoints == nil {
		return n
	}
	table := zone.Endpoints.Table
	if c[table] == nil {
		c[table] = make([]int, len(zone.Endpoints.Links))
		for _, e := range table.Endpoints {
			for range table.Labels(e) {
				c[table][e.Region]++
			}
		}
	}
	for region, link := range zone.Endpoints.Links {
		if len(link.Addrs) > 0 {
			n += c[table][region]
		}
	}
	return n
}
