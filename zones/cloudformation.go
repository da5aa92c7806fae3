package zones

import (
	"crypto/sha256"
	"fmt"
	"io"
	"iter"
	"strings"
)

const cloudFormationName = "cloudformation"

// cloudFormation is a template of AWS CloudFormation: one stack for a view.
var cloudFormation = Format{
	Name:    cloudFormationName,
	Group:   GroupClouds,
	Summary: "an AWS CloudFormation template with private hosted zones and their records",
	Shape: hostedZoneShape + " Each is an AWS::Route53::HostedZone and an AWS::Route53::RecordSetGroup; the stack's parameters are " +
		"VpcId and VpcRegion.",
	Limits: hostedZoneLimits + " A template takes 500 resources, so a view with more than 250 zones is refused (at five names, 50 " +
		"custom endpoints), and so is a zone whose records do not fit in one change (500 addresses, or 16,000 characters of them): " +
		"records that move from one stack or group to another would be there twice for a time. Templates above 51,200 octets " +
		"have to be put into S3. A view without zones is refused: a template needs resources.",
	Shaped: true,
	files: func(v View, o Options) (iter.Seq[File], error) {
		if refusal := checkTemplate(v, o); refusal != nil {
			return nil, refusal
		}
		return files(File{
			Name:  fileName(v.Name) + ".template.json",
			Write: func(w io.Writer, _ uint32) error { return writeJSON(w, cloudFormationTemplate(v, o)) },
		}), nil
	},
}

const (
	// maxTemplateZones is half of the 500 resources that a template takes: a
	// zone has a group of records.
	maxTemplateZones = 250
	// maxTemplate is how many octets a template may have.
	maxTemplate = 1_000_000
)

// checkTemplate returns why a view does not fit into a template. It looks at no
// more of the view than would.
func checkTemplate(v View, o Options) *Refusal {
	refuse := func(format string, args ...any) *Refusal {
		return &Refusal{Format: cloudFormationName, Reason: fmt.Sprintf(format, args...), Instead: "format terraform-aws, or route53"}
	}
	zones := 0
	for zone := range v.Shaped(o.Shape) {
		if zones++; zones > maxTemplateZones {
			return refuse("it has more than %d zones, and a template takes 500 resources", maxTemplateZones)
		}
		batches := 0
		for range changeBatches(zone) {
			if batches++; batches > 1 {
				return refuse("the records of zone %s do not fit into one change of Route 53", zone.Origin)
			}
		}
	}
	switch {
	case zones == 0:
		return &Refusal{
			Format: cloudFormationName, Reason: "it has no zones, and a template needs at least one resource",
			Instead: "no stack: all names are left to public DNS",
		}
	case longer(maxTemplate, func(w io.Writer) error { return writeJSON(w, cloudFormationTemplate(v, o)) }):
		return refuse("its template would have more than %d octets", maxTemplate)
	}
	return nil
}

// cloudFormationTemplate returns the template of a view.
func cloudFormationTemplate(v View, o Options) object {
	return object{
		{"AWSTemplateFormatVersion", "2010-09-09"},
		{"Description", writtenFor("Private hosted zones", v)},
		{"Parameters", object{
			{"VpcId", object{
				{"Type", "String"},
				{"Description", "The VPC with which the hosted zones are associated"},
				{"AllowedPattern", "vpc-[0-9a-f]{8,17}"},
			}},
			{"VpcRegion", object{
				{"Type", "String"},
				{"Description", "The AWS region of that VPC"},
				{"AllowedPattern", "[a-z]+(-[a-z]+)+-[0-9]+"},
			}},
		}},
		{"Resources", members(func(yield func(member) bool) {
			for zone := range v.Shaped(o.Shape) {
				id := logicalID(zone.Origin)
				if !yield(member{"Zone" + id, hostedZoneResource(v, zone)}) {
					return
				}
				if zone.IsEmpty() {
					continue // a group must have records
				}
				if !yield(member{"Records" + id, recordsResource(zone, id, v.TTL)}) {
					return
				}
			}
		})},
	}
}

// logicalID returns what the resources of a zone are called, after what they
// are: letters and digits, and others for each zone.
func logicalID(origin string) string {
	var id strings.Builder
	for word := range strings.FieldsFuncSeq(origin, func(c rune) bool { return c == '.' || c == '-' }) {
		id.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	digest := sha256.Sum256([]byte(origin))
	return fmt.Sprintf("%.200s%x", id.String(), digest[:nameDigest])
}

func hostedZoneResource(v View, zone Zone) object {
	return object{
		{"Type", "AWS::Route53::HostedZone"},
		{"Properties", object{
			{"Name", zone.Origin},
			{"HostedZoneConfig", object{{"Comment", writtenFor("Private hosted zone", v)}}},
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
func recordsResource(zone Zone, id string, ttl uint32) object {
	return object{
		{"Type", "AWS::Route53::RecordSetGroup"},
		{"Properties", object{
			{"HostedZoneId", ref{"Zone" + id}},
			{"RecordSets", listOf(zone.RRsets(), func(rrset RRset) any {
				return object{
					{"Name", rrset.Name}, {"Type", rrset.Type}, {"TTL", fmt.Sprint(ttl)}, {"ResourceRecords", rrset.Texts()},
				}
			})},
		}},
	}
}
