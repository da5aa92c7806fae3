package clients

import (
	"bufio"
	"fmt"
	"io"
	"iter"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/forwarding"
)

// maxMacServers is how many name servers a file may name: MAXNS of resolver(5).
const maxMacServers = 3

// MacOSResolver are files for macOS's /etc/resolver.
var MacOSResolver = formats.Format{
	Name:    "macos-resolver",
	Group:   formats.GroupClients,
	Summary: "files for /etc/resolver of macOS, one for each domain",
	Form: "A file for each domain of the view, named after it, with the servers. Copy them to /etc/resolver, without the manifest." +
		" " + forwarding.OneZone,
	Limits: "dig and nslookup do not read /etc/resolver: check with dscacheutil -q host -a name NAME, and with scutil --dns. " +
		forwarding.BelowSingle + " At most three servers.",
	Shaped:  true,
	Servers: true,
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		if err := forwarding.AtMostServers("macos-resolver", o.Servers, maxMacServers); err != nil {
			return nil, err
		}
		return func(yield func(formats.File) bool) {
			for domain := range v.Domains() {
				if !yield(macFile(v, o, domain)) {
					return
				}
			}
		}, nil
	},
	PerZone: []string{""},
}

func macFile(v zones.View, o formats.Options, domain zones.Domain) formats.File {
	name := formats.FileName(domain.Name)
	return formats.File{
		Name: name,
		Write: func(w io.Writer, _ uint32) error {
			out := bufio.NewWriter(w)
			fmt.Fprint(out, formats.Comment("#", "Who answers "+dnsname.TrimDot(domain.Name), v))
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
