package differential_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/zones"
)

// scene is what a name server was loaded with: the zones of one view.
type scene struct {
	topology *topology.Topology
	view     zones.View
	shape    zones.Shape
}

// shapes returns the shapes that make a difference to a view.
func shapes(view zones.View) []zones.Shape {
	for _, zone := range view.Zones {
		if zone.Endpoints != nil {
			return []zones.Shape{zones.ShapeOneZone, zones.ShapePerName}
		}
	}
	return []zones.Shape{zones.ShapeOneZone}
}

// files returns the scene's zone files.
func (s scene) files(t *testing.T) []peers.Zone {
	t.Helper()
	files, err := peers.Exported(s.view, s.shape)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// individual returns the zone with records for each custom endpoint, if the view
// has one.
func (s scene) individual() (zones.Zone, bool) {
	i := slices.IndexFunc(s.view.Zones, func(z zones.Zone) bool { return z.Endpoints != nil })
	if i < 0 {
		return zones.Zone{}, false
	}
	return s.view.Zones[i], true
}

// unlinked reports whether a name is that of a custom endpoint whose region the
// view does not link, or below it, in a view with individual records.
func (s scene) unlinked(qname string) bool {
	zone, ok := s.individual()
	if !ok {
		return false
	}
	for label := range zone.Unlinked() {
		for _, prefix := range append([]string{""}, topology.Prefixes[:]...) {
			if dns.IsSubDomain(prefix+label+"."+zone.Origin, strings.ToLower(qname)) {
				return true
			}
		}
	}
	return false
}

// belowSingleName reports whether a name is below the origin of its nearest zone,
// and that zone is about its origin alone.
func (s scene) belowSingleName(qname string) bool {
	qname = strings.ToLower(qname)
	var nearest zones.Zone
	for _, zone := range s.view.Zones {
		if dns.IsSubDomain(zone.Origin, qname) && len(zone.Origin) > len(nearest.Origin) {
			nearest = zone
		}
	}
	return nearest.SingleName() && nearest.Origin != qname
}

// perName reports whether a name is below the parent of the custom endpoints, in
// a scene where each of them has a zone of its own.
func (s scene) perName(qname string) bool {
	zone, ok := s.individual()
	return ok && s.shape == zones.ShapePerName && isBelow(strings.ToLower(qname), zone.Origin)
}

// origins returns the origins of all zones that the name servers have.
func (s scene) origins() []string {
	var origins []string
	for zone := range s.view.Shaped(s.shape) {
		origins = append(origins, zone.Origin)
	}
	return origins
}

// nested reports whether a name is the apex of a zone that lies within another.
func (s scene) nested(qname string) bool {
	qname = strings.ToLower(qname)
	origins := s.origins()
	return slices.Contains(origins, qname) &&
		slices.ContainsFunc(origins, func(origin string) bool { return isBelow(qname, origin) })
}

// isBelow reports whether a name is strictly below another one.
func isBelow(name, parent string) bool { return name != parent && dns.IsSubDomain(parent, name) }
