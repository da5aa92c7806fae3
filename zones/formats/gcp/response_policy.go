package gcp

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
	"github.com/auralink/auralink/zones/formats/internal/resource"
)

// ResponsePolicy is the rules of a response policy of Google Cloud DNS.
var ResponsePolicy = formats.Format{
	Name:    "gcp-response-policy",
	Group:   formats.GroupClouds,
	Summary: "rules for a response policy of Cloud DNS: a script of gcloud, and JSON for the API",
	Shape: "A rule for each name and each wildcard. Rules hide nothing beside their names, and the longest name wins. A network " +
		"has only one response policy, so they are added to the one that exists: sh rules.sh POLICY [GCLOUD-FLAG...]. In the JSON " +
		"each rule is the body of one request to responsePolicyRules.create.",
	Limits: responsePolicyLimits + " The script adds and replaces rules, and never removes one: it says what is left over, and fails.",
	Write: func(v zones.View, _ formats.Options) (iter.Seq[formats.File], error) {
		return formats.Files(
			formats.File{
				Name: formats.FileName(v.Name) + ".rules.json",
				Write: func(w io.Writer, _ uint32) error {
					return jsontext.Write(w, jsontext.Object{
						{"//", formats.Sentence("Rules of a response policy", v)},
						{"responsePolicyRules", jsontext.ListOf(v.Owners(), func(o zones.Owner) any { return responsePolicyRule(v, o) })},
					})
				},
			},
			formats.File{Name: "rules.sh", Snippet: true, Write: func(w io.Writer, _ uint32) error { return writeRulesScript(w, v) }},
		), nil
	},
}

// responsePolicyLimits is what a response policy cannot express.
const responsePolicyLimits = "Cloud DNS documents that a rule with local data ends the resolution of its name, but not what it answers " +
	"for other types, such as AAAA where there are only A records: ask it, or use gcp-record-sets, where a private zone answers " +
	"them with no data. A wildcard also covers names that are there only as the parent of another name. The number of a policy's " +
	"rules has a quota. A rule for the same name that is not auralink's has to be removed first."

// responsePolicyRule returns a ResponsePolicyRule of Cloud DNS.
func responsePolicyRule(v zones.View, o zones.Owner) jsontext.Object {
	return jsontext.Object{
		{"ruleName", resource.Name(v, o.Name)},
		{"dnsName", o.Name},
		{"localData", jsontext.Object{{"localDatas", jsontext.ListOf(o.RRsets(), func(r zones.RRset) any {
			return jsontext.Object{{"name", r.Name}, {"type", r.Type}, {"ttl", v.TTL}, {"rrdatas", r.Texts()}}
		})}}},
	}
}

// writeRulesScript writes the gcloud lines that add the rules to a policy.
func writeRulesScript(w io.Writer, v zones.View) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "#!/bin/sh\n%s", formats.Comment("#", "Rules of a response policy", v))
	fmt.Fprintf(out, rulesHead, resource.Prefix(v))
	for owner := range v.Owners() {
		fmt.Fprintf(out, "%s %s", resource.Name(v, owner.Name), owner.Name)
		for r := range owner.RRsets() {
			fmt.Fprintf(out, " --local-data=name=%s,type=%s,ttl=%d,rrdatas=%s",
				r.Name, r.Type, v.TTL, strings.Join(r.Texts(), "|"))
		}
		fmt.Fprintln(out)
	}
	_, _ = out.WriteString(rulesTail)
	return out.Flush() // the first error of all writes
}

// rulesHead stands in rules.sh before the rules; it has room for what their names
// begin with.
const rulesHead = `#
# Adds the rules to a response policy that exists, and replaces those that are
# there already: sh rules.sh POLICY [GCLOUD-FLAG...], such as --project=NAME.
#
# It removes nothing. Rules that are left over from before are named, and make it
# end with 1: a wildcard that is no longer planned would lead names astray.
set -eu
policy=${1:?usage: sh rules.sh POLICY [GCLOUD-FLAG...]}
shift
prefix=%s

# rules prints, for each rule, its name, its DNS name, and its local data.
rules() {
	cat <<'END'
`

// rulesTail stands after the rules.
const rulesTail = `END
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
`
