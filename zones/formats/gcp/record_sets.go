// Package gcp has the formats for Google Cloud.
package gcp

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"iter"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/resource"
	"github.com/auralink/auralink/zones/formats/internal/script"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

const recordSetsName = "gcp-record-sets"

// RecordSets is private managed zones of Google Cloud DNS.
var RecordSets = formats.Format{
	Name:    recordSetsName,
	Group:   formats.GroupClouds,
	Summary: "zone files for gcloud dns record-sets import, with a script that creates the private zones",
	Form: "A private managed zone for each orchestra, with records at its apex and a wildcard. Individual records are a zone for " +
		"each name, since a private zone answers NXDOMAIN for all it has no records for; with shape=one-zone they are one zone. " +
		"The files have neither SOA nor NS, which Cloud DNS makes. sh zones.sh NETWORK[,NETWORK...] [GCLOUD-FLAG...] creates the zones, imports " +
		"the files, and only then shows the zones to the networks.",
	Limits: "A zone hides every name below its own that it has no records for; one zone, every other name under " +
		"endpoints.neo4j.io. An import is one change, of 1,000 record sets and 100,000 " +
		"octets of data: larger zones are refused. Every managed zone is charged, and their number in a project has a quota, as " +
		"has the number that a network sees. An import replaces all that a zone has, but a zone that is no longer planned stays: " +
		"zones.sh says what is left over, and fails.",
	Shaped: true,
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		if refusal := checkImport(v, o.Shape); refusal != nil {
			return nil, refusal
		}
		return func(yield func(formats.File) bool) {
			for zone := range v.Shaped(o.Shape) {
				if !yield(formats.File{
					Name:  zonefile.Name(zone),
					Write: func(w io.Writer, _ uint32) error { return zonefile.Write(w, v, zone) },
				}) {
					return
				}
			}
			yield(formats.File{Name: "zones.sh", Snippet: true, Write: func(w io.Writer, _ uint32) error { return writeZonesScript(w, v, o) }})
		}, nil
	},
	Read:        zonesTemplate.Or(readRecordSets),
	Reads:       "what gcloud dns record-sets list and export print, as JSON or YAML, of all pages; and beside it managed-zones list, policies list and response-policies list.",
	Detect:      zonesTemplate.OrDetect(detectRecordSets),
	ReadBack:    map[string]formats.Reader{".zone": readZoneFile},
	PerZone:     []string{".zone"},
	Permissions: zonesPermissions,
}

const (
	maxImportRRsets = 1000    // in one change
	maxImportData   = 100_000 // octets in one change
)

// checkImport returns why an import would fail.
func checkImport(v zones.View, shape zones.Shape) *formats.Refusal {
	for zone := range v.Shaped(shape) {
		rrsets, data := 0, 0
		for rrset := range zone.RRsets() {
			rrsets++
			data += rrset.Characters()
			if rrsets > maxImportRRsets || data > maxImportData {
				return &formats.Refusal{
					Format: recordSetsName,
					Reason: fmt.Sprintf("zone %s has more than the %d record sets or %d octets of data that one change takes",
						zone.Origin, maxImportRRsets, maxImportData),
					Instead: "shape=per-name, or format gcp-response-policy",
				}
			}
		}
	}
	return nil
}

//go:embed zones.sh
var zonesScript string

// zonesTemplate reads the script back. What it imports is a zone, whose SOA Cloud DNS makes.
var zonesTemplate = &script.Template{
	What: "Private managed zones", Text: zonesScript, Lines: "ZONES",
	Read: func(b *holdings.Builder, in formats.Input, line script.Line) []string {
		return script.Import(b, in, line, 1, 2)
	},
	Files: "*.zone",
}

// writeZonesScript writes the gcloud lines that create the zones, and import
// their record sets.
func writeZonesScript(w io.Writer, v zones.View, o formats.Options) error {
	return script.Write(w, zonesScript, script.Parts{
		"WRITTEN":     formats.Sentence("Private managed zones", v),
		"PREFIX":      resource.Prefix(v),
		"DESCRIPTION": formats.Sentence("Private managed zone", v),
		"ZONES": script.Each(v.Shaped(o.Shape), func(out *bufio.Writer, zone zones.Zone) {
			fmt.Fprintf(out, "%s %s %s\n", resource.Name(v, zone.Origin), zone.Origin, zonefile.Name(zone))
		}),
	})
}
