package gcp

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
	"github.com/auralink/auralink/zones/formats/internal/resource"
	"github.com/auralink/auralink/zones/formats/internal/script"
)

// ResponsePolicy is the rules of a response policy of Google Cloud DNS.
var ResponsePolicy = formats.Format{
	Name:    "gcp-response-policy",
	Group:   formats.GroupClouds,
	Summary: "rules for a response policy of Cloud DNS: a script of gcloud, and JSON for the API",
	Form: "A rule for each name and each wildcard. Rules hide nothing beside their names, and the longest name wins. A network " +
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
	Read:        readRules,
	Reads:       "what gcloud dns response-policies rules list prints, as JSON or YAML.",
	Detect:      detectRules,
	ReadBack:    map[string]formats.Reader{".rules.json": readRules},
	Permissions: rulesPermissions,
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

//go:embed rules.sh
var rulesScript string

// writeRulesScript writes the gcloud lines that add the rules to a policy.
func writeRulesScript(w io.Writer, v zones.View) error {
	return script.Write(w, rulesScript, script.Parts{
		"WRITTEN": formats.Sentence("Rules of a response policy", v),
		"PREFIX":  resource.Prefix(v),
		"RULES": script.Each(v.Owners(), func(out *bufio.Writer, owner zones.Owner) {
			fmt.Fprintf(out, "%s %s", resource.Name(v, owner.Name), owner.Name)
			for r := range owner.RRsets() {
				fmt.Fprintf(out, " --local-data=name=%s,type=%s,ttl=%d,rrdatas=%s",
					r.Name, r.Type, v.TTL, strings.Join(r.Texts(), "|"))
			}
			fmt.Fprintln(out)
		}),
	})
}
