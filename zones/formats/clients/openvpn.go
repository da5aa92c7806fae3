// Package clients has the formats that tell clients, or their VPN, which questions to
// send to the server that has a view.
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

const (
	// maxOpenVPNLine is the longest line that OpenVPN reads, in octets: its
	// OPTION_LINE_SIZE less the line feed and the final zero.
	maxOpenVPNLine = 254
	// maxOpenVPNServers is how many addresses one "dns server" has.
	maxOpenVPNServers = 8
)

// OpenVPN are options of OpenVPN 2.6.
var OpenVPN = formats.Format{
	Name:    "openvpn",
	Group:   formats.GroupClients,
	Summary: "dns options for OpenVPN 2.6 and later: for a client's configuration, and as push lines for a server's",
	Form: "One DNS server, with all its addresses, and dns server 1 resolve-domains for each domain of the view: " +
		"all other names stay with the client's own DNS." +
		" " + forwarding.OneZone,
	Limits: forwarding.BelowSingle + " A system that cannot tell domains apart ignores them and asks the server everything; " +
		"OpenVPN before 2.6 ignores all of it. At most eight addresses of servers. On Linux, OpenVPN 2.6 hands the options to its --up script.",
	Shaped:  true,
	Servers: true,
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		if err := checkOpenVPN(v, o); err != nil {
			return nil, err
		}
		return formats.Files(
			openvpnFile("openvpn-client.conf", "The DNS", "%s\n", v, o),
			openvpnFile("openvpn-server.conf", "The DNS to push", openvpnPush, v, o),
		), nil
	},
}

const (
	openvpnAddress = "dns server 1 address "
	openvpnDomain  = "dns server 1 resolve-domains "
	// openvpnPush is a server's line with an option for its clients.
	openvpnPush = "push \"%s\"\n"
)

func checkOpenVPN(v zones.View, o formats.Options) error {
	if err := forwarding.AtMostServers("openvpn", o.Servers, maxOpenVPNServers); err != nil {
		return err
	}
	for domain := range v.Domains() {
		if line := fmt.Sprintf(openvpnPush, openvpnDomain+dnsname.TrimDot(domain.Name)); len(line)-1 > maxOpenVPNLine {
			return &formats.Refusal{
				Format:  "openvpn",
				Reason:  fmt.Sprintf("the name %s is too long for a line of its configuration", dnsname.TrimDot(domain.Name)),
				Instead: forwarding.WholeDNS,
			}
		}
	}
	return nil
}

// openvpnFile returns a file with each option as a line.
func openvpnFile(name, what, line string, v zones.View, o formats.Options) formats.File {
	return formats.File{
		Name: name,
		Write: func(w io.Writer, _ uint32) error {
			out := bufio.NewWriter(w)
			fmt.Fprint(out, formats.Comment("#", what, v))
			// Without domains the server would be asked everything.
			if forwarding.Any(v) {
				fmt.Fprintf(out, line, openvpnAddress+strings.Join(zones.Texts(o.Servers, ""), " "))
			}
			for domain := range v.Domains() {
				fmt.Fprintf(out, line, openvpnDomain+dnsname.TrimDot(domain.Name))
			}
			return out.Flush() // the first error of all writes
		},
	}
}
