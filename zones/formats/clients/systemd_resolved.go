package clients

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/forwarding"
	"github.com/auralink/auralink/zones/formats/internal/script"
)

// SystemdResolved are three ways to the same settings of systemd-resolved.
var SystemdResolved = formats.Format{
	Name:    "systemd-resolved",
	Group:   formats.GroupClients,
	Summary: "routing domains for systemd-resolved: a delegation, a drop-in for a network, and a script for a link",
	Form: "Domains=~ for each domain of the view. auralink.dns-delegate is for /etc/systemd/dns-delegate.d (systemd 258 " +
		"and later); auralink.conf is a drop-in for the .network file of a link of systemd-networkd; resolvectl.sh LINK sets " +
		"the same for a link that is up, such as a VPN's. Use one of them." +
		" " + forwarding.OneZone,
	Limits: "No drop-in for resolved.conf: the servers in it are asked about all other names as well, whatever its " +
		"Domains say. " + forwarding.BelowSingle + " At most 256 domains.",
	Shaped:  true,
	Servers: true,
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		if err := forwarding.AtMostDomains(v, "systemd-resolved", maxLinkDomains); err != nil {
			return nil, err
		}
		return formats.Files(
			resolvedFile("auralink.dns-delegate", "Delegate", "DefaultRoute", v, o),
			resolvedFile("auralink.conf", "Network", "DNSDefaultRoute", v, o),
			resolvectlScript(v, o),
		), nil
	},
}

// resolvedFile returns a file with the servers and the domains in one section;
// defaultRoute is the name of its setting for all other names.
func resolvedFile(name, section, defaultRoute string, v zones.View, o formats.Options) formats.File {
	return formats.File{
		Name: name,
		Write: func(w io.Writer, _ uint32) error {
			out := bufio.NewWriter(w)
			fmt.Fprint(out, formats.Comment("#", "The DNS", v))
			fmt.Fprintf(out, "[%s]\n", section)
			if domains := routed(v); len(domains) > 0 {
				fmt.Fprintf(out, "DNS=%s\n", strings.Join(zones.Texts(o.Servers, ""), " "))
				fmt.Fprintf(out, "%s=no\n", defaultRoute)
				for _, domain := range domains {
					fmt.Fprintf(out, "Domains=%s\n", domain)
				}
			}
			return out.Flush() // the first error of all writes
		},
	}
}

//go:embed resolvectl.sh
var resolvectlText string

// resolvectlScript returns the script for a link that is up.
func resolvectlScript(v zones.View, o formats.Options) formats.File {
	return formats.File{
		Name: "resolvectl.sh",
		Write: func(w io.Writer, _ uint32) error {
			return script.Write(w, resolvectlText, script.Parts{
				"WRITTEN": formats.Sentence("The DNS", v),
				"CALLS": script.Each(slices.Values(resolvectl(v, o, `"$1"`)), func(out *bufio.Writer, call string) {
					fmt.Fprintln(out, call)
				}),
			})
		},
	}
}
