package auralink

import (
	"fmt"
	"slices"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/corefast"
	"github.com/auralink/auralink/internal/plan"
)

// CacheBypassZones returns the zones that the cache plugin must not answer for:
// it has no client in its key, so that what one VPC was told would reach another
// VPC's clients. It implements the cache plugin's ZoneBypasser.
//
// The cache asks once, at startup. In the builds of this repository the directive
// stands ahead of cache, and nothing depends on it; elsewhere, see checkCached.
func (a *Auralink) CacheBypassZones() []string {
	return bypassZones(a.served.Load().Plan)
}

// bypassZones returns Aura's zone and all origins outside of it, sorted. Aura's is
// announced to the cache as a whole, so that a region that is linked later needs no
// restart.
func bypassZones(p *plan.Plan) []string {
	bypass := []string{auraname.Origin}
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

// cachesAhead is what there is of caches that stand ahead of us, in a build with
// another order of directives than this repository's.
type cachesAhead struct {
	// zones are those that the cache of our own server block was told to pass by;
	// nil where it has none.
	zones []string
	// ahead says that there is one in a block that is asked at the same address.
	ahead bool
	// elsewhere says that another block that is asked at the same address answers
	// for our names, too, and otherwise.
	elsewhere bool
}

// lookAtCaches finds the caches ahead of us, and refuses to start with one that
// would give one client's addresses to another. It must not be called before CoreDNS
// has made its servers.
func (a *Auralink) lookAtCaches(b *corefast.Block) error {
	if !cacheComesFirst(dnsserver.Directives) {
		return nil
	}
	if b.Own[0].Handler("cache") != nil {
		a.caches.zones = a.CacheBypassZones()
	}
	for _, config := range b.All {
		if !sharesServer(config, b.Own) {
			continue
		}
		if config.Handler("cache") != nil {
			a.caches.ahead = true
		}
		if other, ok := config.Handler(pluginName).(*Auralink); ok {
			elsewhere := other.topology != a.topology || other.options.VPC != a.options.VPC
			a.caches.elsewhere = a.caches.elsewhere || elsewhere
		}
	}
	return a.checkCached(a.served.Load().Plan)
}

// cacheComesFirst reports whether the build has the cache ahead of us.
func cacheComesFirst(directives []string) bool {
	cache, self := slices.Index(directives, "cache"), slices.Index(directives, pluginName)
	return cache >= 0 && cache < self
}

// sharesServer reports whether a configuration and one of several are served by one
// of CoreDNS's servers.
func sharesServer(config *dnsserver.Config, several []*dnsserver.Config) bool {
	return slices.ContainsFunc(several, func(other *dnsserver.Config) bool {
		return config.Transport == other.Transport && slices.ContainsFunc(corefast.Binds(config), func(address string) bool {
			return slices.Contains(corefast.Binds(other), address)
		})
	})
}

// checkCached refuses a plan that is not safe behind a cache: one with a zone that
// the cache does not know to pass by, or with clients that are answered differently.
// An alias of another plugin that leads to one of our names is kept by the alias' name,
// of which the cache passes none by, and would be given to whoever asks for it.
func (a *Auralink) checkCached(p *plan.Plan) error {
	if why := a.clientsDiffer(p); a.caches.ahead && why != "" {
		return fmt.Errorf("the plugin cache stands ahead of auralink in this build, and does not know clients apart: "+
			"it would give other plugins' aliases for Aura's names to all of them with the addresses of one, and %s; "+
			"build CoreDNS with auralink ahead of cache in plugin.cfg, or take cache out of the server blocks of this address", why)
	}
	if a.caches.zones == nil {
		return nil
	}
	for _, zone := range bypassZones(p) {
		if plugin.Zones(a.caches.zones).Matches(zone) == "" {
			return fmt.Errorf("topology %q has the new zone %q, which the cache plugin would answer for all VPCs alike: "+
				"reload CoreDNS, or build it with auralink ahead of cache", a.topology, zone)
		}
	}
	return nil
}

// clientsDiffer says why not all clients have the same answers, or "".
func (a *Auralink) clientsDiffer(p *plan.Plan) string {
	switch {
	case a.caches.elsewhere:
		return "another server block of this address has auralink with other answers"
	case a.options.VPC != "" || len(p.VPCs) == 0:
		return ""
	case len(p.VPCs) > 1:
		return fmt.Sprintf("topology %q has several VPCs", a.topology)
	case len(p.VPCs[0].View.Clients) > 0:
		return fmt.Sprintf("topology %q says who is in its VPC, so that others are not", a.topology)
	default:
		return ""
	}
}
