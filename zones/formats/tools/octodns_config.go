package tools

import (
	"io"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/listing"
)

// octodnsConfiguration is a configuration of octoDNS, as far as it says which zones are synced, and
// that a zone has other records than its file.
type octodnsConfiguration struct {
	Manager struct {
		Processors     []string `yaml:"processors"`
		PostProcessors []string `yaml:"post_processors"`
		AutoARPA       any      `yaml:"auto_arpa"`
	} `yaml:"manager"`
	Providers  map[string]*octodnsProvider `yaml:"providers"`
	Processors map[string]any              `yaml:"processors"`
	Zones      map[string]*octodnsZone     `yaml:"zones"`

	lines map[string]int // of zones
	file  string
}

// octodnsProvider is a source or a target.
type octodnsProvider struct {
	Class        string `yaml:"class"`
	EnforceOrder *bool  `yaml:"enforce_order"`
	Replaces     bool   `yaml:"populate_should_replace"`
}

// octodnsZone is what is synced of a zone, or of all zones that a pattern is for.
type octodnsZone struct {
	Alias      string    `yaml:"alias"`
	Sources    *[]string `yaml:"sources"`
	Targets    *[]string `yaml:"targets"`
	Processors []string  `yaml:"processors"`
	Lenient    bool      `yaml:"lenient"`
	Glob       string    `yaml:"glob"`
	Regex      string    `yaml:"regex"`
}

// readOctoDNSConfig notes what a configuration makes of zones beside their files: it has no
// records itself.
func readOctoDNSConfig(b *holdings.Builder, r io.Reader, in formats.Input) error {
	return listing.Documents(r, in.Name, func(document *yaml.Node) error {
		c := octodnsConfiguration{file: in.Name, lines: map[string]int{"": document.Line}}
		if err := document.Decode(&c); err != nil {
			return c.place("").Errorf("%w", err)
		}
		c.makeAutoARPA()
		for section, zones := range listing.Mapping(document) {
			if section.Value == "zones" {
				c.look(zones)
			}
		}
		if why, at := c.stops(); why != "" {
			b.NotMade(".", at, "%s: octoDNS stops there, and syncs nothing", why)
		}
		for _, zone := range slices.Sorted(maps.Keys(c.Zones)) {
			c.note(b, zone)
		}
		syncedZonesOf(b).sync(c)
		return nil
	})
}

// autoARPA is the provider of reverse zones that octoDNS has itself, where it is asked for.
const autoARPA = "auto-arpa"

// makeAutoARPA makes that provider.
func (c *octodnsConfiguration) makeAutoARPA() {
	if c.Manager.AutoARPA == nil || c.Manager.AutoARPA == false {
		return
	}
	if c.Providers == nil {
		c.Providers = make(map[string]*octodnsProvider)
	}
	c.Providers[autoARPA] = &octodnsProvider{Class: "octodns.processor.arpa.AutoArpa"}
}

// look notes where the zones are, and which of their members are there without a value: that is an
// empty list.
func (c octodnsConfiguration) look(zones *yaml.Node) {
	for name, zone := range listing.Mapping(aliased(zones)) {
		c.lines[name.Value] = name.Line
		for member := range listing.Mapping(aliased(zone)) {
			switch z := c.Zones[name.Value]; {
			case z == nil:
			case member.Value == "sources" && z.Sources == nil:
				z.Sources = &[]string{}
			case member.Value == "targets" && z.Targets == nil:
				z.Targets = &[]string{}
			}
		}
	}
}

// place returns where a zone is.
func (c octodnsConfiguration) place(zone string) holdings.Place {
	if line := c.lines[zone]; line > 0 {
		return holdings.Place{File: c.file, Line: line}
	}
	return holdings.Place{File: c.file, Line: c.lines[""]}
}

// stops returns why octoDNS stops at a configuration, or "", and where.
func (c octodnsConfiguration) stops() (string, holdings.Place) {
	for _, name := range slices.Sorted(maps.Keys(c.Providers)) {
		if p := c.Providers[name]; p == nil || p.Class == "" {
			return "provider " + name + " has no class", c.place("")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Zones)) {
		if why := c.wrong(name, c.Zones[name]); why != "" {
			return "zone " + name + " " + why, c.place(name)
		}
	}
	return "", holdings.Place{}
}

// wrong returns why octoDNS stops at a zone, or "".
func (c octodnsConfiguration) wrong(name string, z *octodnsZone) string {
	switch {
	case z == nil:
		return "has no configuration"
	case !strings.HasPrefix(name, "*") && !strings.HasSuffix(name, "."):
		return "has no final dot"
	case z.Alias != "":
		if _, there := c.Zones[z.Alias]; !there {
			return "is an alias of zone " + z.Alias + ", which is not there"
		}
		return ""
	case z.Sources == nil:
		return "has no sources"
	case z.Targets == nil:
		return "has no targets"
	}
	if unknown := lacking(c.Providers, *z.Sources); unknown != "" {
		return "has the source " + unknown + ", which is no provider"
	}
	if unknown := lacking(c.Processors, slices.Concat(c.Manager.Processors, z.Processors, c.Manager.PostProcessors)); unknown != "" {
		return "has the processor " + unknown + ", which is not there"
	}
	if unknown := lacking(c.Providers, *z.Targets); unknown != "" && len(*z.Sources) > 0 {
		return "has the target " + unknown + ", which is no provider"
	}
	return ""
}

// lacking returns the first of some names that is none of the known ones, or "".
func lacking[T any](known map[string]T, names []string) string {
	for _, name := range names {
		if _, there := known[name]; !there {
			return name
		}
	}
	return ""
}

// idle returns why octoDNS leaves a zone as it is, or "".
func (c octodnsConfiguration) idle(z *octodnsZone) string {
	switch {
	case z == nil || z.Alias != "" || z.Sources == nil || z.Targets == nil:
		return ""
	case len(*z.Sources) == 0:
		return "has no sources"
	case len(*z.Targets) == 0:
		return "has no targets"
	case !slices.ContainsFunc(*z.Targets, func(target string) bool { return !c.isFiles(target) }):
		return "has no targets but files"
	default:
		return ""
	}
}

// isFiles reports whether a provider is of files in YAML.
func (c octodnsConfiguration) isFiles(name string) bool {
	p := c.Providers[name]
	return p != nil && strings.HasSuffix(p.Class, "YamlProvider")
}

// note notes what a zone has beside its file.
func (c octodnsConfiguration) note(b *holdings.Builder, zone string) {
	origin, err := holdings.CanonicalName(zone)
	if err != nil || strings.HasPrefix(zone, "*") { // for zones that a source has
		origin = "."
	}
	z, at := c.Zones[zone], c.place(zone)
	if z == nil {
		return
	}
	if why := c.idle(z); why != "" {
		b.NotMade(origin, at, "zone %s %s: octoDNS leaves it as it is, and nobody is answered from its file", dnsname.TrimDot(zone), why)
	}
	if processors := slices.Concat(c.Manager.Processors, z.Processors, c.Manager.PostProcessors); len(processors) > 0 {
		b.UnreadBelow(origin, at, "processors change what octoDNS makes of zone %s, and are not followed: %s", zone, strings.Join(processors, ", "))
	}
	if z.Alias != "" {
		b.UnreadBelow(origin, at, "zone %s has the records of zone %s, which is not followed", zone, z.Alias)
	}
	if z.Sources == nil {
		return
	}
	for _, source := range *z.Sources {
		if !c.isFiles(source) {
			b.UnreadBelow(origin, at, "zone %s has records from source %s as well, which are not read", zone, source)
		}
	}
}
