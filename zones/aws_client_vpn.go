package zones

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
)

// maxClientVPNServers is how many DNS servers an endpoint of AWS Client VPN has.
const maxClientVPNServers = 2

// awsClientVPN is a script for the AWS command line.
var awsClientVPN = Format{
	Name:    "aws-client-vpn",
	Group:   GroupClients,
	Summary: "a script that gives an AWS Client VPN endpoint its DNS servers",
	Shape: "The endpoint hands its clients DNS servers and no domains, so these are asked about all names: the server must " +
		"answer those of the view, and pass on all else (fallthrough, and forward to the VPC's own DNS). The script lists the " +
		"domains of the view in a comment.",
	Limits: "It cannot send some domains only. At most two servers, with IPv4 addresses. The endpoint asks from its own " +
		"subnets: their ranges must be among the VPC's clients.",
	Servers: true,
	Parameters: []Parameter{{
		Name: "endpoint-id", Required: true, Check: matches(clientVPNPattern, "the id of a Client VPN endpoint, such as cvpn-endpoint-0a1b2c3d"),
		Doc: "the Client VPN endpoint, such as cvpn-endpoint-0a1b2c3d",
	}},
	files: func(v View, o Options) (iter.Seq[File], error) {
		if err := atMostServers("aws-client-vpn", o.Servers, maxClientVPNServers); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(o.Servers, netip.Addr.Is6) {
			return nil, &Refusal{
				Format:  "aws-client-vpn",
				Reason:  "an endpoint takes the IPv4 addresses of DNS servers alone",
				Instead: "give the server's IPv4 address",
			}
		}
		return files(File{
			Name:  "aws-client-vpn.sh",
			Write: func(w io.Writer, _ uint32) error { return writeClientVPN(w, v, o) },
		}), nil
	},
}

var clientVPNPattern = regexp.MustCompile(`^cvpn-endpoint-[0-9a-f]{8,17}$`)

func writeClientVPN(w io.Writer, v View, o Options) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, "#!/bin/sh\n", comment("#", "The DNS servers", v))
	fmt.Fprint(out, "# The clients ask them about all names. They must pass on all that is in none of these domains:\n")
	for domain := range v.Domains() {
		fmt.Fprintf(out, "#   %s\n", dnsname.TrimDot(domain.Name))
	}
	fmt.Fprint(out, "set -eu\n")
	if hasDomains(v) {
		fmt.Fprintf(out, "aws ec2 modify-client-vpn-endpoint --client-vpn-endpoint-id %s --dns-servers CustomDnsServers=%s,Enabled=true\n",
			o.Values["endpoint-id"], strings.Join(Texts(o.Servers, ""), ","))
	}
	return out.Flush() // the first error of all writes
}
