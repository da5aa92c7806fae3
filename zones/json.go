package zones

import (
	"io"
	"iter"
	"net/netip"
)

// JSONVersion is that of the format json. It is raised when a reader of the one
// before would misunderstand the new one; members may be added without.
const JSONVersion = 1

// jsonFormat is the view itself.
var jsonFormat = Format{
	Name:    "json",
	Group:   GroupTools,
	Summary: "the view itself, for programs of your own",
	Shape: "One document with the version of the format, the clients' ranges, and each zone with its names, their regions " +
		"and addresses. A name that begins with *. is a wildcard (RFC 4592).",
	Limits: "Nothing loads it as it is: whoever reads it must see to it that other types at a name with addresses are " +
		"answered with no data, and not passed on to public DNS.",
	files: func(v View, _ Options) (iter.Seq[File], error) {
		return files(File{
			Name:  fileName(v.Name) + ".json",
			Write: func(w io.Writer, _ uint32) error { return writeJSON(w, viewObject(v)) },
		}), nil
	},
}

// JSONOwner is a name with its addresses in the format json.
type JSONOwner struct {
	Name      string       `json:"name"`
	Region    string       `json:"region"`
	Addresses []netip.Addr `json:"addresses"`
}

// viewObject is a view in the format json.
func viewObject(v View) object {
	clients := v.Clients
	if clients == nil {
		clients = []netip.Prefix{}
	}
	return object{
		{"comment", writtenFor("View", v)},
		{"version", JSONVersion},
		{"vpc", v.Name},
		{"clients", clients},
		{"ttl", v.TTL},
		{"zones", list(func(yield func(any) bool) {
			for _, zone := range v.Zones {
				if !yield(zoneObject(zone)) {
					return
				}
			}
		})},
	}
}

func zoneObject(zone Zone) object {
	return object{
		{"origin", zone.Origin},
		{"names", list(func(yield func(any) bool) {
			for o := range zone.All() {
				if !yield(inline{JSONOwner{Name: o.Name, Region: o.Region, Addresses: o.Addrs}}) {
					return
				}
			}
		})},
	}
}
