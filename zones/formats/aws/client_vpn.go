package aws

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"iter"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/forwarding"
	"github.com/auralink/auralink/zones/formats/internal/script"
)

// maxClientVPNServers is how many DNS servers an endpoint of AWS Client VPN has.
const maxClientVPNServers = 2

// ClientVPN is a script for the AWS command line.
var ClientVPN = formats.Format{
	Name:    "aws-client-vpn",
	Group:   formats.GroupClients,
	Summary: "a script that gives an AWS Client VPN endpoint its DNS servers",
	Form: "The endpoint hands its clients DNS servers and no domains, so these are asked about all names: the server must " +
		"answer those of the view, and pass on all else (fallthrough, and forward to the VPC's own DNS). The script lists the " +
		"domains of the view in a comment.",
	Limits: "It cannot send some domains only. At most two servers, with IPv4 addresses. The endpoint asks from its own " +
		"subnets: their ranges must be among the VPC's clients.",
	Servers: true,
	Parameters: []formats.Parameter{{
		Name: "endpoint-id", Required: true, Check: formats.Matches(clientVPNPattern, "the id of a Client VPN endpoint, such as cvpn-endpoint-0a1b2c3d"),
		Doc: "the Client VPN endpoint, such as cvpn-endpoint-0a1b2c3d",
	}},
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		if err := forwarding.AtMostServers("aws-client-vpn", o.Servers, maxClientVPNServers); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(o.Servers, netip.Addr.Is6) {
			return nil, &formats.Refusal{
				Format:  "aws-client-vpn",
				Reason:  "an endpoint takes the IPv4 addresses of DNS servers alone",
				Instead: "give the server's IPv4 address",
			}
		}
		return formats.Files(formats.File{
			Name:  "aws-client-vpn.sh",
			Write: func(w io.Writer, _ uint32) error { return writeClientVPN(w, v, o) },
		}), nil
	},
	Permissions: clientVPNPermissions,
}

var clientVPNPattern = regexp.MustCompile(`^cvpn-endpoint-[0-9a-f]{8,17}$`)

//go:embed client_vpn.sh
var clientVPNScript string

func writeClientVPN(w io.Writer, v zones.View, o formats.Options) error {
	return script.Write(w, clientVPNScript, script.Parts{
		"WRITTEN": formats.Sentence("The DNS servers", v),
		"LIST": script.Each(v.Domains(), func(out *bufio.Writer, domain zones.Domain) {
			fmt.Fprintf(out, "#   %s\n", dnsname.TrimDot(domain.Name))
		}),
		"DOMAINS":  forwarding.Any(v),
		"ENDPOINT": o.Values["endpoint-id"],
		"SERVERS":  strings.Join(zones.Texts(o.Servers, ""), ","),
	})
}
