#!/bin/sh
# @WRITTEN@
#
# Imports the private DNS zones, which creates those that are not there, and links
# them to the virtual network. Run it in this directory:
# sh zones.sh RESOURCE-GROUP VIRTUAL-NETWORK-ID[,VIRTUAL-NETWORK-ID...] [AZ-OPTION...],
# such as --subscription NAME. The resource group should be for these zones alone.
#
# It removes nothing. What is left over from before is named, and makes it end
# with 1: a wildcard that is no longer planned would lead names astray.
set -eu
usage='usage: sh zones.sh RESOURCE-GROUP VIRTUAL-NETWORK-ID [AZ-OPTION...]'
group=${1:?$usage}
vnets=$(printf '%s' "${2:?$usage}" | tr , ' ')
shift 2
link=@LINK@

# zones prints, for each zone, its name, its file, and the number of its record
# sets.
zones() {
	cat <<'END'
@ZONES@
END
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
	# A network that is linked stays so, whatever its link is called.
	linked=$(az network private-dns link vnet list --resource-group "$group" --zone-name "$zone" \
		--query '[].virtualNetwork.id' --output tsv "$@" </dev/null) || { status=1; continue; }
	for vnet in $vnets; do
		printf '%s\n' "$linked" | grep -Fqix "$vnet" && continue
		name=$link
		[ "$vnet$linked" = "$vnets" ] || name=$link-$(printf '%s' "$vnet" | cksum | cut -d ' ' -f 1)
		az network private-dns link vnet create --resource-group "$group" --zone-name "$zone" --name "$name" \
			--virtual-network "$vnet" --registration-enabled false --output none "$@" </dev/null || status=1
	done
done <<END
$(zones)
END

left=$({ zones; echo; printf '%s\n' "$before"; } |
	awk '!NF { after = 1; next } !after { planned[$1]; next } !($1 in planned)')
if [ -n "$left" ]; then
	printf 'left over: these zones are not planned, and still answer:\n%s\n' "$left" >&2
	status=1
fi
exit "$status"
