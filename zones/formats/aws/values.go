package aws

import (
	"encoding/json"
	"strings"

	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// text is a value of a template: literal, or [rrset.Unknown] where a function makes it of more
// than literals.
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(value []byte) error {
	var literal string
	if json.Unmarshal(value, &literal) != nil {
		literal = madeOf(value)
	}
	if strings.Contains(literal, "{{resolve:") { // a parameter or secret that is kept elsewhere
		literal = rrset.Unknown
	}
	*t = text(literal)
	return nil
}

// madeOf returns what a function makes of literals, or [rrset.Unknown].
func madeOf(value []byte) string {
	var function struct {
		Join []json.RawMessage `json:"Fn::Join"`
		Sub  string            `json:"Fn::Sub"`
	}
	switch {
	case json.Unmarshal(value, &function) != nil:
		return rrset.Unknown
	case function.Sub != "" && len(function.Join) > 0: // CloudFormation refuses it
		return rrset.Unknown
	case function.Sub != "" && !strings.Contains(function.Sub, "${"):
		return function.Sub
	case len(function.Join) != 2:
		return rrset.Unknown
	}
	var separator text
	var parts []text
	if json.Unmarshal(function.Join[0], &separator) != nil || json.Unmarshal(function.Join[1], &parts) != nil {
		return rrset.Unknown
	}
	all := make([]string, len(parts))
	for i, part := range parts {
		if all[i] = string(part); part == rrset.Unknown {
			return rrset.Unknown
		}
	}
	return strings.Join(all, string(separator))
}

// texts are values of a template; a function that makes all of them makes one that is not known.
type texts []text

// UnmarshalJSON implements json.Unmarshaler.
func (t *texts) UnmarshalJSON(value []byte) error {
	var all []text
	if json.Unmarshal(value, &all) != nil {
		all = []text{rrset.Unknown}
	}
	*t = all
	return nil
}

// aliasTarget is where an alias leads, which a function may make as a whole.
type aliasTarget struct{ DNSName text }

// UnmarshalJSON implements json.Unmarshaler.
func (a *aliasTarget) UnmarshalJSON(value []byte) error {
	type plain aliasTarget
	if json.Unmarshal(value, (*plain)(a)) != nil || a.DNSName == "" {
		a.DNSName = rrset.Unknown
	}
	return nil
}

// place is for whom a record set is that is not for everybody.
type place struct {
	CountryCode, LocationName text
}

// templateSet is an AWS::Route53::RecordSet, or one of a group's.
type templateSet struct {
	Name, Type      text
	TTL             json.RawMessage
	ResourceRecords texts
	AliasTarget     *aliasTarget

	GeoLocation       *place
	CidrRoutingConfig *place

	SetIdentifier text
	policies
}

// policies are routing policies of a record set, of which it has one at most.
type policies struct {
	Weight, Region, Failover, MultiValueAnswer, GeoProximityLocation json.RawMessage
}

// routing returns what tells whether Route 53 takes a record set.
func (t templateSet) routing() rrset.Routing {
	r := rrset.Routing{
		Name: string(t.Name), Type: string(t.Type), Identifier: string(t.SetIdentifier),
		Records: t.ResourceRecords != nil, Alias: t.AliasTarget != nil, TTL: len(t.TTL) > 0 || t.AliasTarget == nil, // of which it is told otherwise
	}
	for policy, its := range map[string]bool{
		"Weight": t.Weight != nil, "Region": t.Region != nil, "Failover": t.Failover != nil,
		"MultiValueAnswer": len(t.MultiValueAnswer) > 0 && string(t.MultiValueAnswer) != "false", "GeoProximityLocation": t.GeoProximityLocation != nil,
		"GeoLocation": t.GeoLocation != nil, "CidrRoutingConfig": t.CidrRoutingConfig != nil,
	} {
		if its {
			r.Policies = append(r.Policies, policy)
		}
	}
	return r
}
