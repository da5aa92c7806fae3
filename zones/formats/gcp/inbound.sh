#!/bin/sh
# @WRITTEN@
#@ if DOMAINS
# Needs the command line of Google Cloud, and takes the project from it. It may
# be run again: it adds and changes, and removes nothing.
set -eu
network=@NETWORK@
policy=@POLICY@
description='@DESCRIPTION@'

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

@ZONES@

# Where clients ask: give them these addresses as their DNS servers.
gcloud compute addresses list --filter='purpose = "DNS_RESOLVER"' --format='csv(address, region, subnetwork)'
#@ end
