// Package zonefile is the master file format of RFC 1035, section 5, and what tells
// name servers to load such files.
package zonefile

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
)

// Format is the master file format of RFC 1035, section 5: one file per zone.
var Format = formats.Format{
	Name:    "bind",
	Group:   formats.GroupZones,
	Summary: "zone files (RFC 1035) for BIND, NSD, Knot, PowerDNS and CoreDNS file",
	Form: "A zone for each orchestra, with records at its apex and a wildcard. Individual records are a zone for each name, " +
		"so that nothing else under endpoints.neo4j.io is touched; with shape=one-zone they are one zone. " +
		"Where a zone lies several labels below another one with a wildcard, the names between have " +
		"records of their own, for NSD lets no wildcard reach them. Snippets for named.conf, nsd.conf and knot.conf load the zones.",
	Limits: "One zone hides every other name under endpoints.neo4j.io, and a zone for each name is too much for " +
		"tens of thousands of custom endpoints: use rpz there. CoreDNS file answers with a wildcard where a name exists only " +
		"because of names below it.",
	Shaped: true,
	Parameters: []formats.Parameter{{
		Name:  "directory",
		Doc:   "where the name server finds the zone files, if not in its own directory for them",
		Check: formats.CheckPath,
	}},
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		return func(yield func(formats.File) bool) {
			between := v.Between()
			for zone := range v.Shaped(o.Shape) {
				if !yield(File(v, zone.With(between[zone.Origin]))) {
					return
				}
			}
			for _, snippet := range snippets(v, o) {
				if !yield(snippet) {
					return
				}
			}
		}, nil
	},
	Read:     Read,
	Reads:    "zone files (RFC 1035), what dig prints of a transfer, and what Windows DNS exports. $INCLUDE is read in its place; a record that cannot be read is a note.",
	ReadAs:   "zone",
	Detect:   detect,
	ReadBack: map[string]formats.Reader{".zone": Read},
	PerZone:  []string{".zone"},
}

// Name returns the name of the file of one zone.
func Name(zone zones.Zone) string { return formats.FileName(zone.Origin) + ".zone" }

// File returns the file of one zone.
func File(v zones.View, zone zones.Zone) formats.File {
	return formats.File{
		Name:   Name(zone),
		Origin: zone.Origin,
		Write: func(w io.Writer, serial uint32) error {
			return Write(w, v, zone, zones.SOA(zone.Origin, v.TTL, serial), zones.NS(zone.Origin, v.TTL))
		},
	}
}

// Write writes one zone as a master file. The records of apex are its
// first.
func Write(w io.Writer, v zones.View, zone zones.Zone, apex ...dns.RR) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, formats.Comment(";", "Zone "+zone.Origin, v))
	writeShadowed(out, zone)
	fmt.Fprintf(out, "$ORIGIN %s\n$TTL %d\n", zone.Origin, v.TTL)
	for _, rr := range apex {
		fmt.Fprintf(out, "@\tIN\t%s\t%s\n", dns.TypeToString[rr.Header().Rrtype], Data(rr))
	}
	for owner := range zone.All() {
		WriteOwner(out, owner, zone.Origin)
	}
	return out.Flush() // the first error of all writes
}

// maxShadowed is how many names a comment lists.
const maxShadowed = 20

// writeShadowed says which known names the zone hides from its clients.
func writeShadowed(out *bufio.Writer, zone zones.Zone) {
	if zone.Endpoints == nil {
		return
	}
	fmt.Fprintf(out, "; It hides every other name under %s\n", zone.Origin)
	hidden := 0
	for label := range zone.Unlinked() {
		if hidden < maxShadowed {
			fmt.Fprintf(out, "; It hides custom endpoint %s, whose region the VPC does not link.\n", label)
		}
		hidden++
	}
	if hidden > maxShadowed {
		fmt.Fprintf(out, "; It hides %s.\n", spell.Count(hidden-maxShadowed, "more such custom endpoint"))
	}
}

// WriteOwner writes a name's A and AAAA records, the region as a comment. A zone
// may have millions: it is written piece by piece.
func WriteOwner(out *bufio.Writer, owner zones.Owner, origin string) {
	name := Relative(owner.Name, origin)
	for _, addr := range owner.Addrs {
		_, _ = out.WriteString(name)
		if addr.Is4() {
			_, _ = out.WriteString("\tIN\tA\t")
		} else {
			_, _ = out.WriteString("\tIN\tAAAA\t")
		}
		_, _ = out.Write(addr.AppendTo(out.AvailableBuffer()))
		_, _ = out.WriteString("\t; ")
		_, _ = out.WriteString(owner.Region)
		_ = out.WriteByte('\n')
	}
}

// Relative returns an absolute name as it is written below $ORIGIN.
func Relative(name, origin string) string {
	if name == origin {
		return "@"
	}
	return dnsname.TrimDot(strings.TrimSuffix(name, origin))
}

// Data returns a record's data in presentation format.
func Data(rr dns.RR) string { return strings.TrimPrefix(rr.String(), rr.Header().String()) }

// OneLine returns a record with spaces for tabs.
func OneLine(record string) string { return strings.ReplaceAll(record, "\t", " ") }
