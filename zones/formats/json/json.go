// Package json is the format json: the view itself, for programs.
package json

import (
	"io"
	"iter"
	"net/netip"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
)

// Version is that of the format json. It is raised when a reader of the one
// before would misunderstand the new one; members may be added without.
const Version = 1

// Format is the view itself.
var Format = formats.Format{
	Name:    "json",
	Group:   formats.GroupTools,
	Summary: "the view itself, for programs of your own",
	Form: "One document with the version of the format, the clients' ranges, and each zone with its names, their regions " +
		"and addresses. A name that begins with *. is a wildcard (RFC 4592).",
	Limits: "Nothing loads it as it is: whoever reads it must see to it that other types at a name with addresses are " +
		"answered with no data, and not passed on to public DNS.",
	Clients: true,
	Write: func(v zones.View, _ formats.Options) (iter.Seq[formats.File], error) {
		return formats.Files(formats.File{
			Name:  formats.FileName(v.Name) + ".json",
			Write: func(w io.Writer, _ uint32) error { return jsontext.Write(w, viewObject(v)) },
		}), nil
	},
	Read:     read,
	Reads:    "views as export --format json writes them.",
	Detect:   detect,
	ReadBack: map[string]formats.Reader{".json": read},
}

// Owner is a name with its addresses in the format json.
type Owner struct {
	Name      string       `json:"name"`
	Region    string       `json:"region"`
	Addresses []netip.Addr `json:"addresses"`
}

// viewObject is a view in the format json.
func viewObject(v zones.View) jsontext.Object {
	clients := v.Clients
	if clients == nil {
		clients = []netip.Prefix{}
	}
	return jsontext.Object{
		{"comment", formats.Sentence("View", v)},
		{"version", Version},
		{"vpc", v.Name},
		{"clients", clients},
		{"ttl", v.TTL},
		{"zones", jsontext.List(func(yield func(any) bool) {
			for _, zone := range v.Zones {
				if !yield(zoneObject(zone)) {
					return
				}
			}
		})},
	}
}

func zoneObject(zone zones.Zone) jsontext.Object {
	return jsontext.Object{
		{"origin", zone.Origin},
		{"names", jsontext.List(func(yield func(any) bool) {
			for o := range zone.All() {
				if !yield(jsontext.Inline{Value: Owner{Name: o.Name, Region: o.Region, Addresses: o.Addrs}}) {
					return
				}
			}
		})},
	}
}
