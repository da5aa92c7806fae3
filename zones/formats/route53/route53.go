// Package route53 is the JSON that the AWS command line takes and prints for Route
// 53.
package route53

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strings"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
)

const (
	// HostedZoneForm says how a view is written in all formats for Route 53.
	HostedZoneForm = "A private hosted zone for each orchestra, with records at its apex and a wildcard. Individual records are a " +
		"zone for each name, since a private zone answers NXDOMAIN for all it has no records for; with shape=one-zone they are " +
		"one zone."
	// HostedZoneLimits says what none of them can express.
	HostedZoneLimits = "A zone hides every name below its own that it has no records for; one zone, every other name under " +
		"endpoints.neo4j.io. Every hosted zone is charged, and an account has a quota of them (500 at first). A zone cannot be made " +
		"where the endpoint's own private DNS name has one: switch that off. The VPC needs enableDnsSupport and enableDnsHostnames."
)

const formatName = "route53"

// Format is what the AWS command line takes to create private hosted zones, and
// to write their records.
var Format = formats.Format{
	Name:    formatName,
	Group:   formats.GroupClouds,
	Summary: "private hosted zones and change batches for aws route53, with a script",
	Form: HostedZoneForm + " Each zone has the input of create-hosted-zone, and change batches within Route 53's limits; sh apply.sh sends them. With fallback=yes and shape=one-zone " +
		"the one zone is of the tier ADVANCED with public DNS fallback, which leaves all names that it lacks to public DNS.",
	Limits: HostedZoneLimits + " Public DNS fallback has to be switched on in the console once the zone is there, and holds for all " +
		"its VPCs: apply.sh fails as long as it is not. It is not in what is exported, for the models of AWS's SDKs (1.71.0 of that for Go) " +
		"have no name for it. Change batches add and replace, and never remove: apply.sh says what is left over, and fails; " +
		"use terraform-aws or cloudformation where that is to be removed as well.",
	Shaped: true,
	Parameters: append(VPCParameters(true), []formats.Parameter{
		{
			Name: "fallback", Default: "no", Check: checkYesNo,
			Doc: "yes if public DNS fallback is, or will be, on for the one zone of custom endpoints (shape=one-zone): it then hides nothing",
		},
		{
			Name: "caller-reference", Default: "auralink", Check: checkCallerReference,
			Doc: "what the references of create-hosted-zone begin with; another one creates a zone anew that was deleted",
		},
	}...),
	Write:       write,
	Read:        applyTemplate.Or(read),
	Reads:       "what aws route53 list-resource-record-sets prints as JSON or YAML, of all pages; change batches; and beside them what get-hosted-zone, list-hosted-zones, list-hosted-zones-by-vpc, get-change, also in files of their own, aws route53resolver list-resolver-rules, list-resolver-rule-associations and list-firewall-rules, and aws route53profiles list-profile-resource-associations and list-profile-associations print.",
	Detect:      applyTemplate.OrDetect(detect),
	ReadBack:    map[string]formats.Reader{".json": read},
	PerZone:     []string{".hosted-zone.json", ".changes-[0-9][0-9][0-9][0-9].json"},
	Permissions: Permissions,
}

var callerReferencePattern = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

func checkCallerReference(reference string) error {
	if !callerReferencePattern.MatchString(reference) {
		return errors.New("is not up to 64 letters, digits, dots, hyphens and underscores")
	}
	if strings.Contains(reference+"-", fallbackMark) {
		return fmt.Errorf("has %q, which marks a zone with public DNS fallback", fallbackMark)
	}
	return nil
}

// write returns, for each zone, its creation and its change batches; then
// the script that sends them.
func write(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
	if _, err := VPCs(o); err != nil {
		return nil, err
	}
	if o.Values["fallback"] == "yes" && o.Shape != zones.ShapeOneZone {
		return nil, errors.New("parameter fallback: it is for one zone (shape one-zone): zones for single names hide nothing beside them")
	}
	return func(yield func(formats.File) bool) {
		for zone := range v.Shaped(o.Shape) {
			if !yield(hostedZoneFile(v, zone, o)) {
				return
			}
			number := 0
			for batch := range Batches(zone) {
				number++
				if !yield(changeBatchFile(v, zone, number, batch)) {
					return
				}
			}
		}
		yield(applyScript(v, o))
	}, nil
}

func checkYesNo(value string) error {
	if value != "yes" && value != "no" {
		return errors.New("is neither yes nor no")
	}
	return nil
}

// fallbackMark is in the reference of a zone that needs public DNS fallback.
const fallbackMark = "-fallback-"

// firstVPC returns the VPC with which hosted zones are created.
func firstVPC(o formats.Options) VPC {
	all, _ := VPCs(o) // which write has checked
	return all[0]
}

// hostedZoneComment is the same in all hosted zones for a view, and so tells
// them from others.
func hostedZoneComment(v zones.View, o formats.Options) string {
	return formats.Sentence("Private hosted zone in "+firstVPC(o).ID, v)
}

// hostedZoneFile returns the input of create-hosted-zone.
func hostedZoneFile(v zones.View, zone zones.Zone, o formats.Options) formats.File {
	digest := sha256.Sum256([]byte(zone.Origin))
	separator := "-"
	if zone.Endpoints != nil && o.Values["fallback"] == "yes" {
		separator = fallbackMark
	}
	reference := fmt.Sprintf("%s%s%s-%x", o.Values["caller-reference"], separator, firstVPC(o).ID, digest[:12])
	input := jsontext.Object{
		{"Name", zone.Origin},
		{"VPC", jsontext.Object{{"VPCRegion", firstVPC(o).Region}, {"VPCId", firstVPC(o).ID}}},
		{"CallerReference", reference},
		{"HostedZoneConfig", jsontext.Object{{"Comment", hostedZoneComment(v, o)}, {"PrivateZone", true}}},
	}
	return formats.File{
		Name:  formats.FileName(zone.Origin) + ".hosted-zone.json",
		Write: func(w io.Writer, _ uint32) error { return jsontext.Write(w, input) },
	}
}

const (
	// maxBatchValues and maxBatchCharacters are half of what Route 53 allows in
	// one request (1,000 ResourceRecord elements, and 32,000 characters in all
	// their values), since it counts those of an UPSERT twice.
	maxBatchValues     = 500
	maxBatchCharacters = 16000
)

// Batches returns the RRsets of a zone in as few batches as Route 53 takes,
// in their order. Only one batch is kept. An RRset of its own always fits: a link
// has at most 100 addresses.
func Batches(zone zones.Zone) iter.Seq[[]zones.RRset] {
	return func(yield func([]zones.RRset) bool) {
		var batch []zones.RRset
		values, characters := 0, 0
		for rrset := range zone.RRsets() {
			size := rrset.Characters()
			if len(batch) > 0 && (values+len(rrset.Addrs) > maxBatchValues || characters+size > maxBatchCharacters) {
				if !yield(batch) {
					return
				}
				batch, values, characters = nil, 0, 0
			}
			batch = append(batch, rrset)
			values += len(rrset.Addrs)
			characters += size
		}
		if len(batch) > 0 {
			yield(batch)
		}
	}
}

// batchMark stands between a zone and a number in the name of a change batch's file.
const batchMark = ".changes-"

// changeBatchFile returns a change batch of change-resource-record-sets.
func changeBatchFile(v zones.View, zone zones.Zone, number int, batch []zones.RRset) formats.File {
	document := jsontext.Object{
		{"Comment", formats.Sentence("Records", v)},
		{"Changes", jsontext.ListOf(slices.Values(batch), func(rrset zones.RRset) any {
			return jsontext.Object{{"Action", "UPSERT"}, {"ResourceRecordSet", recordSet(v, rrset)}}
		})},
	}
	return formats.File{
		Name:  fmt.Sprintf("%s%s%04d.json", formats.FileName(zone.Origin), batchMark, number),
		Write: func(w io.Writer, _ uint32) error { return jsontext.Write(w, document) },
	}
}

// value is a ResourceRecord of Route 53.
type value struct {
	Value string
}

// recordSet returns a ResourceRecordSet of Route 53.
func recordSet(v zones.View, rrset zones.RRset) jsontext.Object {
	values := make([]value, len(rrset.Addrs))
	for i, addr := range rrset.Addrs {
		values[i].Value = addr.String()
	}
	return jsontext.Object{{"Name", rrset.Name}, {"Type", rrset.Type}, {"TTL", v.TTL}, {"ResourceRecords", values}}
}
