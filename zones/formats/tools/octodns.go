// Package tools has the formats for tools that write to other DNS systems.
package tools

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"regexp"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// octodnsConfig is the configuration's name. No zone's file is called so: their
// names have a dot before "yaml" that ends the zone's name.
const octodnsConfig = "octodns-config.yaml"

// OctoDNS are files for octoDNS's YamlProvider.
var OctoDNS = formats.Format{
	Name:    "octodns",
	Group:   formats.GroupTools,
	Summary: "zones for octoDNS's YamlProvider, with a configuration that syncs them",
	Form: "A zone for each orchestra, with records at its apex and a wildcard. Individual records are a zone for each name, so " +
		"that nothing else under endpoints.neo4j.io is touched; with shape=one-zone they are one zone. Put what is in " +
		octodnsConfig + " into your configuration beside the provider that it syncs to.",
	Limits: "octoDNS creates no private zones by itself in most clouds, and its provider must be one whose zones only the VPC's " +
		"clients see. One zone hides every other name under endpoints.neo4j.io. Names are in the order of the plan: enforce_order " +
		"must be false. A name of more than 200 octets has no file that octoDNS would look for.",
	Shaped: true,
	Parameters: []formats.Parameter{{
		Name: "target", Required: true, Doc: "the provider to sync to, as it is called in octoDNS's configuration",
		Check: formats.Matches(octodnsProviderPattern, "the name of a provider: letters, digits, and any of - _ ."),
	}},
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		for _, zone := range v.Zones {
			if formats.FileName(zone.Origin) != dnsname.TrimDot(zone.Origin) {
				return nil, &formats.Refusal{
					Format:  "octodns",
					Reason:  fmt.Sprintf("octoDNS looks for a zone in a file of its name, and %s is too long for one", dnsname.TrimDot(zone.Origin)),
					Instead: "bind",
				}
			}
		}
		return func(yield func(formats.File) bool) {
			for zone := range v.Shaped(o.Shape) {
				if !yield(octodnsFile(v, zone)) {
					return
				}
			}
			yield(octodnsConfigFile(v, o))
		}, nil
	},
	Read:     readOctoDNS,
	Reads:    "zones of octoDNS's YamlProvider, whose file, or the directory with a file for each name, is called after the zone; all values of dynamic and geo; of a configuration what zones have beside their files: processors, aliases and other sources.",
	Detect:   detectOctoDNS,
	ReadBack: map[string]formats.Reader{".yaml": readOctoDNS, octodnsConfig: nil},
	PerZone:  []string{".yaml"},
}

var octodnsProviderPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// octodnsFile returns the file of one zone: a mapping of names, relative to the
// zone, to lists of records. All names are quoted: "no" is a string, too.
func octodnsFile(v zones.View, zone zones.Zone) formats.File {
	return formats.File{
		Name: zone.Origin + "yaml",
		Write: func(w io.Writer, _ uint32) error {
			out := bufio.NewWriter(w)
			fmt.Fprint(out, formats.Comment("#", "Zone "+zone.Origin, v), "---\n")
			if zone.IsEmpty() {
				fmt.Fprint(out, "{}\n")
			}
			for owner := range zone.All() {
				name := zonefile.Relative(owner.Name, zone.Origin)
				if name == "@" {
					name = ""
				}
				fmt.Fprintf(out, "%q: # %s\n", name, owner.Region)
				for rrset := range owner.RRsets() {
					fmt.Fprintf(out, "  - type: %s\n    ttl: %d\n    values:\n", rrset.Type, v.TTL)
					for _, addr := range rrset.Addrs {
						fmt.Fprintf(out, "      - %q\n", addr)
					}
				}
			}
			return out.Flush() // the first error of all writes
		},
	}
}

// isEmpty reports whether a sequence has nothing.
func isEmpty[T any](all iter.Seq[T]) bool {
	for range all {
		return false
	}
	return true
}

// octodnsConfigFile returns the configuration that syncs the zones.
func octodnsConfigFile(v zones.View, o formats.Options) formats.File {
	return formats.File{
		Name:    octodnsConfig,
		Snippet: true,
		Write: func(w io.Writer, _ uint32) error {
			out := bufio.NewWriter(w)
			fmt.Fprint(out, formats.Comment("#", "The zones", v))
			fmt.Fprint(out, "---\nproviders:\n  auralink:\n    class: octodns.provider.yaml.YamlProvider\n"+
				"    directory: ./ # where the zones' files are\n    enforce_order: false\n")
			fmt.Fprint(out, "zones:")
			if isEmpty(v.Shaped(o.Shape)) {
				fmt.Fprint(out, " {}")
			}
			fmt.Fprint(out, "\n")
			for zone := range v.Shaped(o.Shape) {
				fmt.Fprintf(out, "  %q:\n    sources: [auralink]\n    targets: [%q]\n", zone.Origin, o.Values["target"])
			}
			return out.Flush() // the first error of all writes
		},
	}
}
