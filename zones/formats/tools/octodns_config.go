package tools

import (
	"io"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/listing"
)

// octodnsConfiguration is a configuration of octoDNS, as far as it says that a zone has
// other records than its file.
type octodnsConfiguration struct {
	Manager struct {
		Processors []string `yaml:"processors"`
	} `yaml:"manager"`
	Providers map[string]struct {
		Class string `yaml:"class"`
	} `yaml:"providers"`
	Zones map[string]struct {
		Alias      string   `yaml:"alias"`
		Sources    []string `yaml:"sources"`
		Processors []string `yaml:"processors"`
	} `yaml:"zones"`
}

// readOctoDNSConfig notes what a configuration makes of zones beside their files: it has no
// records itself.
func readOctoDNSConfig(b *holdings.Builder, r io.Reader, in formats.Input) error {
	return listing.Documents(r, in.Name, func(document *yaml.Node) error {
		at := holdings.Place{File: in.Name, Line: document.Line}
		var c octodnsConfiguration
		if err := document.Decode(&c); err != nil {
			return at.Errorf("%w", err)
		}
		for _, zone := range slices.Sorted(maps.Keys(c.Zones)) {
			c.note(b, zone, at)
		}
		syncedZonesOf(b).sync(c, at)
		return nil
	})
}

// note notes what a zone has beside its file.
func (c octodnsConfiguration) note(b *holdings.Builder, zone string, at holdings.Place) {
	origin, err := holdings.CanonicalName(zone)
	if err != nil { // such as "*", for all zones that a source has
		origin = "."
	}
	z := c.Zones[zone]
	if processors := append(slices.Clone(c.Manager.Processors), z.Processors...); len(processors) > 0 {
		b.UnreadBelow(origin, at, "processors change what octoDNS makes of zone %s, and are not followed: %s", zone, strings.Join(processors, ", "))
	}
	if z.Alias != "" {
		b.UnreadBelow(origin, at, "zone %s has the records of zone %s, which is not followed", zone, z.Alias)
	}
	for _, source := range z.Sources {
		if class := c.Providers[source].Class; !strings.HasSuffix(class, "YamlProvider") {
			b.UnreadBelow(origin, at, "zone %s has records from source %s as well, which are not read", zone, source)
		}
	}
}
