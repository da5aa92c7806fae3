package tools

import (
	"maps"
	"path"
	"regexp"
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// syncedZones are the zones of octoDNS that have files, and those that a configuration syncs, in
// all files that are read together.
type syncedZones struct {
	b        *holdings.Builder
	files    map[string]holdings.Place // by origin
	synced   map[string]holdings.Place // from files, by origin
	patterns []func(zone string) bool  // for zones that a source has
	read     bool                      // a configuration was read
	strict   []strictness
	ordered  bool // a provider wants its files in order
	replaces bool // a provider replaces records by others of that name and type
	lenient  bool // some zone is taken as it is
}

// strictness is what octoDNS does not take, where a configuration says that it does not.
type strictness struct {
	order bool // of the order of keys
	at    holdings.Place
	why   string
}

func syncedZonesOf(b *holdings.Builder) *syncedZones {
	return holdings.Shared(b, "octoDNS", func() *syncedZones {
		return &syncedZones{b: b, files: make(map[string]holdings.Place), synced: make(map[string]holdings.Place)}
	})
}

// sync notes the zones of a configuration.
func (z *syncedZones) sync(c octodnsConfiguration) {
	z.read = true
	z.wants(c)
	for name, zone := range c.Zones {
		if zone == nil {
			continue
		}
		z.lenient = z.lenient || zone.Lenient
		fromFile := zone.Sources != nil && slices.ContainsFunc(*zone.Sources, c.isFiles)
		origin, err := holdings.CanonicalName(name)
		switch {
		case err != nil || name[0] == '*':
			if fromFile {
				z.patterns = append(z.patterns, zone.matches())
			}
		case fromFile || z.synced[origin] != (holdings.Place{}):
			z.synced[origin] = c.place(name)
		default:
			z.synced[origin] = holdings.Place{}
		}
	}
}

// wants notes what the providers of a configuration want of files.
func (z *syncedZones) wants(c octodnsConfiguration) {
	for name, p := range c.Providers {
		z.ordered = z.ordered || c.isFiles(name) && (p.EnforceOrder == nil || *p.EnforceOrder)
		z.replaces = z.replaces || c.isFiles(name) && p.Replaces
	}
}

// matches returns what reports whether a pattern is for a zone that has a file.
func (z octodnsZone) matches() func(zone string) bool {
	switch {
	case z.Glob != "":
		return func(zone string) bool {
			is, err := path.Match(z.Glob, zone)
			return is || err != nil
		}
	case z.Regex != "":
		if expression, err := regexp.Compile(z.Regex); err == nil {
			return expression.MatchString
		}
	}
	return func(string) bool { return true }
}

// End notes files that are synced nowhere, zones without files, and what octoDNS does not take.
func (z *syncedZones) End() {
	if !z.read {
		return
	}
	for _, s := range z.strict {
		if s.order && z.ordered || !s.order && !z.lenient && !z.replaces {
			z.b.NotMade(".", s.at, "%s: octoDNS stops there, and syncs nothing", s.why)
			break
		}
	}
	for _, origin := range slices.Sorted(maps.Keys(z.files)) {
		_, synced := z.synced[origin]
		if !synced && !slices.ContainsFunc(z.patterns, func(is func(string) bool) bool { return is(origin) }) {
			z.b.UnreadBelow(origin, z.files[origin], "zone %s is none of the zones of octoDNS's configuration: nobody is answered from it, unless another one has it", dnsname.TrimDot(origin))
		}
	}
	for _, origin := range slices.Sorted(maps.Keys(z.synced)) {
		if at := z.synced[origin]; at != (holdings.Place{}) && z.files[origin] == (holdings.Place{}) {
			z.b.UnreadBelow(origin, at, "zone %s of octoDNS's configuration has no file that is read: audit that as well", dnsname.TrimDot(origin))
		}
	}
}
