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

// Format is what the AWS command line takes to create private hosted zones, and
// to write their records.
var Format = formats.Format{
	Name:    "route53",
	Group:   formats.GroupClouds,
	Summary: "private hosted zones and change batches for aws route53, with a script",
	Form: HostedZoneForm + " Each zone has the input of create-hosted-zone, and change batches within Route 53's limits; sh apply.sh sends them. With fallback=yes and shape=one-zone " +
		"the one zone is of the tier ADVANCED with public DNS fallback, which leaves all names that it lacks to public DNS.",
	Limits: HostedZoneLimits + " Public DNS fallback has to be switched on in the console once the zone is there, and holds for all " +
		"its VPCs: apply.sh fails as long as it is not. Change batches add and replace, and never remove: apply.sh says what is left over, and fails; " +
		"use terraform-aws or cloudformation where that is to be removed as well.",
	Shaped: true,
	Parameters: []formats.Parameter{
		{
			Name: "vpc-id", Required: true, Check: formats.EachOf(CheckVPCID),
			Doc: "the VPC with which the hosted zones are associated, such as vpc-0a1b2c3d; or several, with commas between them",
		},
		{
			Name: "vpc-region", Required: true, Check: formats.EachOf(checkVPCRegion),
			Doc: "the AWS region of that VPC, such as us-east-1; of several VPCs one for all, or one for each",
		},
		{
			Name: "fallback", Default: "no", Check: checkYesNo,
			Doc: "yes if public DNS fallback is, or will be, on for the one zone of custom endpoints (shape=one-zone): it then hides nothing",
		},
		{
			Name: "profile-id", Check: formats.Matches(profilePattern, "the id of a Route 53 Profile, such as rp-0a1b2c3d4e5f6071"),
			Doc: "a Route 53 Profile that ties the hosted zones to all its VPCs, such as rp-0a1b2c3d4e5f6071, beside the VPC that each zone must have",
		},
		{
			Name: "caller-reference", Default: "auralink", Check: checkCallerReference,
			Doc: "what the references of create-hosted-zone begin with; another one creates a zone anew that was deleted",
		},
	},
	Write:       write,
	Read:        read,
	Detect:      detect,
	ReadBack:    map[string]formats.Reader{".json": read},
	PerZone:     []string{".hosted-zone.json", ".changes-[0-9][0-9][0-9][0-9].json"},
	Permissions: Permissions,
}

var (
	profilePattern         = regexp.MustCompile(`^rp-[0-9a-z]{8,32}$`)
	vpcIDPattern           = regexp.MustCompile(`^vpc-[0-9a-f]{8,17}$`)
	vpcRegionPattern       = regexp.MustCompile(`^[a-z]+(-[a-z]+)+-[0-9]+$`)
	callerReferencePattern = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
)

// CheckVPCID takes the ids of AWS's VPCs.
func CheckVPCID(id string) error {
	if !vpcIDPattern.MatchString(id) {
		return errors.New("is not the id of a VPC, such as vpc-0a1b2c3d")
	}
	return nil
}

func checkVPCRegion(region string) error {
	if !vpcRegionPattern.MatchString(region) {
		return errors.New("is not an AWS region, such as us-east-1")
	}
	return nil
}

func checkCallerReference(reference string) error {
	if !callerReferencePattern.MatchString(reference) {
		return errors.New("is not up to 64 letters, digits, dots, hyphens and underscores")
	}
	return nil
}

// write returns, for each zone, its creation and its change batches; then
// the script that sends them.
func write(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
	if _, err := vpcsOf(o); err != nil {
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

// vpc is a VPC and its AWS region.
type vpc struct{ id, region string }

// vpcsOf returns the VPCs that are asked for, the first one first.
func vpcsOf(o formats.Options) ([]vpc, error) {
	ids, regions := strings.Split(o.Values["vpc-id"], ","), strings.Split(o.Values["vpc-region"], ",")
	if len(regions) != 1 && len(regions) != len(ids) {
		return nil, fmt.Errorf("parameter vpc-region: %d regions for %d VPCs: give one for all, or one for each", len(regions), len(ids))
	}
	all := make([]vpc, len(ids))
	for i, id := range ids {
		all[i] = vpc{id: id, region: regions[min(i, len(regions)-1)]}
	}
	return all, nil
}

// firstVPC returns the VPC with which hosted zones are created.
func firstVPC(o formats.Options) vpc {
	all, _ := vpcsOf(o) // which write has checked
	return all[0]
}

// hostedZoneComment is the same in all hosted zones for a view, and so tells
// them from others.
func hostedZoneComment(v zones.View, o formats.Options) string {
	return formats.Sentence("Private hosted zone in "+firstVPC(o).id, v)
}

// hostedZoneFile returns the input of create-hosted-zone.
func hostedZoneFile(v zones.View, zone zones.Zone, o formats.Options) formats.File {
	digest := sha256.Sum256([]byte(zone.Origin))
	separator := "-"
	if zone.Endpoints != nil && o.Values["fallback"] == "yes" {
		separator = fallbackMark
	}
	reference := fmt.Sprintf("%s%s%s-%x", o.Values["caller-reference"], separator, firstVPC(o).id, digest[:12])
	input := jsontext.Object{
		{"Name", zone.Origin},
		{"VPC", jsontext.Object{{"VPCRegion", firstVPC(o).region}, {"VPCId", firstVPC(o).id}}},
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

// changeBatchFile returns a change batch of change-resource-record-sets.
func changeBatchFile(v zones.View, zone zones.Zone, number int, batch []zones.RRset) formats.File {
	document := jsontext.Object{
		{"Comment", formats.Sentence("Records", v)},
		{"Changes", jsontext.ListOf(slices.Values(batch), func(rrset zones.RRset) any {
			return jsontext.Object{{"Action", "UPSERT"}, {"ResourceRecordSet", recordSet(v, rrset)}}
		})},
	}
	return formats.File{
		Name:  fmt.Sprintf("%s.changes-%04d.json", formats.FileName(zone.Origin), number),
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
