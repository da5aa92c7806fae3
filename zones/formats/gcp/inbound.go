package gcp

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strings"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/forwarding"
	"github.com/auralink/auralink/zones/formats/internal/resource"
	"github.com/auralink/auralink/zones/formats/internal/script"
)

// Inbound is a script for Google Cloud's command line.
var Inbound = formats.Format{
	Name:    "gcp-inbound",
	Group:   formats.GroupClients,
	Summary: "a Google Cloud network's DNS for clients behind a VPN: an inbound server policy, and zones that forward to the server",
	Form: "An inbound server policy gives the network addresses at which clients behind a VPN or an interconnect ask its DNS; a " +
		"forwarding zone for each domain of the view has that DNS ask the server. The script ends with the list of the addresses: " +
		"send the clients to them, with another format that takes servers." +
		" " + forwarding.OneZone,
	Limits: "A network has one server policy: where it has one, the script says so, and how to switch inbound forwarding on in it. " +
		"Cloud DNS asks the server from 35.199.192.0/19, for whichever network: the firewall must let it in, and the server must " +
		"have this view for it (vpc NAME). A response policy of the network stands before a forwarding zone. A zone that has left the view stays " +
		"until it is deleted. " + forwarding.BelowSingle,
	Shaped:  true,
	Servers: true,
	Parameters: []formats.Parameter{{
		Name: "network", Required: true, Doc: "the VPC network's name in Google Cloud; or several, with commas between them",
		Check: formats.EachOf(formats.Matches(networkPattern, "the name of a network: lower-case letters, digits and hyphens")),
	}},
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		return formats.Files(formats.File{
			Name:  "gcp-inbound.sh",
			Write: func(w io.Writer, _ uint32) error { return writeInbound(w, v, o) },
		}), nil
	},
	Permissions: inboundPermissions,
}

var networkPattern = regexp.MustCompile(`^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$`)

//go:embed inbound.sh
var inboundScript string

// writeInbound writes the script, in which there is nothing to do for a view
// without domains.
func writeInbound(w io.Writer, v zones.View, o formats.Options) error {
	targets := strings.Join(zones.Texts(o.Servers, ""), ",")
	return script.Write(w, inboundScript, script.Parts{
		"WRITTEN":     formats.Sentence("The inbound server policy", v),
		"DOMAINS":     forwarding.Any(v),
		"NETWORK":     o.Values["network"],
		"POLICY":      resource.Prefix(v) + "inbound",
		"DESCRIPTION": formats.Sentence("Made", v),
		"ZONES": script.Each(v.Domains(), func(out *bufio.Writer, domain zones.Domain) {
			fmt.Fprintf(out, "zone %s %s %s\n", resource.Name(v, domain.Name), domain.Name, targets)
		}),
	})
}
