package tools

import (
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// syncedZones are the zones of octoDNS that have files, and those that a configuration syncs, in
// all files that are read together.
type syncedZones struct {
	b      *holdings.Builder
	files  map[string]holdings.Place // by origin
	synced map[string]holdings.Place // from files, by origin
	read   bool                      // a configuration was read
	all    bool                      // it has zones that it does not name
}

func syncedZonesOf(b *holdings.Builder) *syncedZones {
	return holdings.Shared(b, "octoDNS", func() *syncedZones {
		return &syncedZones{b: b, files: make(map[string]holdings.Place), synced: make(map[string]holdings.Place)}
	})
}

// sync notes the zones of a configuration.
func (z *syncedZones) sync(c octodnsConfiguration, at holdings.Place) {
	z.read = z.read || len(c.Zones) > 0
	for name, zone := range c.Zones {
		origin, err := holdings.CanonicalName(name)
		fromFile := slices.ContainsFunc(zone.Sources, func(source string) bool { return strings.HasSuffix(c.Providers[source].Class, "YamlProvider") })
		switch {
		case err != nil || strings.HasPrefix(origin, "*"):
			z.all = true
		case fromFile || z.synced[origin] != (holdings.Place{}):
			z.synced[origin] = at
		default:
			z.synced[origin] = holdings.Place{}
		}
	}
}

// End notes files that are synced nowhere, and zones without files.
func (z *syncedZones) End() {
	if !z.read {
		return
	}
	for _, origin := range slices.Sorted(maps.Keys(z.files)) {
		if _, synced := z.synced[origin]; !synced && !z.all {
			z.b.UnreadBelow(origin, z.files[origin], "zone %s is none of the zones of octoDNS's configuration: nobody is answered from it, unless another one has it", dnsname.TrimDot(origin))
		}
	}
	for _, origin := range slices.Sorted(maps.Keys(z.synced)) {
		if at := z.synced[origin]; at != (holdings.Place{}) && z.files[origin] == (holdings.Place{}) {
			z.b.UnreadBelow(origin, at, "zone %s of octoDNS's configuration has no file that is read: audit that as well", dnsname.TrimDot(origin))
		}
	}
}
