package auralink

import (
	"fmt"
	"slices"

	"github.com/coredns/coredns/plugin"

	"github.com/auralink/auralink/internal/plan"
)

// auraZone has all of Aura's names. It is announced to the cache as a whole, so
// that a region that is linked later needs no restart.
const auraZone = "neo4j.io."

// CacheBypassZones returns the zones that the cache plugin must not answer for:
// it has no client in its key, so that what one VPC was told would reach another
// VPC's clients. It implements the cache plugin's ZoneBypasser.
//
// The cache asks once, at startup. In the builds of this repository the
// directive stands ahead of cache, and nothing depends on it.
func (a *Auralink) CacheBypassZones() []string {
	return bypassZones(a.served.Load().Plan)
}

// bypassZones returns Aura's zone and all origins outside of it, sorted.
func bypassZones(p *plan.Plan) []string {
	bypass := []string{auraZone}
	for i := range p.VPCs {
		for _, zone := range p.VPCs[i].View.Zones {
			if plugin.Zones(bypass[:1]).Matches(zone.Origin) == "" {
				bypass = append(bypass, zone.Origin)
			}
		}
	}
	slices.Sort(bypass[1:])
	return slices.Compact(bypass)
}

// checkCached refuses a plan with a zone that a cache ahead of us does not know
// to pass by.
func (a *Auralink) checkCached(p *plan.Plan) error {
	if a.cachedZones == nil {
		return nil
	}
	for _, zone := range bypassZones(p) {
		if plugin.Zones(a.cachedZones).Matches(zone) == "" {
			return fmt.Errorf("topology %q has the new zone %q, which the cache plugin would answer for all VPCs alike: "+
				"reload CoreDNS, or build it with auralink ahead of cache", a.topology, zone)
		}
	}
	return nil
}
