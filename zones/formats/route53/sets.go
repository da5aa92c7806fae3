package route53

import (
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// resourceRecordSet is a ResourceRecordSet of Route 53.
type resourceRecordSet struct {
	Name, Type      string
	TTL             rrset.TTL
	ResourceRecords []struct{ Value string }
	AliasTarget     *struct{ DNSName string }

	GeoLocation       *struct{ CountryCode string }
	CidrRoutingConfig *struct{ LocationName string }
}

// addSet adds a record set. Of several for one name and type, as routing
// policies have them, the name has all.
func (d *reader) addSet(set resourceRecordSet, at holdings.Place) {
	r := set.rrset()
	if canonical, err := holdings.CanonicalName(r.Name); !d.began && (d.next == unknownNext || err == nil && canonical == d.next) {
		d.next = "" // this is the page that was missing
	}
	d.began = true
	d.zones.see(set, at)
	d.places.see(set, at)
	d.listed.Add(r, at)
}

// rrset returns the record set as others have it.
func (set resourceRecordSet) rrset() rrset.RRset {
	r := rrset.RRset{Name: unescaped(set.Name), Type: set.Type, TTL: set.TTL}
	for _, record := range set.ResourceRecords {
		r.Values = append(r.Values, record.Value)
	}
	if set.AliasTarget != nil {
		r.Type, r.Values = "ALIAS", []string{set.AliasTarget.DNSName}
	}
	return r
}

// places are names that have record sets for clients of some places alone, until one for
// all others is seen.
type places map[string]*place

// place is where such a record set was read first, and whether there is one for all others.
type place struct {
	name   string
	at     holdings.Place
	others bool
}

// everywhere is the place of the record set for all others.
const everywhere = "*"

func (p places) see(set resourceRecordSet, at holdings.Place) {
	where := ""
	switch {
	case set.GeoLocation != nil:
		where = set.GeoLocation.CountryCode
	case set.CidrRoutingConfig != nil:
		where = set.CidrRoutingConfig.LocationName
	default:
		return
	}
	name, err := holdings.CanonicalName(unescaped(set.Name))
	if err != nil {
		return
	}
	key := name + " " + set.Type
	if p[key] == nil {
		p[key] = &place{name: name, at: at}
	}
	p[key].others = p[key].others || where == everywhere
}

// end notes the names that have no answer for the clients of other places.
func (p places) end(b *holdings.Builder) {
	for _, key := range slices.Sorted(maps.Keys(p)) {
		if !p[key].others {
			b.UnreadBelow(strings.TrimPrefix(p[key].name, "*."), p[key].at,
				"%s has records for clients in some places alone: those in others have no answer", dnsname.TrimDot(p[key].name))
		}
	}
}
