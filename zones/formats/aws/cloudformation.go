// Package aws has the formats for AWS, but for that of Route 53's own command line,
// which package route53 has.
package aws

import (
	"crypto/sha256"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
	"github.com/auralink/auralink/zones/formats/internal/resource"
	"github.com/auralink/auralink/zones/formats/route53"
)

const cloudFormationName = "cloudformation"

// CloudFormation is a template of AWS CloudFormation: one stack for a view.
var CloudFormation = formats.Format{
	Name:    cloudFormationName,
	Group:   formats.GroupClouds,
	Summary: "an AWS CloudFormation template with private hosted zones and their records",
	Form: route53.HostedZoneForm + " Each is an AWS::Route53::HostedZone and an AWS::Route53::RecordSetGroup; the stack's parameters are " +
		"VpcId and VpcRegion.",
	Limits: route53.HostedZoneLimits + " A template takes 500 resources, so a view with more than 250 zones is refused (at five names, 50 " +
		"custom endpoints), and so is a zone whose records do not fit in one change (500 addresses, or 16,000 characters of them): " +
		"records that move from one stack or group to another would be there twice for a time. Templates above 51,200 octets " +
		"have to be put into S3. A view without zones is refused: a template needs resources.",
	Shaped: true,
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		if refusal := checkTemplate(v, o); refusal != nil {
			return nil, refusal
		}
		return formats.Files(formats.File{
			Name:  formats.FileName(v.Name) + ".template.json",
			Write: func(w io.Writer, _ uint32) error { return jsontext.Write(w, cloudFormationTemplate(v, o)) },
		}), nil
	},
	Read:        readTemplate,
	Detect:      detectTemplate,
	ReadBack:    map[string]formats.Reader{".template.json": readTemplate},
	Permissions: route53.StackPermissions,
}

const (
	// maxTemplateZones is half of the 500 resources that a template takes. Each zone
	// makes two: itself, and the group of its records.
	maxTemplateZones = 250
	// maxTemplate is how many octets a template may have.
	maxTemplate = 1_000_000
)

// checkTemplate returns why a view does not fit into a template, or nil. It reads no
// more of the view than would fit.
func checkTemplate(v zones.View, o formats.Options) *formats.Refusal {
	refuse := func(format string, args ...any) *formats.Refusal {
		return &formats.Refusal{Format: cloudFormationName, Reason: fmt.Sprintf(format, args...), Instead: "format terraform-aws, or route53"}
	}
	zones := 0
	for zone := range v.Shaped(o.Shape) {
		if zones++; zones > maxTemplateZones {
			return refuse("it has more than %d zones, and a template takes 500 resources", maxTemplateZones)
		}
		batches := 0
		for range route53.Batches(zone) {
			if batches++; batches > 1 {
				return refuse("the records of zone %s do not fit into one change of Route 53", zone.Origin)
			}
		}
	}
	switch {
	case zones == 0:
		return &formats.Refusal{
			Format: cloudFormationName, Reason: "it has no zones, and a template needs at least one resource",
			Instead: "no stack: all names are left to public DNS",
		}
	case longer(maxTemplate, func(w io.Writer) error { return jsontext.Write(w, cloudFormationTemplate(v, o)) }):
		return refuse("its template would have more than %d octets", maxTemplate)
	}
	return nil
}

// cloudFormationTemplate returns the template of a view.
func cloudFormationTemplate(v zones.View, o formats.Options) jsontext.Object {
	return jsontext.Object{
		{"AWSTemplateFormatVersion", "2010-09-09"},
		{"Description", formats.Sentence("Private hosted zones", v)},
		{"Parameters", jsontext.Object{
			{"VpcId", jsontext.Object{
				{"Type", "String"},
				{"Description", "The VPC with which the hosted zones are associated"},
				{"AllowedPattern", "vpc-[0-9a-f]{8,17}"},
			}},
			{"VpcRegion", jsontext.Object{
				{"Type", "String"},
				{"Description", "The AWS region of that VPC"},
				{"AllowedPattern", "[a-z]+(-[a-z]+)+-[0-9]+"},
			}},
		}},
		{"Resources", jsontext.Members(func(yield func(jsontext.Member) bool) {
			for zone := range v.Shaped(o.Shape) {
				id := logicalID(zone.Origin)
				if !yield(jsontext.Member{"Zone" + id, hostedZoneResource(v, zone)}) {
					return
				}
				if zone.IsEmpty() {
					continue // a group must have records
				}
				if !yield(jsontext.Member{"Records" + id, recordsResource(zone, id, v.TTL)}) {
					return
				}
			}
		})},
	}
}

// logicalID returns the part of a zone's resource names that stands for the zone. It
// has only letters and digits, and no two zones have the same.
func logicalID(origin string) string {
	var id strings.Builder
	for word := range strings.FieldsFuncSeq(origin, func(c rune) bool { return c == '.' || c == '-' }) {
		id.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	digest := sha256.Sum256([]byte(origin))
	return fmt.Sprintf("%.200s%x", id.String(), digest[:resource.NameDigest])
}

func hostedZoneResource(v zones.View, zone zones.Zone) jsontext.Object {
	return jsontext.Object{
		{"Type", "AWS::Route53::HostedZone"},
		{"Properties", jsontext.Object{
			{"Name", zone.Origin},
			{"HostedZoneConfig", jsontext.Object{{"Comment", formats.Sentence("Private hosted zone", v)}}},
			{"VPCs", []vpcProperty{{VPCID: ref{"VpcId"}, VPCRegion: ref{"VpcRegion"}}}},
		}},
	}
}

// vpcProperty is the property type AWS::Route53::HostedZone VPC.
type vpcProperty struct {
	VPCID     ref `json:"VPCId"`
	VPCRegion ref
}

// ref is the intrinsic function Ref.
type ref struct {
	Ref string
}

// recordsResource returns the group of a zone's records; ttl is in seconds.
func recordsResource(zone zones.Zone, id string, ttl uint32) jsontext.Object {
	return jsontext.Object{
		{"Type", "AWS::Route53::RecordSetGroup"},
		{"Properties", jsontext.Object{
			{"HostedZoneId", ref{"Zone" + id}},
			{"RecordSets", jsontext.ListOf(zone.RRsets(), func(rrset zones.RRset) any {
				return jsontext.Object{
					{"Name", rrset.Name}, {"Type", rrset.Type}, {"TTL", fmt.Sprint(ttl)}, {"ResourceRecords", rrset.Texts()},
				}
			})},
		}},
	}
}
