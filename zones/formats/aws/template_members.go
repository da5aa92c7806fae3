package aws

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// setMembers are the properties of AWS::Route53::RecordSet.
var setMembers = []string{
	"AliasTarget", "CidrRoutingConfig", "Comment", "Failover", "GeoLocation", "GeoProximityLocation", "HealthCheckId", "HostedZoneId",
	"HostedZoneName", "MultiValueAnswer", "Name", "Region", "ResourceRecords", "SetIdentifier", "TTL", "Type", "Weight",
}

// members are the properties of the resources that are read, by their types. Case tells them apart.
var members = map[string][]string{
	"AWS::Route53::HostedZone":                      {"HostedZoneConfig", "HostedZoneFeatures", "HostedZoneTags", "Name", "QueryLoggingConfig", "VPCs"},
	"AWS::Route53::RecordSet":                       setMembers,
	"AWS::Route53::RecordSetGroup":                  {"Comment", "HostedZoneId", "HostedZoneName", "RecordSets"},
	"AWS::Route53Resolver::ResolverRule":            {"DelegationRecord", "DomainName", "Name", "ResolverEndpointId", "RuleType", "Tags", "TargetIps"},
	"AWS::Route53Resolver::ResolverRuleAssociation": {"Name", "ResolverRuleId", "VPCId"},
}

// resourceMembers are what a resource may have beside its properties.
var resourceMembers = []string{
	"Condition", "CreationPolicy", "DeletionPolicy", "DependsOn", "Metadata", "Properties", "Type", "UpdatePolicy", "UpdateReplacePolicy",
}

// checkMembers notes what a resource has that CloudFormation does not take.
func (t *template) checkMembers(r templateResource) {
	known, is := members[r.Type]
	if !is {
		return
	}
	var all map[string]json.RawMessage
	if json.Unmarshal(r.text, &all) != nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !slices.Contains(resourceMembers, name) {
			t.b.NotMade(".", r.at, "%s has the member %s, which is none of a resource"+refused, r.name, name)
		}
	}
	t.checkProperties(all["Properties"], known, r.name, r.at)
}

// checkSet notes what a record set of a group has that CloudFormation does not take.
func (t *template) checkSet(text json.RawMessage, at holdings.Place) {
	t.checkProperties(text, setMembers, "a record set", at)
}

// checkProperties notes properties that are none of those that are known.
func (t *template) checkProperties(text json.RawMessage, known []string, of string, at holdings.Place) {
	var all map[string]json.RawMessage
	if json.Unmarshal(text, &all) != nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		switch near := spell.Near(name, known); {
		case slices.Contains(known, name) || strings.HasPrefix(name, "Fn::"):
		case len(near) > 0:
			t.b.NotMade(".", at, "%s has the property %s, and not %s"+refused, of, name, near[0])
		default:
			t.b.Unread(at, "%s has the property %s, which is not known here", of, name)
		}
	}
}

// checkZoneName notes how a resource names its zone, if CloudFormation does not take that.
func (t *template) checkZoneName(r templateResource) {
	p := r.Properties
	var all map[string]map[string]json.RawMessage
	_ = json.Unmarshal(r.text, &all)
	switch _, both := all["Properties"]["HostedZoneId"]; {
	case both:
		t.b.NotMade(".", r.at, "%s has both HostedZoneId and HostedZoneName"+refused, r.name)
	case p.HostedZoneName != rrset.Unknown && !strings.HasSuffix(string(p.HostedZoneName), "."):
		t.b.NotMade(".", r.at, "the HostedZoneName %s of %s has no final dot, and CloudFormation finds no such zone: nothing of the template is made", p.HostedZoneName, r.name)
	}
}

// addTied notes what a resource ties to a profile that is neither a zone nor a rule.
func (t *template) addTied(r templateResource) {
	text := strings.ToLower(string(r.text))
	if strings.Contains(text, "firewall") || strings.Contains(text, "vpce") || strings.Contains(text, "vpc-endpoint") {
		t.b.Unread(r.at, "what %s ties to a profile may block names, or answer them otherwise", r.name)
	}
}
