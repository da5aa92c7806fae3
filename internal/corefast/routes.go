package corefast

import (
	"slices"
	"strings"

	"github.com/coredns/coredns/core/dnsserver"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/canary"
	"github.com/auralink/auralink/internal/serve"
)

// routes says of each zone of a snapshot, by ID, what the fast path may answer.
type routes struct {
	snapshot *serve.Snapshot
	zones    []route
	canaries []route // of the zones that are in no view
}

type route struct {
	fast bool
	// passUndeclared says that a question for an undeclared endpoint may have to
	// go to the next plugin.
	passUndeclared bool
	counts         *zoneReport
}

// of returns what the fast path may answer of a zone.
func (r *routes) of(zone *authority.Zone) *route {
	if zone.Local {
		return &r.canaries[zone.ID]
	}
	return &r.zones[zone.ID]
}

// prepare has the listener answer from a snapshot as soon as it is served. A zone that
// another server block shares, on this address, is left to CoreDNS, which knows who has
// what of it.
func (l *listener) prepare(s *serve.Snapshot) {
	r, left := l.routesFor(s)
	l.routes.Store(&prepared{r, l.routesOf(l.path.Served())})
	l.tell(left)
}

// settle drops what was prepared for a snapshot that is not served any more.
func (l *listener) settle() { l.routes.Store(&prepared{l.routesOf(l.path.Served())}) }

// prepared are the routes for what is served, and for what is about to be.
type prepared [2]*routes

// routesOf returns the routes for a snapshot, or nil if there are none.
func (l *listener) routesOf(s *serve.Snapshot) *routes {
	if p := l.routes.Load(); p != nil {
		for _, r := range p {
			if r != nil && r.snapshot == s {
				return r
			}
		}
	}
	return nil
}

// routesFor returns the routes, and the zones that are left to CoreDNS, each with the
// server block that shares it.
func (l *listener) routesFor(s *serve.Snapshot) (*routes, []string) {
	r := &routes{snapshot: s, zones: make([]route, len(s.Table.Zones()))}
	byOrigin := make(map[string]route) // views have the same origins
	var left []string
	for i, zone := range s.Table.Zones() {
		known, ok := byOrigin[zone.Origin]
		if !ok {
			var rival *dnsserver.Config
			known, rival = l.routeZone(zone.Origin)
			if rival != nil {
				left = append(left, zone.Origin+" (server block "+rival.Zone+")")
			}
			byOrigin[zone.Origin] = known
		}
		r.zones[i] = known
	}
	for _, origin := range canary.Origins() {
		known, _ := l.routeZone(origin)
		r.canaries = append(r.canaries, known)
	}
	slices.Sort(left)
	return r, left
}

func (l *listener) routeZone(origin string) (route, *dnsserver.Config) {
	leads, rival := l.block.leadsHere(l.address, origin)
	counts, countable := l.report.zone(origin)
	return route{
		fast:           leads && countable,
		passUndeclared: slices.ContainsFunc(l.path.Fall.Zones, func(z string) bool { return overlap(z, origin) }),
		counts:         counts,
	}, rival
}

// tell logs which zones are left to CoreDNS for another server block's sake.
func (l *listener) tell(left []string) {
	text := strings.Join(left, ", ")
	if text != "" && text != l.told {
		l.path.Log.Infof("fast path off on %s for zones that other server blocks share: %s", l.address, text)
	}
	l.told = text
}
