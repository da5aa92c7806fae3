// Package aws has the formats for AWS, but for that of Route 53's own command line,
// which package route53 has.
package aws

import (
	"crypto/sha256"
	"errors"
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
		"VpcId and VpcRegion, unless vpc-id=VPC,... says which VPCs there are.",
	Limits: route53.HostedZoneLimits + " A template takes 500 resources, so a view with more than 250 zones is refused (at five names, 50 " +
		"custom endpoints; 166 zones with a profile), and so is a zone whose records do not fit in one change (500 addresses, or 16,000 characters of them): " +
		"records that move from one stack or group to another would be there twice for a time. Templates above 51,200 octets " +
		"have to be put into S3. A view without zones is refused: a template needs resources.",
	Shaped:     true,
	Parameters: route53.VPCParameters(false),
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		if err := checkVPCs(o); err != nil {
			return nil, err
		}
		if refusal := checkTemplate(v, o); refusal != nil {
			return nil, refusal
		}
		return formats.Files(formats.File{
			Name:  formats.FileName(v.Name) + ".template.json",
			Write: func(w io.Writer, _ uint32) error { return jsontext.Write(w, cloudFormationTemplate(v, o)) },
		}), nil
	},
	Read:        readTemplate,
	Reads:       "templates in JSON or YAML. What functions make is not known, but for Fn::Join and Fn::Sub of literals.",
	Detect:      detectTemplate,
	ReadBack:    map[string]formats.Reader{".template.json": readTemplate},
	Permissions: route53.StackPermissions,
}

const (
	// maxTemplateResources is how many resources a template takes. Each zone makes two:
	// itself, and the group of its records; three with a profile to which it is tied.
	maxTemplateResources = 500
	// maxTemplate is how many octets a template may have.
	maxTemplate = 1_000_000
)

// checkTemplate returns why a view does not fit into a template, or nil. It reads no
// more of the view than would fit.
func checkTemplate(v zones.View, o formats.Options) *formats.Refusal {
	refuse := func(format string, args ...any) *formats.Refusal {
		return &formats.Refusal{Format: cloudFormationName, Reason: fmt.Sprintf(format, args...), Instead: "format terraform-aws, or route53"}
	}
	zones, most := 0, maxTemplateResources/2
	if o.Values["profile-id"] != "" {
		most = maxTemplateResources / 3
	}
	for zone := range v.Shaped(o.Shape) {
		if zones++; zones > most {
			return refuse("it has more than %d zones, and a template takes %d resources", most, maxTemplateResources)
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

// checkVPCs refuses VPCs whose region is not known: a template has to have it.
func checkVPCs(o formats.Options) error {
	vpcs, err := route53.VPCs(o)
	if err == nil && len(vpcs) > 0 && vpcs[0].Region == "" {
		err = errors.New("parameter vpc-region: it is needed with vpc-id: one for all VPCs, or one for each")
	}
	return err
}

// cloudFormationTemplate returns the template of a view.
func cloudFormationTemplate(v zones.View, o formats.Options) jsontext.Object {
	template := jsontext.Object{
		{"AWSTemplateFormatVersion", "2010-09-09"},
		{"Description", formats.Sentence("Private hosted zones", v)},
	}
	if o.Values["vpc-id"] == "" {
		template = append(template, jsontext.Member{"Parameters", jsontext.Object{
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
		}})
	}
	return append(template, jsontext.Member{"Resources", jsontext.Members(func(yield func(jsontext.Member) bool) {
		for zone := range v.Shaped(o.Shape) {
			for resource := range zoneResources(v, zone, o) {
				if !yield(resource) {
					return
				}
			}
		}
	})})
}

// zoneResources returns a zone, its records, and what ties it to a profile.
func zoneResources(v zones.View, zone zones.Zone, o formats.Options) iter.Seq[jsontext.Member] {
	return func(yield func(jsontext.Member) bool) {
		id := logicalID(zone.Origin)
		if !yield(jsontext.Member{"Zone" + id, hostedZoneResource(v, zone, o)}) {
			return
		}
		// A group must have records.
		if !zone.IsEmpty() && !yield(jsontext.Member{"Records" + id, recordsResource(zone, id, v.TTL)}) {
			return
		}
		if profile := o.Values["profile-id"]; profile != "" {
			yield(jsontext.Member{"Tied" + id, profileResource(zone, id, profile)})
		}
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

func hostedZoneResource(v zones.View, zone zones.Zone, o formats.Options) jsontext.Object {
	return jsontext.Object{
		{"Type", "AWS::Route53::HostedZone"},
		{"Properties", jsontext.Object{
			{"Name", zone.Origin},
			{"HostedZoneConfig", jsontext.Object{{"Comment", formats.Sentence("Private hosted zone", v)}}},
			{"VPCs", vpcProperties(o)},
		}},
	}
}

// vpcProperty is the property type AWS::Route53::HostedZone VPC. Its values are texts, or
// refer to the template's parameters.
type vpcProperty struct {
	VPCID     any `json:"VPCId"`
	VPCRegion any
}

func vpcProperties(o formats.Options) []vpcProperty {
	vpcs, _ := route53.VPCs(o) // which were checked
	if len(vpcs) == 0 {
		return []vpcProperty{{VPCID: ref{"VpcId"}, VPCRegion: ref{"VpcRegion"}}}
	}
	all := make([]vpcProperty, len(vpcs))
	for i, vpc := range vpcs {
		all[i] = vpcProperty{VPCID: vpc.ID, VPCRegion: vpc.Region}
	}
	return all
}

// profileResource returns what ties a zone to a profile. It waits for the records: a zone
// without them answers NXDOMAIN.
func profileResource(zone zones.Zone, id, profile string) jsontext.Object {
	resource := jsontext.Object{{"Type", "AWS::Route53Profiles::ProfileResourceAssociation"}}
	if !zone.IsEmpty() {
		resource = append(resource, jsontext.Member{"DependsOn", "Records" + id})
	}
	return append(resource, jsontext.Member{"Properties", jsontext.Object{
		{"Name", map[string]string{"Fn::Sub": "auralink-${Zone" + id + "}"}},
		{"ProfileId", profile},
		{"ResourceArn", map[string]string{"Fn::Sub": "arn:${AWS::Partition}:route53:::hostedzone/${Zone" + id + "}"}},
	}})
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
