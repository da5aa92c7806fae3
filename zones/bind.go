package zones

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/miekg/dns"
)

// bind is the master file format of RFC 1035, section 5: one file per zone.
var bind = Format{
	Name:    "bind",
	Summary: "zone files (RFC 1035) for BIND, NSD, Knot, PowerDNS and CoreDNS file",
	Files: func(v View, shape Shape) iter.Seq[File] {
		return func(yield func(File) bool) {
			for zone := range v.Shaped(shape) {
				file := File{
					Name:  fileName(zone.Origin) + ".zone",
					Write: func(w io.Writer, serial uint32) error { return writeZoneFile(w, v, zone, serial) },
				}
				if !yield(file) {
					return
				}
			}
		}
	},
}

// maxFileName leaves room, in a name of 255 octets, for an ending and for what a
// temporary file is called.
const maxFileName = 200

// fileName returns a name for the file of a zone: its origin without the final
// dot, or of a long one the beginning and a digest.
func fileName(origin string) string {
	name := strings.TrimSuffix(origin, ".")
	if len(name) <= maxFileName {
		return name
	}
	digest := sha256.Sum256([]byte(origin))
	return fmt.Sprintf("%s-%x", name[:maxFileName-17], digest[:8])
}

// zoneHeader begins each zone file; it has the origin and the VPC.
const zoneHeader = "; Zone %s for the clients of VPC %s. Written by auralink: do not edit.\n"

// WrittenFor returns the VPC for which auralink has written the zone file that
// begins with head, and whether it has written it at all.
func WrittenFor(head []byte) (vpc string, ours bool) {
	line, _, _ := strings.Cut(string(head), "\n")
	_, line, found := strings.Cut(line, " for the clients of VPC ")
	vpc, _, written := strings.Cut(line, ". Written by auralink: do not edit.")
	return vpc, found && written && strings.HasPrefix(string(head), "; Zone ")
}

// writeZoneFile writes one zone as a master file.
func writeZoneFile(w io.Writer, v View, zone Zone, serial uint32) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, zoneHeader, zone.Origin, v.Name)
	writeShadowed(out, zone)
	fmt.Fprintf(out, "$ORIGIN %s\n$TTL %d\n", zone.Origin, v.TTL)
	fmt.Fprintf(out, "@\tIN\tSOA\t%s\n", rdata(SOA(zone.Origin, v.TTL, serial)))
	fmt.Fprintf(out, "@\tIN\tNS\t%s\n", rdata(NS(zone.Origin, v.TTL)))
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

// writeOwner writes a name's A and AAAA records, the region as a comment.
func writeOwner(out *bufio.Writer, owner Owner, origin string) {
	name := relative(owner.Name, origin)
	for _, addr := range owner.Addrs {
		kind := "AAAA"
		if addr.Is4() {
			kind = "A"
		}
		fmt.Fprintf(out, "%s\tIN\t%s\t%s\t; %s\n", name, kind, addr, owner.Region)
	}
}

// relative returns an absolute name as it is written below $ORIGIN.
func relative(name, origin string) string {
	if name == origin {
		return "@"
	}
	return strings.TrimSuffix(name, "."+origin)
}

// rdata returns a record's data in presentation format.
func rdata(rr dns.RR) string { return strings.TrimPrefix(rr.String(), rr.Header().String()) }
