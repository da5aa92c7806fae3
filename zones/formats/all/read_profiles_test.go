package all_test

import (
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// TestReadProfilesOfTerraform: a zone is seen by the VPCs that have a Route 53 Profile with it.
func TestReadProfilesOfTerraform(t *testing.T) {
	const zones = `"aws_route53_zone": {"a": {"name": "a.test", "vpc": {"vpc_id": "vpc-1"}}, "b": {"name": "b.test", "vpc": {"vpc_id": "vpc-9"}}}`
	const profile = `"aws_route53profiles_profile": {"p": {"name": "p"}}`
	vpc := func(id string) string {
		return `"aws_route53profiles_association": {"p": {"profile_id": "${aws_route53profiles_profile.p.id}", "resource_id": "` + id + `"}}`
	}
	ties := func(arn string) string {
		return `"aws_route53profiles_resource_association": {"p": {"profile_id": "${aws_route53profiles_profile.p.id}", "resource_arn": "` + arn + `"}}`
	}
	const tied, unseen = "${aws_route53_zone.b.arn}", "no network sees all zones"
	state := `{"version": 4, "terraform_version": "1.9.0", "lineage": "l", "resources": [
{"mode": "managed", "type": "aws_route53_zone", "name": "a", "instances": [{"attributes": {"zone_id": "Z1", "name": "a.test", "vpc": [{"vpc_id": "vpc-1"}]}}]},
{"mode": "managed", "type": "aws_route53_zone", "name": "b", "instances": [{"attributes": {"zone_id": "Z2", "name": "b.test", "vpc": [{"vpc_id": "vpc-9"}]}}]},
{"mode": "managed", "type": "aws_route53profiles_association", "name": "p", "instances": [{"attributes": {"profile_id": "rp-1", "resource_id": "vpc-1"}}]},
{"mode": "managed", "type": "aws_route53profiles_resource_association", "name": "p", "instances": [{"attributes": {"profile_id": "rp-1", "resource_arn": "arn:aws:route53:::hostedzone/Z2"}}]}]}`
	for name, tt := range map[string]struct{ text, view, want string }{
		"none":               {zones, "", unseen},
		"of that VPC":        {strings.Join([]string{zones, profile, vpc("vpc-1"), ties(tied)}, ","), "", ""},
		"of another VPC":     {strings.Join([]string{zones, profile, vpc("vpc-5"), ties(tied)}, ","), "", unseen},
		"of unknown VPCs":    {strings.Join([]string{zones, profile, ties(tied)}, ","), "", ""},
		"of that view":       {strings.Join([]string{zones, profile, vpc("vpc-1"), ties(tied)}, ","), "vpc-1", ""},
		"of an unknown view": {strings.Join([]string{zones, profile, ties(tied)}, ","), "vpc-1", "whether \"vpc-1\" does, is not known"},
		"with another zone":  {strings.Join([]string{zones, profile, vpc("vpc-1"), ties("${aws_route53_zone.a.arn}")}, ","), "", unseen},
		"with a firewall":    {strings.Join([]string{zones, profile, vpc("vpc-1"), ties("arn:aws:route53resolver:r:1:firewall-rule-group/f")}, ","), "vpc-1", "may block names"},
		"in a state":         {state, "", ""},
		"of Pulumi": {`{"version": 3, "deployment": {"resources": [
{"urn": "urn:pulumi:s::p::aws:route53/profilesProfile:ProfilesProfile::p", "type": "aws:route53/profilesProfile:ProfilesProfile", "outputs": {"id": "rp-1", "name": "p"}},
{"urn": "urn:pulumi:s::p::aws:route53/zone:Zone::a", "type": "aws:route53/zone:Zone", "outputs": {"zoneId": "Z1", "name": "a.test", "vpcs": [{"vpcId": "vpc-1"}]}},
{"urn": "urn:pulumi:s::p::aws:route53/zone:Zone::b", "type": "aws:route53/zone:Zone", "outputs": {"zoneId": "Z2", "name": "b.test", "vpcs": [{"vpcId": "vpc-9"}]}},
{"urn": "urn:pulumi:s::p::aws:route53/profilesAssociation:ProfilesAssociation::v", "type": "aws:route53/profilesAssociation:ProfilesAssociation", "outputs": {"profileId": "rp-1", "resourceId": "vpc-1"}},
{"urn": "urn:pulumi:s::p::aws:route53/profilesResourceAssociation:ProfilesResourceAssociation::r", "type": "aws:route53/profilesResourceAssociation:ProfilesResourceAssociation", "outputs": {"profileId": "rp-1", "resourceArn": "arn:aws:route53:::hostedzone/Z2"}}]}}`, "", ""},
		"in another state": {strings.Replace(state, "rp-1", "rp-2", 1), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			text := tt.text
			if !strings.HasPrefix(text, "{") {
				text = `{"resource": {` + text + `}}`
			}
			b := holdings.NewBuilder()
			b.InNetwork(tt.view)
			if err := all.ReadAny(b, strings.NewReader(text), formats.Input{Name: "f"}); err != nil {
				t.Fatal(err)
			}
			var unread []string
			for _, note := range told(b.Set()) {
				if strings.HasPrefix(note, "not read: ") {
					unread = append(unread, note)
				}
			}
			if got := strings.Join(unread, "\n"); (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
				t.Errorf("told %q, want %q", got, tt.want)
			}
		})
	}
}
