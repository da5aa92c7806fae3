package tools

import (
	"io"
	"iter"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// PowerDNS are zones for the HTTP API of the PowerDNS authoritative server.
var PowerDNS = formats.Format{
	Name:    "powerdns",
	Group:   formats.GroupTools,
	Summary: "zones for the HTTP API of the PowerDNS authoritative server, one document for each",
	Form: "A zone for each orchestra, with records at its apex and a wildcard. Individual records are a zone for each name, so " +
		"that nothing else under endpoints.neo4j.io is touched; with shape=one-zone they are one zone. POST a document to " +
		"/api/v1/servers/localhost/zones to create the zone; PATCH it to /api/v1/servers/localhost/zones/NAME. to replace its " +
		"records. The server sets the serial by itself (soa_edit_api EPOCH).",
	Limits: "PATCH replaces and adds, and never removes: when names have left a zone, delete it and POST it anew. The zones are for " +
		"the clients of one VPC: each VPC needs a server of its own. One zone hides every other name under endpoints.neo4j.io.",
	Shaped: true,
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		return func(yield func(formats.File) bool) {
			for zone := range v.Shaped(o.Shape) {
				file := formats.File{
					Name:  formats.FileName(zone.Origin) + ".json",
					Write: func(w io.Writer, _ uint32) error { return jsontext.Write(w, powerdnsZone(v, zone)) },
				}
				if !yield(file) {
					return
				}
			}
		}, nil
	},
	Read:     readPowerDNS,
	Reads:    "zones of PowerDNS's HTTP API.",
	Detect:   detectPowerDNS,
	ReadBack: map[string]formats.Reader{".json": readPowerDNS},
	PerZone:  []string{".json"},
}

// firstSerial is the serial that PowerDNS replaces with one of its own.
const firstSerial = 1

// powerdnsZone is a Zone object of the API. PATCH reads rrsets alone, and POST
// all but changetype; neither minds the comment.
func powerdnsZone(v zones.View, zone zones.Zone) jsontext.Object {
	return jsontext.Object{
		{"comment", formats.Sentence("Zone "+zone.Origin, v)},
		{"name", zone.Origin},
		{"kind", "Native"},
		{"soa_edit_api", "EPOCH"},
		{"nameservers", []string{}},
		{"rrsets", jsontext.List(func(yield func(any) bool) {
			soa := zonefile.Data(zones.SOA(zone.Origin, v.TTL, firstSerial))
			if !yield(powerdnsRRset(zone.Origin, "SOA", v.TTL, soa)) ||
				!yield(powerdnsRRset(zone.Origin, "NS", v.TTL, zonefile.Data(zones.NS(zone.Origin, v.TTL)))) {
				return
			}
			for rrset := range zone.RRsets() {
				if !yield(powerdnsRRset(rrset.Name, rrset.Type, v.TTL, rrset.Texts()...)) {
					return
				}
			}
		})},
	}
}

// powerdnsRecord is a Record object of the API.
type powerdnsRecord struct {
	Content  string `json:"content"`
	Disabled bool   `json:"disabled"`
}

// powerdnsRRset is an RRSet object of the API.
func powerdnsRRset(name, kind string, ttl uint32, contents ...string) jsontext.Object {
	records := make([]powerdnsRecord, len(contents))
	for i, content := range contents {
		records[i].Content = content
	}
	return jsontext.Object{
		{"name", name},
		{"type", kind},
		{"ttl", ttl},
		{"changetype", "REPLACE"},
		{"records", records},
	}
}
