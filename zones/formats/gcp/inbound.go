package gcp

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strings"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/forwarding"
	"github.com/auralink/auralink/zones/formats/internal/resource"
)

// Inbound is a script for Google Cloud's command line.
var Inbound = formats.Format{
	Name:    "gcp-inbound",
	Group:   formats.GroupClients,
	Summary: "a Google Cloud network's DNS for clients behind a VPN: an inbound server policy, and zones that forward to the server",
	Shape: "An inbound server policy gives the network addresses at which clients behind a VPN or an interconnect ask its DNS; a " +
		"forwarding zone for each domain of the view has that DNS ask the server. The script ends with the list of the addresses: " +
		"send the clients to them, with another format that takes servers.",
	Limits: "A network has one server policy: where it has one, the script says so, and how to switch inbound forwarding on in it. " +
		"Cloud DNS asks the server from 35.199.192.0/19, for whichever network: the firewall must let it in, and the server must " +
		"have this view for it (vpc NAME). A response policy of the network stands before a forwarding zone. A zone that has left the view stays " +
		"until it is deleted. " + forwarding.BelowSingle,
	Servers: true,
	Parameters: []formats.Parameter{{
		Name: "network", Required: true, Doc: "the VPC network's name in Google Cloud",
		Check: formats.Matches(networkPattern, "the name of a network: lower-case letters, digits and hyphens"),
	}},
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		return formats.Files(formats.File{
			Name:  "gcp-inbound.sh",
			Write: func(w io.Writer, _ uint32) error { return writeInbound(w, v, o) },
		}), nil
	},
}

var networkPattern = regexp.MustCompile(`^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$`)

func writeInbound(w io.Writer, v zones.View, o formats.Options) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, "#!/bin/sh\n", formats.Comment("#", "The inbound server policy", v))
	if forwarding.Any(v) {
		fmt.Fprintf(out, inboundPolicy, o.Values["network"], resource.Prefix(v)+"inbound", formats.Sentence("Made", v))
	}
	targets := strings.Join(zones.Texts(o.Servers, ""), ",")
	for domain := range v.Domains() {
		fmt.Fprintf(out, "zone %s %s %s\n", resource.Name(v, domain.Name), domain.Name, targets)
	}
	if forwarding.Any(v) {
		fmt.Fprint(out, entryPoints)
	}
	return out.Flush() // the first error of all writes
}

// inboundPolicy creates the policy, and begins the list of zones.
const inboundPolicy = `# Needs the command line of Google Cloud, and takes the project from it. It may
# be run again: it adds and changes, and removes nothing.
set -eu
network=%s
policy=%s
description='%s'

# A network has one server policy at most. One that somebody else has made is
# left as it is.
if gcloud dns policies describe "$policy" --format='value(name)' >/dev/null 2>&1; then
	gcloud dns policies update "$policy" --networks="$network" --enable-inbound-forwarding
elif ! gcloud dns policies create "$policy" --description="$description" --networks="$network" --enable-inbound-forwarding; then
	echo "if network $network has another policy already: gcloud dns policies update POLICY --enable-inbound-forwarding" >&2
	exit 1
fi

# zone NAME DOMAIN SERVERS has the network's DNS ask the servers about a domain,
# by the network's own routes.
zone() {
	if gcloud dns managed-zones describe "$1" --format='value(name)' >/dev/null 2>&1; then
		gcloud dns managed-zones update "$1" --networks="$network" --private-forwarding-targets="$3"
	else
		gcloud dns managed-zones create "$1" --dns-name="$2" --visibility=private --networks="$network" \
			--private-forwarding-targets="$3" --description="$description"
	fi
}

`

// entryPoints lists where clients ask.
const entryPoints = `
# Where clients ask: give them these addresses as their DNS servers.
gcloud compute addresses list --filter='purpose = "DNS_RESOLVER"' --format='csv(address, region, subnetwork)'
`
