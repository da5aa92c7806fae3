package route53

import (
	"fmt"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// hostedZone is a HostedZone of Route 53: all that its members say, by name.
type hostedZone map[string]any

// hostedZoneSummary is one of the hosted zones that a VPC sees.
type hostedZoneSummary struct {
	ID   string `json:"HostedZoneId"`
	Name string
}

// vpcOf is a VPC with which a zone is associated.
type vpcOf struct {
	ID string `json:"VPCId"`
}

// see looks at a record set.
func (z *account) see(set resourceRecordSet, at holdings.Place) {
	if name, err := holdings.CanonicalName(unescaped(set.Name)); err == nil && set.Type == "SOA" {
		z.soas[name] = at
	}
}

// addZone adds the hosted zone that a document is about, and what else it says.
func (d *reader) addZone(doc document, at holdings.Place) {
	if doc.HostedZone != nil {
		d.account.add(doc.HostedZone, at)
		if doc.VPCs != nil && doc.HostedZone.private() {
			d.account.associate(unescaped(fmt.Sprint(doc.HostedZone["Name"])), *doc.VPCs, at)
		}
	}
	if doc.ResolverRule != nil {
		d.account.addRule(*doc.ResolverRule, at)
	}
	if doc.ChangeInfo != nil && doc.ChangeInfo.Status == "PENDING" {
		d.b.Unread(at, "change %s is not in force on all servers yet: what they answer may be from before it", doc.ChangeInfo.ID)
	}
}

// addSummary adds one of the zones that a VPC sees.
func (d *reader) addSummary(summary hostedZoneSummary, at holdings.Place) {
	if name, err := holdings.CanonicalName(unescaped(summary.Name)); err == nil {
		d.see()[name] = true
		d.account.identify(summary.ID, name, at)
		rrset.Unlisted(d.b, name, "the record sets of hosted zone "+summary.ID, at)
	}
}

// see returns the zones that the VPC of this file sees, which are listed.
func (d *reader) see() map[string]bool {
	if d.seen == nil {
		d.seen = make(map[string]bool)
		d.account.lists = append(d.account.lists, d.seen)
	}
	return d.seen
}

// add adds a hosted zone.
func (z *account) add(zone hostedZone, at holdings.Place) {
	name, ok := zone["Name"].(string)
	id, _ := zone["Id"].(string)
	id = lastPart(id)
	on, known := fallsBack(map[string]any(zone), false)
	if origin, err := holdings.CanonicalName(unescaped(name)); err == nil {
		if zone.private() {
			z.identify(id, origin, at)
		}
		if count, is := zone["ResourceRecordSetCount"].(float64); is && zone.private() {
			sets := int(count)
			rrset.Counted(z.b, origin, &sets, at)
		}
		if known && !zone.public() {
			z.b.SaysFallback(origin, on, at)
		}
	}
	switch {
	case !ok, on:
	case zone.public():
		rrset.PublicListed(z.b, unescaped(name), at)
	case zone.private():
		rrset.Unlisted(z.b, unescaped(name), "the record sets of hosted zone "+id, at)
	}
}

// private reports whether only VPCs see the zone.
func (zone hostedZone) private() bool { return zone.config()["PrivateZone"] == true }

// public reports whether everybody sees the zone.
func (zone hostedZone) public() bool { return zone.config()["PrivateZone"] == false }

func (zone hostedZone) config() map[string]any {
	config, _ := zone["Config"].(map[string]any)
	return config
}

// fallsBack reports whether public DNS fallback is switched on for a zone: of the names
// that it lacks public DNS is asked then. Where the zone does not say, it is not known.
func fallsBack(value any, named bool) (on, known bool) {
	switch v := value.(type) {
	case bool:
		return named && v, named
	case string:
		return named && strings.EqualFold(v, "ENABLED"), named
	case map[string]any:
		for name, member := range v {
			memberOn, memberKnown := fallsBack(member, named || strings.Contains(strings.ToLower(name), "publicdnsfallback"))
			on, known = on || memberOn, known || memberKnown
		}
	}
	return on, known
}
