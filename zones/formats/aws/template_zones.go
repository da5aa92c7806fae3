package aws

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// addZone adds the hosted zone that a resource is.
func (t *template) addZone(resource, zone string, vpcs json.RawMessage, at holdings.Place) {
	if zone == rrset.Unknown || zone == "" {
		t.b.Unread(at, "%s is a zone whose name is an expression: left out", resource)
		return
	}
	t.zones[resource] = zone
	if none := string(vpcs); none == "" || none == "[]" || none == "null" {
		t.public[resource] = true
		t.b.Note(at, "zone %s is public: it is left out, and so are its records", zone)
		return
	}
	rrset.Identify(t.b, zone, identity(resource, at), at)
	rrset.Zone(t.b, zone, at)
	rrset.Private(t.b, zone, at)
	t.addVPCs(zone, identity(resource, at), vpcs, at)
}

// identity returns what tells the zone that a resource is from others of its name.
func identity(resource string, at holdings.Place) string { return resource + " " + at.File }

// addVPCs notes the VPCs that see a zone.
func (t *template) addVPCs(zone, id string, value json.RawMessage, at holdings.Place) {
	var vpcs []map[string]json.RawMessage
	err := json.Unmarshal(value, &vpcs)
	ids := make([]string, len(vpcs))
	for i, vpc := range vpcs {
		var id text
		if _, is := vpc["VPCId"]; !is || id.UnmarshalJSON(vpc["VPCId"]) != nil {
			err = errors.ErrUnsupported
		}
		ids[i] = string(id)
		var region text
		if region.UnmarshalJSON(vpc["VPCRegion"]) == nil {
			rrset.VPCRegion(t.b, ids[i], string(region), zone, at)
		}
		if id == "" {
			err = errors.ErrUnsupported
		}
		if id == rrset.Unknown {
			ids[i], t.unknownVPCs = rrset.Expression(compact(vpc["VPCId"])), true
		}
	}
	t.unknownVPCs = t.unknownVPCs || err != nil
	if slices.ContainsFunc(vpcs, func(vpc map[string]json.RawMessage) bool {
		return len(vpc["VPCRegion"]) == 0 || string(vpc["VPCRegion"]) == `""`
	}) {
		t.b.UnreadBelow(dnsname.Lower(dnsname.Absolute(zone)), at, "a VPC of zone %s has no VPCRegion, without which CloudFormation does not make the zone", zone)
	}
	if err != nil {
		t.b.UnreadBelow(dnsname.Lower(dnsname.Absolute(zone)), at, "a function makes the VPCs of zone %s: which they are, is not known", zone)
		return
	}
	rrset.ZoneSeenBy(t.b, zone, id, ids, at)
}

// compact returns a value of a template in one line, without blanks.
func compact(value json.RawMessage) string {
	var out bytes.Buffer
	if json.Compact(&out, value) != nil {
		return string(value)
	}
	return out.String()
}

// harmlessRules reports whether no rule of DNS Firewall blocks anything.
func harmlessRules(value json.RawMessage) bool {
	var rules []struct{ Action text }
	if json.Unmarshal(value, &rules) != nil {
		return false
	}
	return !slices.ContainsFunc(rules, func(one struct{ Action text }) bool { return one.Action != "ALLOW" && one.Action != "ALERT" })
}
