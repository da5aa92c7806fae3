// Package gcp has the formats for Google Cloud.
package gcp

import (
	"bufio"
	"fmt"
	"io"
	"iter"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/resource"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

const recordSetsName = "gcp-record-sets"

// RecordSets is private managed zones of Google Cloud DNS.
var RecordSets = formats.Format{
	Name:    recordSetsName,
	Group:   formats.GroupClouds,
	Summary: "zone files for gcloud dns record-sets import, with a script that creates the private zones",
	Shape: "A private managed zone for each orchestra, with records at its apex and a wildcard. Individual records are a zone for " +
		"each name, since a private zone answers NXDOMAIN for all it has no records for; with shape=one-zone they are one zone. " +
		"The files have neither SOA nor NS, which Cloud DNS makes. sh zones.sh NETWORK [GCLOUD-FLAG...] creates the zones, imports " +
		"the files, and only then shows the zones to the network.",
	Limits: "A zone hides every name below its own that it has no records for; one zone, every other name under " +
		"endpoints.neo4j.io. An import is one change, of 1,000 record sets and 100,000 " +
		"octets of data: larger zones are refused. Every managed zone is charged, and their number in a project has a quota, as " +
		"has the number that a network sees. An import replaces all that a zone has, but a zone that is no longer planned stays: " +
		"zones.sh says what is left over, and fails.",
	Shaped: true,
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		if refusal := checkImport(v, o.Shape); refusal != nil {
			return nil, refusal
		}
		return func(yield func(formats.File) bool) {
			for zone := range v.Shaped(o.Shape) {
				if !yield(formats.File{
					Name:  zonefile.Name(zone),
					Write: func(w io.Writer, _ uint32) error { return zonefile.Write(w, v, zone) },
				}) {
					return
				}
			}
			yield(formats.File{Name: "zones.sh", Snippet: true, Write: func(w io.Writer, _ uint32) error { return writeZonesScript(w, v, o) }})
		}, nil
	},
}

const (
	maxImportRRsets = 1000    // in one change
	maxImportData   = 100_000 // octets in one change
)

// checkImport returns why an import would fail.
func checkImport(v zones.View, shape zones.Shape) *formats.Refusal {
	for zone := range v.Shaped(shape) {
		rrsets, data := 0, 0
		for rrset := range zone.RRsets() {
			rrsets++
			data += rrset.Characters()
			if rrsets > maxImportRRsets || data > maxImportData {
				return &formats.Refusal{
					Format: recordSetsName,
					Reason: fmt.Sprintf("zone %s has more than the %d record sets or %d octets of data that one change takes",
						zone.Origin, maxImportRRsets, maxImportData),
					Instead: "shape=per-name, or format gcp-response-policy",
				}
			}
		}
	}
	return nil
}

// writeZonesScript writes the gcloud lines that create the zones, and import
// their record sets.
func writeZonesScript(w io.Writer, v zones.View, o formats.Options) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "#!/bin/sh\n%s", formats.Comment("#", "Private managed zones", v))
	fmt.Fprintf(out, zonesHead, resource.Prefix(v), formats.Sentence("Private managed zone", v))
	for zone := range v.Shaped(o.Shape) {
		fmt.Fprintf(out, "%s %s %s\n", resource.Name(v, zone.Origin), zone.Origin, zonefile.Name(zone))
	}
	_, _ = out.WriteString(zonesTail)
	return out.Flush() // the first error of all writes
}

// zonesHead stands in zones.sh before the list of zones; it has room for what
// their names begin with, and for their description.
const zonesHead = `#
# Creates the private managed zones that are not there, and replaces the record
# sets of all. Run it in this directory: sh zones.sh NETWORK [GCLOUD-FLAG...],
# such as --project=NAME.
#
# It removes no zone. Those that are left over from before are named, and make it
# end with 1: a wildcard that is no longer planned would lead names astray.
set -eu
network=${1:?usage: sh zones.sh NETWORK [GCLOUD-FLAG...]}
shift
prefix=%s
description='%s'

# zones prints, for each zone, its name in Cloud DNS, its DNS name and its file.
zones() {
	cat <<'END'
`

// zonesTail stands after the list.
const zonesTail = `END
}

# known prints the names of the zones that are there, and a network of each.
known() {
	gcloud dns managed-zones list --format='value(name,privateVisibilityConfig.networks[0].networkUrl)' "$@"
}

# A zone is shown to the network when it has its records: one without answers
# NXDOMAIN.
before=$(known "$@")
status=0
while read -r name dns_name file; do
	[ -n "$name" ] || continue # there are none
	there=$(printf '%s\n' "$before" | awk -v name="$name" '$1 == name { print NF; exit }')
	if [ -z "$there" ]; then
		gcloud dns managed-zones create "$name" --dns-name="$dns_name" --description="$description" \
			--visibility=private --networks= "$@" </dev/null || { status=1; continue; }
	fi
	gcloud dns record-sets import "$file" --zone="$name" --zone-file-format --delete-all-existing \
		"$@" </dev/null || { status=1; continue; }
	if [ "${there:-1}" -lt 2 ]; then
		gcloud dns managed-zones update "$name" --networks="$network" "$@" </dev/null || status=1
	fi
done <<END
$(zones)
END

left=$({ zones; echo; printf '%s\n' "$before"; } | awk -v prefix="$prefix" '
	!NF { after = 1; next }
	!after { planned[$1]; next }
	index($1, prefix) == 1 && !($1 in planned) { print $1 }')
if [ -n "$left" ]; then
	printf 'left over: these zones are no longer planned, and still answer:\n%s\n' "$left" >&2
	status=1
fi
exit "$status"
`
