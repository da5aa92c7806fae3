package zonefile

import (
	"bufio"
	"fmt"
	"io"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
)

// A snippet is a part of a name server's configuration.
type snippet struct {
	file   string // its name
	mark   string // of a comment
	header string // stands once before the zones
	zone   string // stands for each zone: its origin and its file
}

// syntaxes are those of the servers that read zone files. PowerDNS reads
// named.conf too and does not know the type primary, nor does BIND 9.11.
var syntaxes = []snippet{
	{file: "named.conf", mark: "//", zone: "zone %q { type master; file %q; };\n"},
	{file: "nsd.conf", mark: "#", zone: "zone:\n\tname: %q\n\tzonefile: %q\n"},
	{file: "knot.conf", mark: "#", header: "zone:\n", zone: "  - domain: %q\n    file: %q\n"},
}

// snippets returns the files that tell name servers to load the view's zones.
func snippets(v zones.View, o formats.Options) []formats.File {
	snippets := make([]formats.File, len(syntaxes))
	for i, syntax := range syntaxes {
		snippets[i] = formats.File{
			Name:    syntax.file,
			Snippet: true,
			Write: func(w io.Writer, _ uint32) error {
				out := bufio.NewWriter(w)
				fmt.Fprint(out, formats.Comment(syntax.mark, "The zones", v))
				fmt.Fprint(out, syntax.header)
				for zone := range v.Shaped(o.Shape) {
					fmt.Fprintf(out, syntax.zone, dnsname.TrimDot(zone.Origin), o.InDirectory(File(v, zone).Name))
				}
				return out.Flush() // the first error of all writes
			},
		}
	}
	return snippets
}
