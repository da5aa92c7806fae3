package zones

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
)

const (
	// maxOpenVPNLine is the longest line that OpenVPN reads, in octets: its
	// OPTION_LINE_SIZE less the line feed and the final zero.
	maxOpenVPNLine = 254
	// maxOpenVPNServers is how many addresses one "dns server" has.
	maxOpenVPNServers = 8
)

// openvpn are options of OpenVPN 2.6.
var openvpn = Format{
	Name:    "openvpn",
	Group:   GroupClients,
	Summary: "dns options for OpenVPN 2.6 and later: for a client's configuration, and as push lines for a server's",
	Shape: "One DNS server, with all its addresses, and dns server 1 resolve-domains for each domain of the view: " +
		"all other names stay with the client's own DNS.",
	Limits: belowSingle + " A system that cannot tell domains apart ignores them and asks the server everything; " +
		"OpenVPN before 2.6 ignores all of it. At most eight addresses of servers. On Linux, OpenVPN 2.6 hands the options to its --up script.",
	Servers: true,
	files: func(v View, o Options) (iter.Seq[File], error) {
		if err := checkOpenVPN(v, o); err != nil {
			return nil, err
		}
		return files(
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

func checkOpenVPN(v View, o Options) error {
	if err := atMostServers("openvpn", o.Servers, maxOpenVPNServers); err != nil {
		return err
	}
	for domain := range v.Domains() {
		if line := fmt.Sprintf(openvpnPush, openvpnDomain+dnsname.TrimDot(domain.Name)); len(line)-1 > maxOpenVPNLine {
			return &Refusal{
				Format:  "openvpn",
				Reason:  fmt.Sprintf("the name %s is too long for a line of its configuration", dnsname.TrimDot(domain.Name)),
				Instead: wholeDNS,
			}
		}
	}
	return nil
}

// openvpnFile returns a file with each option as a line.
func openvpnFile(name, what, line string, v View, o Options) File {
	return File{
		Name: name,
		Write: func(w io.Writer, _ uint32) error {
			out := bufio.NewWriter(w)
			fmt.Fprint(out, comment("#", what, v))
			// Without domains the server would be asked everything.
			if hasDomains(v) {
				fmt.Fprintf(out, line, openvpnAddress+strings.Join(Texts(o.Servers, ""), " "))
			}
			for domain := range v.Domains() {
				fmt.Fprintf(out, line, openvpnDomain+dnsname.TrimDot(domain.Name))
			}
			return out.Flush() // the first error of all writes
		},
	}
}
