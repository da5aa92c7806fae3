#!/bin/sh
# @WRITTEN@
#
# Creates the private managed zones that are not there, and replaces the record
# sets of all. Run it in this directory: sh zones.sh NETWORK[,NETWORK...] [GCLOUD-FLAG...],
# such as --project=NAME.
#
# It removes no zone. Those that are left over from before are named, and make it
# end with 1: a wildcard that is no longer planned would lead names astray.
set -eu
network=${1:?usage: sh zones.sh NETWORK [GCLOUD-FLAG...]}
shift
prefix=@PREFIX@
description='@DESCRIPTION@'

# zones prints, for each zone, its name in Cloud DNS, its DNS name and its file.
zones() {
	cat <<'END'
@ZONES@
END
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
	case "${there:-1},$network" in
	[01],* | *,*,*)
		gcloud dns managed-zones update "$name" --networks="$network" "$@" </dev/null || status=1 ;;
	esac
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
