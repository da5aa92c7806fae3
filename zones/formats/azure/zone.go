package azure

import (
	"bufio"
	"fmt"
	"io"
	"iter"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/route53"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

const zoneName = "azure-zone"

// Zone is zone files for Azure's command line.
var Zone = formats.Format{
	Name:    zoneName,
	Group:   formats.GroupClouds,
	Summary: "zone files for az network private-dns zone import, with a script that imports and links them",
	Shape: shapeText + " The files have the SOA first and no NS. sh zones.sh RESOURCE-GROUP VIRTUAL-NETWORK-ID [AZ-OPTION...] " +
		"imports the files, which creates the zones, and only then links them.",
	Limits: limitsText + " An import adds and replaces record sets, and never removes one: zones.sh says what is left over, and fails.",
	Shaped: true,
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		if refusal := check(zoneName, v, o.Shape); refusal != nil {
			return nil, refusal
		}
		return func(yield func(formats.File) bool) {
			for zone := range v.Shaped(o.Shape) {
				if !yield(formats.File{
					Name:   zonefile.Name(zone),
					Origin: zone.Origin,
					Write: func(w io.Writer, serial uint32) error {
						return zonefile.Write(w, v, zone, zones.SOA(zone.Origin, v.TTL, serial))
					},
				}) {
					return
				}
			}
			yield(formats.File{Name: "zones.sh", Snippet: true, Write: func(w io.Writer, _ uint32) error { return writeScript(w, v, o) }})
		}, nil
	},
}

// writeScript writes the lines of az that import the zones and link them.
func writeScript(w io.Writer, v zones.View, o formats.Options) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "#!/bin/sh\n%s", formats.Comment("#", "Private DNS zones", v))
	fmt.Fprintf(out, scriptHead, linkName(v))
	for zone := range v.Shaped(o.Shape) {
		rrsets := 0
		for range zone.RRsets() {
			rrsets++
		}
		fmt.Fprintf(out, "%s %s %d\n", dnsname.TrimDot(zone.Origin), zonefile.Name(zone), rrsets)
	}
	_, _ = out.WriteString(scriptTail)
	return out.Flush() // the first error of all writes
}

// scriptHead stands in zones.sh before the list of zones; it has room for the name
// of their links.
const scriptHead = `#
# Imports the private DNS zones, which creates those that are not there, and links
# them to the virtual network. Run it in this directory:
# sh zones.sh RESOURCE-GROUP VIRTUAL-NETWORK-ID [AZ-OPTION...], such as
# --subscription NAME. The resource group should be for these zones alone.
#
# It removes nothing. What is left over from before is named, and makes it end
# with 1: a wildcard that is no longer planned would lead names astray.
set -eu
usage='usage: sh zones.sh RESOURCE-GROUP VIRTUAL-NETWORK-ID [AZ-OPTION...]'
group=${1:?$usage}
vnet=${2:?$usage}
shift 2
link=%s

# zones prints, for each zone, its name, its file, and the number of its record
# sets.
zones() {
	cat <<'END'
`

// scriptTail stands after the list.
const scriptTail = `END
}

before=$(az network private-dns zone list --resource-group "$group" --query '[].name' --output tsv "$@")
status=0
while read -r zone file rrsets; do
	[ -n "$zone" ] || continue # there are none
	az network private-dns zone import --resource-group "$group" --name "$zone" --file-name "$file" \
		"$@" </dev/null || { status=1; continue; }
	# An import goes on when a record set fails, and does not fail itself: count
	# them. Beside those of the view a zone has its SOA.
	count=$(az network private-dns record-set list --resource-group "$group" --zone-name "$zone" \
		--query 'length(@)' --output tsv "$@" </dev/null) || { status=1; continue; }
	if [ "$count" -lt $((rrsets + 1)) ]; then
		echo "missing: $zone has $count record sets, not $((rrsets + 1)), and is not linked" >&2
		status=1
		continue
	elif [ "$count" -gt $((rrsets + 1)) ]; then
		echo "left over: $zone has $count record sets, not $((rrsets + 1)): remove what is not in $file" >&2
		status=1
	fi
	az network private-dns link vnet show --resource-group "$group" --zone-name "$zone" --name "$link" \
		--output none "$@" </dev/null 2>/dev/null ||
		az network private-dns link vnet create --resource-group "$group" --zone-name "$zone" --name "$link" \
			--virtual-network "$vnet" --registration-enabled false --output none "$@" </dev/null || status=1
done <<END
$(zones)
END

` + route53.UnplannedZones + `if [ -n "$left" ]; then
	printf 'left over: these zones are not planned, and still answer:\n%s\n' "$left" >&2
	status=1
fi
exit "$status"
`
