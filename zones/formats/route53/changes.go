package route53

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/spell"
)

// takenMembers are those that a change of a batch has, and what is in it, by the member that has them.
// Case tells them apart.
var takenMembers = map[string][]string{
	"": {"Action", "ResourceRecordSet"},
	"ResourceRecordSet": {
		"AliasTarget", "CidrRoutingConfig", "Failover", "GeoLocation", "GeoProximityLocation", "HealthCheckId", "MultiValueAnswer", "Name", "Region",
		"ResourceRecords", "SetIdentifier", "TTL", "TrafficPolicyInstanceId", "Type", "Weight",
	},
	"ResourceRecords":      {"Value"},
	"AliasTarget":          {"DNSName", "EvaluateTargetHealth", "HostedZoneId"},
	"GeoLocation":          {"ContinentCode", "CountryCode", "SubdivisionCode"},
	"CidrRoutingConfig":    {"CollectionId", "LocationName"},
	"GeoProximityLocation": {"AWSRegion", "Bias", "Coordinates", "LocalZoneGroup"},
}

// checkChange notes a change of a batch that AWS does not take.
func (d *reader) checkChange(c change, text json.RawMessage, at holdings.Place) {
	d.checkMembers("", text, at)
	if set := c.ResourceRecordSet; set != nil && c.Action != "DELETE" {
		d.routed.See("", set.routing(), at)
	}
}

// checkMembers notes members that are not known, in an object or in each of a list; and a TTL that is a
// text, which the command line does not take.
func (d *reader) checkMembers(of string, text json.RawMessage, at holdings.Place) {
	if text = bytes.TrimSpace(text); len(text) > 0 && text[0] == '[' {
		var all []json.RawMessage
		_ = json.Unmarshal(text, &all) // what is none was told
		for _, one := range all {
			d.checkMembers(of, one, at)
		}
		return
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(text, &object) != nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		value := object[name]
		switch near := spell.Near(name, takenMembers[of]); {
		case name == "TTL" && value[0] == '"':
			d.b.NotMade(".", at, "the TTL %s is a text, and is to be a number: the command line of AWS refuses the batch", value)
		case slices.Contains(takenMembers[of], name):
			if _, is := takenMembers[name]; is {
				d.checkMembers(name, value, at)
			}
		case len(near) > 0:
			d.b.NotMade(".", at, "a change has the member %s, and not %s: the command line of AWS refuses the batch", name, near[0])
		default:
			d.b.Unread(at, "a change has the member %s, which is not known here", name)
		}
	}
}
