package all_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

const (
	accountSets     = `{"ResourceRecordSets": [{"Name": "a.", "Type": "SOA"}, {"Name": "x.a.", "Type": "A", "ResourceRecords": [{"Value": "10.0.0.1"}]}]}`
	accountZone     = `{"HostedZone": {"Id": "/hostedzone/Z1", "Name": "a.", "Config": {"PrivateZone": true}}, "VPCs": [{"VPCId": "vpc-1", "VPCRegion": "r"}]}`
	accountZones    = "{\"HostedZones\": [\n{\"Id\": \"/hostedzone/Z1\", \"Name\": \"a.\", \"CallerReference\": \"x\", \"Config\": {\"PrivateZone\": true}}]}"
	accountRules    = `{"ResolverRules": [{"Id": "rr-1", "DomainName": "a.", "RuleType": "FORWARD", "TargetIps": [{"Ip": "10.9.9.9"}]}]}`
	accountTied     = `{"ResolverRuleAssociations": [{"ResolverRuleId": "rr-1", "VPCId": "vpc-1"}]}`
	accountElse     = `{"ResolverRuleAssociations": [{"ResolverRuleId": "rr-1", "VPCId": "vpc-2"}]}`
	accountProfile  = `{"ProfileResourceAssociations": [{"ProfileId": "rp-1", "ResourceArn": "arn:aws:route53:::hostedzone/Z1", "ResourceType": "PRIVATE_HOSTED_ZONE", "Status": "COMPLETE"}]}`
	accountForwards = "not read: f:1: a resolver rule forwards a to 10.9.9.9"
)

// TestReadAccount: what an account has is read together, in whichever files and order it is given.
func TestReadAccount(t *testing.T) {
	const zone, both = "zone a. else nxdomain, f:1\nx.a. 10.0.0.1, f:1\n", ", before its hosted zone is asked: audit that server"
	for _, tt := range []struct {
		name  string
		files []string
		want  string
		notes []string
	}{
		{"a rule of which no associations are listed", []string{accountSets, accountRules}, zone, []string{accountForwards + both}},
		{"a rule of the zone's VPC", []string{accountSets, accountZone, accountRules, accountTied}, zone, []string{accountForwards + " in vpc-1" + both}},
		{"a rule of the VPC of a zone of which that is not known", []string{accountSets, accountRules, accountTied}, zone, []string{accountForwards + " in vpc-1" + both}},
		{
			"a rule of another VPC",
			[]string{accountSets, accountZone, accountRules, accountElse},
			zone,
			[]string{"f:1: a resolver rule forwards a to 10.9.9.9 in vpc-2, which sees none of the hosted zones that it could stand before: it is left out"},
		},
		{
			"a rule of no VPC",
			[]string{accountSets, accountRules, `{"ResolverRuleAssociations": []}`},
			zone,
			[]string{"f:1: a resolver rule forwards a to 10.9.9.9, and is associated with no VPC that is listed: it is left out"},
		},
		{
			"a VPC's rule that is not listed",
			[]string{accountSets, accountTied},
			zone,
			[]string{"not read: f:1: VPC vpc-1 has resolver rule rr-1, of which nothing that is read says what it forwards: audit what aws route53resolver list-resolver-rules prints as well"},
		},
		{
			"an association of which more pages follow",
			[]string{accountSets, `{"ResolverRuleAssociations": [], "NextToken": "x"}`},
			zone,
			[]string{"not read: f:1: this is one page of several of ResolverRuleAssociations, and the last one is not read: what is on the others is not known: give all pages together"},
		},
		{"its other page", []string{accountSets, `{"ResolverRuleAssociations": [], "NextToken": "x"}`, `{"ResolverRuleAssociations": []}`}, zone, nil},
		{"what --query leaves", []string{accountSets, accountZone, `[{"Id": "rr-1", "DomainName": "a.", "RuleType": "FORWARD", "TargetIps": [{"Ip": "10.9.9.9"}]}]`, `[{"ResolverRuleId": "rr-1", "VPCId": "vpc-1"}]`}, zone, []string{accountForwards + " in vpc-1" + both}},
		{"what --query leaves as YAML", []string{accountSets, accountZone, "- DomainName: a.\n  Id: rr-1\n  RuleType: FORWARD\n  TargetIps:\n  - Ip: 10.9.9.9\n", "- ResolverRuleId: rr-1\n  VPCId: vpc-1\n"}, zone, []string{accountForwards + " in vpc-1" + both}},
		{"what --query leaves of zones", []string{accountSets, `[{"Id": "/hostedzone/Z1", "Name": "a.", "CallerReference": "x", "Config": {"PrivateZone": true}}]`}, zone, nil},
		{"zones, and a profile's", []string{accountProfile, accountSets, accountZones}, zone, nil},
		{
			"a profile's zone that is not listed",
			[]string{accountSets, accountProfile},
			zone,
			[]string{"not read: f:1: profile rp-1 has hosted zone Z1, and nothing that is read says its name: audit what aws route53 list-hosted-zones prints as well, and the zone's record sets"},
		},
		{
			"a profile that is tied to no VPC",
			[]string{accountSets, strings.Replace(accountZone, `{"VPCId": "vpc-1", "VPCRegion": "r"}`, "", 1), accountProfile, `{"ProfileAssociations": []}`},
			zone,
			[]string{"not read: f:1: zone a is associated with no VPC: nobody is answered from it, but by a profile"},
		},
		{"a profile that is tied to a VPC", []string{accountSets, strings.Replace(accountZone, `{"VPCId": "vpc-1", "VPCRegion": "r"}`, "", 1), accountProfile, `{"ProfileAssociations": [{"ProfileId": "rp-1", "ResourceId": "vpc-7"}]}`}, zone, nil},
		{
			"a profile's rule in the zone's VPC", []string{
				accountSets, accountZone, accountRules, `{"ResolverRuleAssociations": []}`, `{"ProfileAssociations": [{"ProfileId": "rp-1", "ResourceId": "vpc-1"}]}`,
				`{"ProfileResourceAssociations": [{"ProfileId": "rp-1", "ResourceArn": "arn:aws:route53resolver:us-east-1:1:resolver-rule/rr-1", "ResourceType": "RESOLVER_RULE"}]}`,
			}, zone, []string{accountForwards + " in vpc-1" + both},
		},
		{
			"a profile that has the zone not yet",
			[]string{accountSets, accountZones, strings.Replace(accountProfile, "COMPLETE", "FAILED", 1)},
			zone,
			[]string{"not read: f:1: profile rp-1 has Z1 in the state FAILED, and not in force: its VPCs may be answered without it"},
		},
		{
			"two zones of one name",
			[]string{accountSets, accountZone, strings.ReplaceAll(strings.ReplaceAll(accountZone, "Z1", "Z2"), "vpc-1", "vpc-2")},
			zone,
			[]string{"not read: f:1: there are two private hosted zones a, Z1 and Z2, and a VPC sees one of them alone: audit what is listed of one"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, files := range [][]string{tt.files, reversed(tt.files)} {
				if tt.name == "its other page" && files[0] != tt.files[0] || tt.name == "two zones of one name" && files[0] != tt.files[0] {
					continue
				}
				set := together(t, files...)
				if d := cmp.Diff(tt.want, dump(set)); d != "" {
					t.Errorf("(-want +got):\n%s", d)
				}
				if d := cmp.Diff(tt.notes, told(set)); d != "" {
					t.Errorf("notes (-want +got):\n%s", d)
				}
			}
		})
	}
}

// TestReadPagesOfZone: the pages of a zone may be files of their own.
func TestReadPagesOfZone(t *testing.T) {
	const first = `{"ResourceRecordSets": [{"Name": "a.", "Type": "SOA"}], "IsTruncated": true, "NextRecordName": "x.a."}`
	const second = `{"ResourceRecordSets": [{"Name": "x.a.", "Type": "A", "ResourceRecords": [{"Value": "10.0.0.1"}]}], "IsTruncated": false}`
	for _, page := range []string{first, `{"ResourceRecordSets": [{"Name": "a.", "Type": "SOA"}], "NextToken": "x"}`} {
		set := together(t, page, second)
		if d := cmp.Diff("zone a. else nxdomain, f:1\nx.a. 10.0.0.1, f:1\n", dump(set)); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
		if d := cmp.Diff([]string(nil), told(set)); d != "" {
			t.Errorf("notes (-want +got):\n%s", d)
		}
		if notes := told(together(t, page)); len(notes) != 1 || !strings.HasPrefix(notes[0], "not read: f:1: ") {
			t.Errorf("of one page: %q", notes)
		}
	}
}

// together reads files into one set.
func together(t *testing.T, files ...string) *holdings.Set {
	t.Helper()
	b := holdings.NewBuilder()
	for _, text := range files {
		if err := all.ReadAny(b, strings.NewReader(text), formats.Input{Name: "f"}); err != nil {
			t.Fatal(err)
		}
	}
	return b.Set()
}

func reversed(files []string) []string {
	var all []string
	for _, file := range files {
		all = append([]string{file}, all...)
	}
	return all
}
