#!/bin/sh
# @WRITTEN@
#
# Creates the private hosted zones that are not there, and writes the records of
# all. Run it in this directory: sh apply.sh. It takes the account from what
# the AWS command line takes it from, such as AWS_PROFILE.
#
# It removes nothing. What is left over from before is named, and makes it end
# with 1: a wildcard that is no longer planned would lead names astray.
set -eu
export AWS_PAGER=
comment='@COMMENT@'

# zones prints, for each zone, its name, what its files begin with, the number
# of its change batches, and that of its RRsets.
zones() {
	cat <<'END'
@ZONES@
END
}

# ours prints the names and ids of the hosted zones that have the comment.
ours() {
	aws route53 list-hosted-zones --output text \
		--query "HostedZones[?Config.PrivateZone && Config.Comment=='$comment'].[Name,Id]"
}

# apply NAME FILE BATCHES RRSETS ID creates a zone if it has no id, and writes
# its records.
apply() {
	id=$5
	if [ -z "$id" ]; then
		id=$(aws route53 create-hosted-zone --cli-input-json "file://$2.hosted-zone.json" \
			--query HostedZone.Id --output text) || return
		echo "created $1 $id"
	fi
	batch=0
	while [ "$batch" -lt "$3" ]; do
		batch=$((batch + 1))
		aws route53 change-resource-record-sets --hosted-zone-id "$id" --output text --query ChangeInfo.Id \
			--change-batch "$(printf 'file://%s.changes-%04d.json' "$2" "$batch")" >/dev/null || return
	done
#@ if SEVERAL
	# The other VPCs see the zone when it has its records.
	known=$(aws route53 get-hosted-zone --id "$id" --query 'VPCs[].VPCId' --output text) || return
	others='@OTHERS@'
	for vpc in $others; do
		case "$known" in *"${vpc##*VPCId=}"*) continue ;; esac
		aws route53 associate-vpc-with-hosted-zone --hosted-zone-id "$id" --vpc "$vpc" >/dev/null || return
	done
#@ end
#@ if FALLBACK
	if [ "$1" = endpoints.neo4j.io. ] &&
		! aws route53 get-hosted-zone --id "$id" --output json | grep -Eqi 'publicdnsfallback[^,}]*(true|"enabled")'; then
		echo "hidden: $1 $id has no public DNS fallback: every other name below $1 does not exist in its VPCs." \
			"aws route53 update-hosted-zone-tier --hosted-zone-id $id --hosted-zone-tier ADVANCED, and switch it on" >&2
		return 1
	fi
#@ end
#@ if TIED
	arn=arn:aws:route53:::hostedzone/${id##*/}
	tied=$(aws route53profiles list-profile-resource-associations --profile-id '@PROFILE@' --output text \
		--query "length(ProfileResourceAssociations[?ResourceArn=='$arn'])") || return
	if [ "$tied" -eq 0 ]; then
		aws route53profiles associate-resource-to-profile --profile-id '@PROFILE@' --resource-arn "$arn" \
			--name "auralink-${id##*/}" >/dev/null || return
	fi
#@ end
	# Beside the RRsets of the view a zone has its SOA and its NS.
	count=$(aws route53 get-hosted-zone --id "$id" --query HostedZone.ResourceRecordSetCount --output text) || return
	if [ "$count" -ne $(($4 + 2)) ]; then
		echo "left over: $1 $id has $count RRsets, not $(($4 + 2)): remove what is not in its change batches" >&2
		return 1
	fi
}

before=$(ours)
status=0
while read -r name file batches rrsets; do
	[ -n "$name" ] || continue # there are none
	id=$(printf '%s\n' "$before" | awk -v name="$name" '$1 == name { print $2; exit }')
	apply "$name" "$file" "$batches" "$rrsets" "$id" || status=1
done <<END
$(zones)
END

left=$({ zones; echo; printf '%s\n' "$before"; } |
	awk '!NF { after = 1; next } !after { planned[$1]; next } !($1 in planned)')
if [ -n "$left" ]; then
	printf 'left over: these hosted zones are no longer planned, and still answer:\n%s\n' "$left" >&2
	status=1
fi
exit "$status"
