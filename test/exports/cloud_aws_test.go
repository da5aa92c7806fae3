package exports_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// readRoute53 applies apply.sh by hand: each zone of its list is created and gets
// its change batches, decoded strictly into the types of AWS's own SDK.
func readRoute53(tb rapid.TB, files map[string]string) deployment {
	d := deployment{Zones: map[string]records{}, Rules: records{}}
	read := map[string]bool{"apply.sh": true}
	open := func(name string) string {
		text, ok := files[name]
		if !ok {
			tb.Fatalf("there is no %s", name)
		}
		read[name] = true
		return text
	}
	references := map[string]bool{}
	for _, line := range heredoc(tb, files["apply.sh"]) {
		var input route53.CreateHostedZoneInput
		strictly(tb, open(line[1]+".hosted-zone.json"), &input)
		checkHostedZone(tb, input, line[0])
		if references[*input.CallerReference] {
			tb.Fatalf("%s is the reference of two zones", *input.CallerReference)
		}
		references[*input.CallerReference] = true
		set := d.zone(*input.Name)
		for n := range parsedInt(tb, line[2]) {
			var batch types.ChangeBatch
			strictly(tb, open(fmt.Sprintf("%s.changes-%04d.json", line[1], n+1)), &batch)
			applyBatch(tb, set, batch)
		}
		if got := fmt.Sprint(len(set)); got != line[3] {
			tb.Fatalf("zone %s has %s RRsets, and apply.sh expects %s", line[0], got, line[3])
		}
	}
	if len(read) != len(files) {
		tb.Fatalf("apply.sh uses %v of %v", slices.Sorted(maps.Keys(read)), slices.Sorted(maps.Keys(files)))
	}
	return d
}

func checkHostedZone(tb rapid.TB, input route53.CreateHostedZoneInput, name string) {
	tb.Helper()
	switch {
	case *input.Name != name:
		tb.Fatalf("zone %s is called %s", name, *input.Name)
	case *input.VPC.VPCId != awsValues["vpc-id"], string(input.VPC.VPCRegion) != awsValues["vpc-region"]:
		tb.Fatalf("zone %s is for VPC %s in %s", name, *input.VPC.VPCId, input.VPC.VPCRegion)
	case !slices.Contains(input.VPC.VPCRegion.Values(), input.VPC.VPCRegion):
		tb.Fatalf("%q is not a region", input.VPC.VPCRegion)
	case !input.HostedZoneConfig.PrivateZone:
		tb.Fatalf("zone %s is public", name)
	case len(*input.HostedZoneConfig.Comment) > 256, len(*input.CallerReference) > 128:
		tb.Fatalf("zone %s: the comment or the reference is too long", name)
	}
}

// applyBatch does what Route 53 does with a change batch, its limits included:
// 1,000 values of 32,000 characters, where an UPSERT counts twice.
func applyBatch(tb rapid.TB, set records, batch types.ChangeBatch) {
	tb.Helper()
	values, characters := 0, 0
	for _, change := range batch.Changes {
		if change.Action != types.ChangeActionUpsert {
			tb.Fatalf("action %q", change.Action)
		}
		rrs := change.ResourceRecordSet
		var addrs []string
		for _, value := range rrs.ResourceRecords {
			values += 2
			characters += 2 * len(*value.Value)
			addrs = append(addrs, *value.Value)
		}
		set.add(tb, rrsetKey{*rrs.Name, string(rrs.Type)}, rrset{TTL: *rrs.TTL, Addrs: addrs})
	}
	if len(batch.Changes) == 0 || values > 1000 || characters > 32000 || len(*batch.Comment) > 256 {
		tb.Fatalf("a batch of %d changes, %d values and %d characters", len(batch.Changes), values, characters)
	}
}

// template is a CloudFormation template, as far as ours go.
type template struct {
	AWSTemplateFormatVersion string
	Description              string
	Parameters               map[string]struct{ Type, Description, AllowedPattern string }
	Resources                map[string]struct {
		Type       string
		Properties struct {
			// of AWS::Route53::HostedZone
			Name             string
			HostedZoneConfig struct{ Comment string }
			VPCs             []struct{ VPCId, VPCRegion struct{ Ref string } }
			// of AWS::Route53::RecordSetGroup
			HostedZoneId struct{ Ref string } //nolint:revive // AWS calls it so
			RecordSets   []struct {
				Name, Type, TTL string
				ResourceRecords []string
			}
		}
	}
}

// cloudFormationID is what a resource of a template may be called.
var cloudFormationID = regexp.MustCompile(`^[A-Za-z0-9]{1,255}$`)

// readCloudFormation creates the resources of a template.
func readCloudFormation(tb rapid.TB, files map[string]string) deployment {
	d := deployment{Zones: map[string]records{}, Rules: records{}}
	text := onlyWith(tb, files, ".template.json")
	var t template
	strictly(tb, text, &t)
	if len(files) != 1 || len(t.Resources) == 0 || len(t.Resources) > 500 || len(text) > 1_000_000 {
		tb.Fatalf("%d files, %d resources, %d octets", len(files), len(t.Resources), len(text))
	}
	for id, r := range t.Resources {
		if !cloudFormationID.MatchString(id) {
			tb.Fatalf("%q is not a logical id", id)
		}
		p := r.Properties
		switch r.Type {
		case "AWS::Route53::HostedZone":
			if len(p.VPCs) != 1 || p.VPCs[0].VPCId.Ref != "VpcId" || p.VPCs[0].VPCRegion.Ref != "VpcRegion" {
				tb.Fatalf("%s has the VPCs %v", id, p.VPCs)
			}
			d.zone(p.Name)
		case "AWS::Route53::RecordSetGroup":
			zone, ok := t.Resources[p.HostedZoneId.Ref]
			if !ok || len(p.RecordSets) == 0 {
				tb.Fatalf("%s is of the zone %q and has %d record sets", id, p.HostedZoneId.Ref, len(p.RecordSets))
			}
			for _, set := range p.RecordSets {
				d.zone(zone.Properties.Name).add(tb, rrsetKey{set.Name, set.Type},
					rrset{TTL: parsedInt(tb, set.TTL), Addrs: set.ResourceRecords})
			}
		default:
			tb.Fatalf("%s is a %s", id, r.Type)
		}
	}
	return d
}

// TestRoute53Parameters: what would not be a VPC or its region is not exported.
func TestRoute53Parameters(t *testing.T) {
	tests := []struct{ name, parameter, value, want string }{
		{"an id", "vpc-id", "vpc-0a1b2c3d", ""},
		{"a network's name", "vpc-id", "apps", `parameter vpc-id: "apps" is not the id of a VPC, such as vpc-0a1b2c3d`},
		{"a quote", "vpc-id", "vpc-0a1b2c3d'; rm -rf /", "is not the id of a VPC"},
		{"a region of GovCloud", "vpc-region", "us-gov-west-1", ""},
		{"a region of the sovereign cloud", "vpc-region", "eusc-de-east-1", ""},
		{"an availability zone", "vpc-region", "us-east-1a", `"us-east-1a" is not an AWS region`},
		{"a reference", "caller-reference", "second-try", ""},
		{"a long reference", "caller-reference", strings.Repeat("x", 65), "is not up to 64 letters"},
		{"no VPC", "vpc-id", "", "format route53 needs the parameter vpc-id"},
	}
	format, _ := all.Named("route53")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			values := maps.Clone(awsValues)
			values[tt.parameter] = tt.value
			_, err := format.Files(endpointsView(1, 1), formats.Options{Values: values})
			switch {
			case tt.want == "" && err != nil:
				t.Error(err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}
