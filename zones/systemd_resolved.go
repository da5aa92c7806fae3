package zones

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strings"
)

// systemdResolved are three ways to the same settings of systemd-resolved.
var systemdResolved = Format{
	Name:    "systemd-resolved",
	Group:   GroupClients,
	Summary: "routing domains for systemd-resolved: a delegation, a drop-in for a network, and a script for a link",
	Shape: "Domains=~ for each domain of the view. auralink.dns-delegate is for /etc/systemd/dns-delegate.d (systemd 258 " +
		"and later); auralink.conf is a drop-in for the .network file of a link of systemd-networkd; resolvectl.sh LINK sets " +
		"the same for a link that is up, such as a VPN's. Use one of them.",
	Limits: "No drop-in for resolved.conf: the servers in it are asked about all other names as well, whatever its " +
		"Domains say. " + belowSingle + " At most 256 domains.",
	Servers: true,
	files: func(v View, o Options) (iter.Seq[File], error) {
		if err := atMostDomains(v, "systemd-resolved", maxLinkDomains); err != nil {
			return nil, err
		}
		return files(
			resolvedFile("auralink.dns-delegate", "Delegate", "DefaultRoute", v, o),
			resolvedFile("auralink.conf", "Network", "DNSDefaultRoute", v, o),
			resolvectlScript(v, o),
		), nil
	},
}

// resolvedFile returns a file with the servers and the domains in one section;
// defaultRoute is the name of its setting for all other names.
func resolvedFile(name, section, defaultRoute string, v View, o Options) File {
	return File{
		Name: name,
		Write: func(w io.Writer, _ uint32) error {
			out := bufio.NewWriter(w)
			fmt.Fprint(out, comment("#", "The DNS", v))
			fmt.Fprintf(out, "[%s]\n", section)
			if domains := routed(v); len(domains) > 0 {
				fmt.Fprintf(out, "DNS=%s\n", strings.Join(Texts(o.Servers, ""), " "))
				fmt.Fprintf(out, "%s=no\n", defaultRoute)
				for _, domain := range domains {
					fmt.Fprintf(out, "Domains=%s\n", domain)
				}
			}
			return out.Flush() // the first error of all writes
		},
	}
}

// resolvectlScript returns the script for a link that is up.
func resolvectlScript(v View, o Options) File {
	return File{
		Name: "resolvectl.sh",
		Write: func(w io.Writer, _ uint32) error {
			out := bufio.NewWriter(w)
			fmt.Fprint(out, "#!/bin/sh\n", comment("#", "The DNS", v))
			fmt.Fprint(out, "# Usage: resolvectl.sh LINK, as the root user, when the link is up.\nset -eu\n")
			for _, call := range resolvectl(v, o, `"$1"`) {
				fmt.Fprintln(out, call)
			}
			return out.Flush() // the first error of all writes
		},
	}
}
