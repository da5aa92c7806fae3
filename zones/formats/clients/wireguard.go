package clients

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/forwarding"
)

// maxLinkDomains is how many domains systemd-resolved has for one link, or for
// one delegation: its LINK_SEARCH_DOMAINS_MAX.
const maxLinkDomains = 256

// WireGuard is a part of a configuration of wg-quick.
var WireGuard = formats.Format{
	Name:    "wireguard",
	Group:   formats.GroupClients,
	Summary: "lines for a WireGuard client's configuration, for wg-quick on Linux with systemd-resolved",
	Form: "PostUp lines that tell systemd-resolved to ask the server about the domains of the view, and nothing else. " +
		"There is no DNS line: with it the server would be asked everything, and a domain in it is one to search, not to route." +
		" " + forwarding.OneZone,
	Limits: "WireGuard knows no DNS by domain, so only wg-quick where resolvectl is can do it. The applications for " +
		"Windows, macOS, iOS and Android ignore PostUp lines: there write DNS = and the server's address, and let the server " +
		"pass on what is not its own. " + forwarding.BelowSingle + " At most 256 domains.",
	Shaped:  true,
	Servers: true,
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		if err := forwarding.AtMostDomains(v, "wireguard", maxLinkDomains); err != nil {
			return nil, err
		}
		return formats.Files(formats.File{
			Name:  "wireguard.conf",
			Write: func(w io.Writer, _ uint32) error { return writeWireGuard(w, v, o) },
		}), nil
	},
}

func writeWireGuard(w io.Writer, v zones.View, o formats.Options) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, formats.Comment("#", "The DNS", v))
	fmt.Fprint(out, "# Put these lines into the section [Interface] of the client's configuration.\n[Interface]\n")
	for _, call := range resolvectl(v, o, "%i") {
		fmt.Fprintf(out, "PostUp = %s\n", call)
	}
	return out.Flush() // the first error of all writes
}

// resolvectl returns the commands that have systemd-resolved ask the servers
// over a link about the view's domains, and nothing else. The settings go when
// the link goes.
func resolvectl(v zones.View, o formats.Options, link string) []string {
	domains := routed(v)
	if len(domains) == 0 {
		return nil
	}
	return []string{
		fmt.Sprintf("resolvectl dns %s %s", link, strings.Join(zones.Texts(o.Servers, ""), " ")),
		fmt.Sprintf("resolvectl domain %s %s", link, strings.Join(quoted(domains), " ")),
		fmt.Sprintf("resolvectl default-route %s no", link),
	}
}

// routed returns the view's domains as systemd-resolved has domains that route
// questions and are not searched; at most maxLinkDomains.
func routed(v zones.View) []string {
	var domains []string
	for domain := range v.Domains() {
		domains = append(domains, "~"+dnsname.TrimDot(domain.Name))
	}
	return domains
}

// quoted puts words between single quotes, for a shell that would take a tilde
// for a home directory. The words have no quotes.
func quoted(words []string) []string {
	out := make([]string, len(words))
	for i, word := range words {
		out[i] = "'" + word + "'"
	}
	return out
}
