package route53

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
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

// resolverRule is a rule of Route 53 Resolver.
type resolverRule struct {
	DomainName, RuleType string
	TargetIPs            []struct {
		IP   string `json:"Ip"`
		IPv6 string `json:"Ipv6"`
	} `json:"TargetIps"`
}

// zoneLists are the hosted zones that are listed beside their record sets.
type zoneLists struct {
	b     *holdings.Builder
	soas  map[string]holdings.Place // of zones whose record sets were read
	seen  map[string]bool           // zones that the VPC sees; nil where it is not listed
	rules *rrset.Rules
}

func newZones(b *holdings.Builder) zoneLists {
	return zoneLists{b: b, soas: make(map[string]holdings.Place), rules: rrset.NewRules(b)}
}

// see looks at a record set.
func (z *zoneLists) see(set resourceRecordSet, at holdings.Place) {
	if name, err := holdings.CanonicalName(unescaped(set.Name)); err == nil && set.Type == "SOA" {
		z.soas[name] = at
		z.rules.Zone(name)
	}
}

// addZones adds the hosted zones and the rules that a document has.
func (d *reader) addZones(doc document, at holdings.Place) {
	for _, zone := range doc.HostedZones {
		d.zones.add(zone, at)
	}
	if doc.HostedZone != nil {
		d.zones.add(doc.HostedZone, at)
		if doc.VPCs != nil && len(*doc.VPCs) == 0 && doc.HostedZone.private() {
			d.zones.unanswered(fmt.Sprint(doc.HostedZone["Name"]), at, "zone %s is associated with no VPC: nobody is answered from it, but by a profile")
		}
	}
	for _, summary := range doc.HostedZoneSummaries {
		if d.zones.seen == nil {
			d.zones.seen = make(map[string]bool)
		}
		if name, err := holdings.CanonicalName(unescaped(summary.Name)); err == nil {
			d.zones.seen[name] = true
			rrset.Unlisted(d.b, name, "the record sets of hosted zone "+summary.ID, at)
		}
	}
	for _, rule := range doc.ResolverRules {
		d.zones.forward(rule, at)
	}
}

// add adds a hosted zone.
func (z *zoneLists) add(zone hostedZone, at holdings.Place) {
	name, ok := zone["Name"].(string)
	switch {
	case !ok:
	case fallsBack(zone, false):
		z.claimFallback(name, at)
	case zone.public():
		rrset.Public(z.b, unescaped(name), at)
	case zone.private():
		id, _ := zone["Id"].(string)
		rrset.Unlisted(z.b, unescaped(name), "the record sets of hosted zone "+id[strings.LastIndexByte(id, '/')+1:], at)
	}
}

// unanswered notes that a zone does not answer those whose DNS is read; why is a format for
// its name.
func (z *zoneLists) unanswered(name string, at holdings.Place, why string) {
	if origin, err := holdings.CanonicalName(unescaped(name)); err == nil {
		z.b.UnreadBelow(origin, at, why, dnsname.TrimDot(origin))
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
// that it lacks public DNS is asked then.
func fallsBack(value any, named bool) bool {
	switch v := value.(type) {
	case bool:
		return named && v
	case string:
		return named && strings.EqualFold(v, "ENABLED")
	case hostedZone:
		return fallsBack(map[string]any(v), named)
	case map[string]any:
		for name, member := range v {
			if fallsBack(member, named || strings.Contains(strings.ToLower(name), "publicdnsfallback")) {
				return true
			}
		}
	}
	return false
}

// claimFallback claims a zone that leaves what it lacks to public DNS.
func (z *zoneLists) claimFallback(name string, at holdings.Place) {
	if origin, err := holdings.CanonicalName(unescaped(name)); err == nil {
		z.b.Claim(holdings.Claim{Origin: origin, Zone: true, Miss: holdings.Passthru, Place: at})
	}
}

// forward adds a rule that forwards a domain.
func (z *zoneLists) forward(rule resolverRule, at holdings.Place) {
	if rule.RuleType != "FORWARD" {
		return
	}
	var servers []string
	for _, target := range rule.TargetIPs {
		servers = append(servers, target.IP+target.IPv6)
	}
	z.rules.Forward(rule.DomainName, servers, at)
}

// end notes zones that do not answer the VPC: those that it does not see, and those whose
// name a rule forwards, which comes first.
func (z *zoneLists) end() {
	for _, name := range slices.Sorted(maps.Keys(z.soas)) {
		if z.seen != nil && !z.seen[name] {
			z.unanswered(name, z.soas[name], "zone %s is not among the zones that the VPC sees: nobody there is answered from it")
		}
	}
	z.rules.End()
}
