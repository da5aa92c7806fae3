package zones

import (
	"bufio"
	"fmt"
	"io"
	"iter"

	"github.com/auralink/auralink/internal/dnsname"
)

// maxMacServers is how many name servers a file may name: MAXNS of resolver(5).
const maxMacServers = 3

// macosResolver are files for macOS's /etc/resolver.
var macosResolver = Format{
	Name:    "macos-resolver",
	Group:   GroupClients,
	Summary: "files for /etc/resolver of macOS, one for each domain",
	Shape:   "A file for each domain of the view, named after it, with the servers. Copy them to /etc/resolver, without the manifest.",
	Limits: "dig and nslookup do not read /etc/resolver: check with dscacheutil -q host -a name NAME, and with scutil --dns. " +
		belowSingle + " At most three servers.",
	Servers: true,
	files: func(v View, o Options) (iter.Seq[File], error) {
		if err := atMostServers("macos-resolver", o.Servers, maxMacServers); err != nil {
			return nil, err
		}
		return func(yield func(File) bool) {
			for domain := range v.Domains() {
				if !yield(macFile(v, o, domain)) {
					return
				}
			}
		}, nil
	},
}

func macFile(v View, o Options, domain Domain) File {
	name := fileName(domain.Name)
	return File{
		Name: name,
		Write: func(w io.Writer, _ uint32) error {
			out := bufio.NewWriter(w)
			fmt.Fprint(out, comment("#", "Who answers "+dnsname.TrimDot(domain.Name), v))
			if name != dnsname.TrimDot(domain.Name) { // else the domain is the file's name
				fmt.Fprintf(out, "domain %s\n", dnsname.TrimDot(domain.Name))
			}
			for _, server := range o.Servers {
				fmt.Fprintf(out, "nameserver %s\n", server)
			}
			return out.Flush() // the first error of all writes
		},
	}
}
