package azure

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"iter"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/script"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

const zoneName = "azure-zone"

// Zone is zone files for Azure's command line.
var Zone = formats.Format{
	Name:    zoneName,
	Group:   formats.GroupClouds,
	Summary: "zone files for az network private-dns zone import, with a script that imports and links them",
	Form: shapeText + " The files have the SOA first and no NS. sh zones.sh RESOURCE-GROUP VIRTUAL-NETWORK-ID[,...] [AZ-OPTION...] " +
		"imports the files, which creates the zones, and only then links them.",
	Limits: limitsText + " An import adds and replaces record sets, and never removes one: zones.sh says what is left over, and fails.",
	Shaped: true,
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		if refusal := check(zoneName, v, o.Shape); refusal != nil {
			return nil, refusal
		}
		return func(yield func(formats.File) bool) {
			for zone := range v.Shaped(o.Shape) {
				if !yield(formats.File{
					Name:   zonefile.Name(zone),
					Origin: zone.Origin,
					Write: func(w io.Writer, serial uint32) error {
						return zonefile.Write(w, v, zone, zones.SOA(zone.Origin, v.TTL, serial))
					},
				}) {
					return
				}
			}
			yield(formats.File{Name: "zones.sh", Snippet: true, Write: func(w io.Writer, _ uint32) error { return writeScript(w, v, o) }})
		}, nil
	},
	Read:        zonesTemplate.Or(readRecordSets),
	Reads:       "what az network private-dns record-set list prints, as JSON or YAML, of all pages; and beside it zone list, link vnet list and az dns-resolver forwarding-rule list.",
	ReadAs:      "azure-record-sets",
	Detect:      zonesTemplate.OrDetect(detectRecordSets),
	ReadBack:    map[string]formats.Reader{".zone": readZoneFile},
	PerZone:     []string{".zone"},
	Permissions: zonePermissions,
}

//go:embed zones.sh
var zonesScript string

// zonesTemplate reads the script back.
var zonesTemplate = &script.Template{
	What: "Private DNS zones", Text: zonesScript, Lines: "ZONES",
	Read: func(b *holdings.Builder, in formats.Input, line script.Line) []string {
		return script.Import(b, in, line, 0, 1)
	},
	Files: "*.zone",
}

// writeScript writes the lines of az that import the zones and link them.
func writeScript(w io.Writer, v zones.View, o formats.Options) error {
	return script.Write(w, zonesScript, script.Parts{
		"WRITTEN": formats.Sentence("Private DNS zones", v),
		"LINK":    linkName(v),
		"ZONES":   script.Each(v.Shaped(o.Shape), writeZoneLine),
	})
}

// writeZoneLine writes what the script must know of a zone.
func writeZoneLine(out *bufio.Writer, zone zones.Zone) {
	rrsets := 0
	for range zone.RRsets() {
		rrsets++
	}
	fmt.Fprintf(out, "%s %s %d\n", dnsname.TrimDot(zone.Origin), zonefile.Name(zone), rrsets)
}
