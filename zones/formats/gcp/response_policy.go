package gcp

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/pattern"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
	"github.com/auralink/auralink/zones/formats/internal/resource"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
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
	Read:        rulesTemplate.Or(readRules),
	Reads:       "what gcloud dns response-policies rules list prints, as JSON or YAML.",
	Detect:      rulesTemplate.OrDetect(detectRules),
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

// rulesTemplate reads the script back: it has the rules themselves.
var rulesTemplate = &script.Template{What: "Rules of a response policy", Text: rulesScript, Lines: "RULES", Read: readRuleLine}

// localData finds what writeRulesScript writes of an RRset.
var localData = pattern.Lazily(`^--local-data=name=([^,]+),type=([A-Z]+),ttl=([0-9]+),rrdatas=(\S+)$`)

// readRuleLine adds the rule of a line: its name, its DNS name, and its local data.
func readRuleLine(b *holdings.Builder, in formats.Input, line script.Line) []string {
	b.OnlyAddresses(in.Name)
	rule := policyRule{RuleName: line.Fields[0]}
	for i, field := range line.Fields[1:] {
		match := localData().FindStringSubmatch(field)
		switch {
		case i == 0:
			rule.DNSName = field
		case match == nil:
			b.Unread(line.At, "%s is no local data of a rule", field)
		default:
			seconds, _ := strconv.ParseUint(match[3], 10, 32) // else it is 0
			rule.LocalData.Sets = append(rule.LocalData.Sets, recordSet{
				Name: match[1], Type: match[2], TTL: rrset.Seconds(uint32(seconds)), Data: strings.Split(match[4], "|"),
			})
		}
	}
	bothOf(b).script[rule.RuleName] = line.At
	rule.add(b, line.At)
	return nil
}

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
