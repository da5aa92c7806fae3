package zones

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/miekg/dns"
)

// bind is the master file format of RFC 1035, section 5: one file per zone.
var bind = Format{
	Name:    "bind",
	Group:   GroupZones,
	Summary: "zone files (RFC 1035) for BIND, NSD, Knot, PowerDNS and CoreDNS file",
	Shape: "A zone for each orchestra, with records at its apex and a wildcard. Individual records are a zone for each name, " +
		"so that nothing else under endpoints.neo4j.io is touched; with --shape one-zone they are one zone. " +
		"Snippets for named.conf, nsd.conf and knot.conf load them.",
	Limits: "One zone hides every other name under endpoints.neo4j.io, and a zone for each name is too much for " +
		"tens of thousands of custom endpoints: use rpz there. Where a zone lies several labels below another one with a wildcard, " +
		"NSD has no addresses for the names between them; and CoreDNS file answers with a wildcard where a name exists only " +
		"because of names below it.",
	Shaped: true,
	Parameters: []Parameter{{
		Name:  "directory",
		Doc:   "where the name server finds the zone files, if not in its own directory for them",
		Check: checkPath,
	}},
	files: func(v View, o Options) (iter.Seq[File], error) {
		return func(yield func(File) bool) {
			for zone := range v.Shaped(o.Shape) {
				if !yield(zoneFile(v, zone)) {
					return
				}
			}
			for _, snippet := range bindSnippets(v, o) {
				if !yield(snippet) {
					return
				}
			}
		}, nil
	},
}

// zoneFileName returns the name of the file of one zone.
func zoneFileName(zone Zone) string { return fileName(zone.Origin) + ".zone" }

// zoneFile returns the file of one zone.
func zoneFile(v View, zone Zone) File {
	return File{
		Name:   zoneFileName(zone),
		Origin: zone.Origin,
		Write: func(w io.Writer, serial uint32) error {
			return writeZoneFile(w, v, zone, SOA(zone.Origin, v.TTL, serial), NS(zone.Origin, v.TTL))
		},
	}
}

// writeZoneFile writes one zone as a master file. The records of apex are its
// first.
func writeZoneFile(w io.Writer, v View, zone Zone, apex ...dns.RR) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, comment(";", "Zone "+zone.Origin, v))
	writeShadowed(out, zone)
	fmt.Fprintf(out, "$ORIGIN %s\n$TTL %d\n", zone.Origin, v.TTL)
	for _, rr := range apex {
		fmt.Fprintf(out, "@\tIN\t%s\t%s\n", dns.TypeToString[rr.Header().Rrtype], rdata(rr))
	}
	for owner := range zone.All() {
		writeOwner(out, owner, zone.Origin)
	}
	return out.Flush() // the first error of all writes
}

// maxShadowed is how many names a comment lists.
const maxShadowed = 20

// writeShadowed says which known names the zone hides from its clients.
func writeShadowed(out *bufio.Writer, zone Zone) {
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
		fmt.Fprintf(out, "; It hides %d more of such custom endpoints.\n", hidden-maxShadowed)
	}
}

// writeOwner writes a name's A and AAAA records, the region as a comment. A zone
// may have millions: it is written piece by piece.
func writeOwner(out *bufio.Writer, owner Owner, origin string) {
	name := relative(owner.Name, origin)
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

// relative returns an absolute name as it is written below $ORIGIN.
func relative(name, origin string) string {
	if name == origin {
		return "@"
	}
	return strings.TrimSuffix(strings.TrimSuffix(name, origin), ".")
}

// rdata returns a record's data in presentation format.
func rdata(rr dns.RR) string { return strings.TrimPrefix(rr.String(), rr.Header().String()) }

// oneLine returns a record with spaces for tabs.
func oneLine(record string) string { return strings.ReplaceAll(record, "\t", " ") }
