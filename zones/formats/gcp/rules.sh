#!/bin/sh
# @WRITTEN@
#
# Adds the rules to a response policy that exists, and replaces those that are
# there already: sh rules.sh POLICY [GCLOUD-FLAG...], such as --project=NAME.
#
# It removes nothing. Rules that are left over from before are named, and make it
# end with 1: a wildcard that is no longer planned would lead names astray.
set -eu
policy=${1:?usage: sh rules.sh POLICY [GCLOUD-FLAG...]}
shift
prefix=@PREFIX@

# rules prints, for each rule, its name, its DNS name, and its local data.
rules() {
	cat <<'END'
@RULES@
END
}

before=$(gcloud dns response-policies rules list "$policy" --format='value(ruleName)' "$@")
status=0
while read -r name dns_name data more; do
	[ -n "$name" ] || continue # there are none
	verb=create
	if printf '%s\n' "$before" | grep -qxF -e "$name"; then verb=update; fi
	gcloud dns response-policies rules "$verb" "$name" --response-policy="$policy" --dns-name="$dns_name" \
		"$data" ${more:+"$more"} --format=none "$@" </dev/null || status=1
done <<END
$(rules)
END

left=$({ rules; echo; printf '%s\n' "$before"; } | awk -v prefix="$prefix" '
	!NF { after = 1; next }
	!after { planned[$1]; next }
	index($1, prefix) == 1 && !($1 in planned)')
if [ -n "$left" ]; then
	printf 'left over: these rules are no longer planned, and still answer:\n%s\n' "$left" >&2
	status=1
fi
exit "$status"
