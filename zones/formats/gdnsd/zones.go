package gdnsd

import (
	"io"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// served are the zones of a configuration.
type served struct {
	root    *value
	at      holdings.Place
	origins []string
}

// read reads the file of a zone.
func (s *served) read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	origin, err := originOf(in.Name)
	if err != nil || strings.HasPrefix(origin, "*.") {
		b.NotStarted("gdnsd", s.at, "%s in its directory of zones is not the name of a zone", lines.Shown(base(in.Name)))
		return nil
	}
	s.origins = append(s.origins, origin)
	zone := zonefile.Named{
		Origin: origin, Server: zonefile.GDNSD, File: formats.Mention{Path: in.Name, Place: s.at},
		Plugins: func(kind, data string) string { return refuses(s.root, origin, kind, data) },
	}
	return zone.Content(b, r, in)
}

// nested looks for zones that are there twice, in other letters, and for those below others.
func (s *served) nested(b *holdings.Builder) {
	slices.Sort(s.origins)
	for i, origin := range s.origins {
		if i > 0 && origin == s.origins[i-1] {
			b.NotStarted("gdnsd", s.at, "zone %s is a duplicate of another zone: two files have its name", dnsname.TrimDot(origin))
			continue
		}
		if origin != "." && s.origins[0] == "." {
			b.NotStarted("gdnsd", s.at, "zone %s is below the root zone, which is there too", dnsname.TrimDot(origin))
			continue
		}
		for parent := range dnsname.Upwards(origin) {
			if _, is := slices.BinarySearch(s.origins, parent); is && parent != origin {
				b.NotStarted("gdnsd", s.at, "zone %s is below zone %s, which is there too", dnsname.TrimDot(origin), dnsname.TrimDot(parent))
				break
			}
		}
	}
}

// originOf returns the zone of a file, by its name, in which an @ stands for a slash.
func originOf(name string) (string, error) {
	if base(name) == "ROOT_ZONE" {
		return ".", nil
	}
	return holdings.CanonicalName(strings.ReplaceAll(base(name), "@", "/"))
}
