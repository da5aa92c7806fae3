package route53

import (
	"encoding/json"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// resourceRecordSet is a ResourceRecordSet of Route 53.
type resourceRecordSet struct {
	Name, Type      string
	SetIdentifier   string
	TTL             rrset.TTL
	ResourceRecords []struct{ Value string }
	AliasTarget     *struct{ DNSName string }

	GeoLocation       *struct{ CountryCode string }
	CidrRoutingConfig *struct{ LocationName string }

	Weight, Region, Failover, MultiValueAnswer, GeoProximityLocation json.RawMessage
}

// routing returns what tells whether Route 53 takes a record set.
func (set resourceRecordSet) routing() rrset.Routing {
	r := rrset.Routing{
		Name: unescaped(set.Name), Type: set.Type, Identifier: set.SetIdentifier,
		Records: len(set.ResourceRecords) > 0, Alias: set.AliasTarget != nil, TTL: set.TTL != rrset.TTL{},
	}
	for policy, its := range map[string]bool{
		"Weight": set.Weight != nil, "Region": set.Region != nil, "Failover": set.Failover != nil,
		"MultiValueAnswer": len(set.MultiValueAnswer) > 0 && string(set.MultiValueAnswer) != "false",
		"GeoLocation":      set.GeoLocation != nil, "GeoProximityLocation": set.GeoProximityLocation != nil, "CidrRoutingConfig": set.CidrRoutingConfig != nil,
	} {
		if its {
			r.Policies = append(r.Policies, policy)
		}
	}
	return r
}

// addSet adds a record set. Of several for one name and type, as routing
// policies have them, the name has all.
func (d *reader) addSet(set resourceRecordSet, at holdings.Place) {
	r := d.rrset(set, at)
	d.account.see(set, at)
	d.seePlace(set, at)
	d.listed.Add(r, at)
}

// rrset returns a record set as others have it.
func (d *reader) rrset(set resourceRecordSet, at holdings.Place) rrset.RRset {
	r := rrset.RRset{Name: unescaped(set.Name), Type: set.Type, TTL: set.TTL, Identifier: set.SetIdentifier}
	for _, record := range set.ResourceRecords {
		r.Values = append(r.Values, record.Value)
	}
	if set.AliasTarget != nil {
		r = d.aliases.Of(r, set.AliasTarget.DNSName, at)
	}
	return r
}

// seePlace notes a record set that is for clients in some places alone.
func (d *reader) seePlace(set resourceRecordSet, at holdings.Place) {
	switch {
	case set.GeoLocation != nil:
		d.places.See(unescaped(set.Name), set.Type, set.GeoLocation.CountryCode, at)
	case set.CidrRoutingConfig != nil:
		d.places.See(unescaped(set.Name), set.Type, set.CidrRoutingConfig.LocationName, at)
	}
}
