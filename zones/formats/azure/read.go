package azure

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/listing"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// readRecordSets reads what "az network private-dns record-set list" prints as JSON or
// YAML, or the answer of the API; and beside it what "zone list" and "link vnet list" do.
// The zone's SOA claims it: a private zone answers NXDOMAIN for what it lacks.
func readRecordSets(b *holdings.Builder, r io.Reader, in formats.Input) error {
	l := &lister{b: b, listed: rrset.NewListed(b), public: make(map[string]bool)}
	defer l.listed.End()
	items := listing.NewItems(b)
	return items.End(listing.Each(r, in.Name, []string{"value"}, func(item listing.Item) error {
		var set recordSet
		if !items.Read(item, &set) {
			return nil
		}
		if set.Properties != nil {
			set.records = *set.Properties
		}
		l.listed.Within(item.List)
		l.add(set, item.At)
		return nil
	}, func(more *listing.More) { l.listed.EndList(l.what, more) }))
}

// lister gives what is listed to a builder.
type lister struct {
	b      *holdings.Builder
	listed *rrset.Listed
	public map[string]bool // zones of which it was told
	what   string          // the last list has; "" for record sets
}

// add adds a record set, a zone or a link.
func (l *lister) add(set recordSet, at holdings.Place) {
	if zone := set.zone(); set.public() && !l.public[zone] {
		l.public[zone] = true
		rrset.Public(l.b, cmp.Or(zone, set.fqdn()), at)
	}
	kind := set.Type[strings.LastIndexByte(set.Type, '/')+1:]
	l.identify(set, kind, at)
	l.what = ""
	switch {
	case strings.EqualFold(kind, "privateDnsZones"):
		l.what = "private DNS zones"
		l.addZone(set, at)
	case strings.EqualFold(kind, "virtualNetworkLinks"):
		l.what = "links of zone " + set.zone()
		l.addLink(set, at)
	case strings.EqualFold(kind, "virtualNetworks"):
		l.what = "virtual networks"
		if servers := set.DHCP.Servers; slices.ContainsFunc(servers, func(server string) bool { return !rrset.CloudDNS[server] }) {
			l.b.Unread(at, "virtual network %s has its hosts ask %s, and not Azure's own DNS, which has its private zones: audit these servers", set.Name, strings.Join(servers, ", "))
		}
	case strings.EqualFold(kind, "forwardingRules"):
		l.what = "forwarding rules"
		l.addRule(set, at)
	default:
		l.addSet(set, kind, at)
	}
}

// identify notes the zone's id: a link refers to it.
func (l *lister) identify(set recordSet, kind string, at holdings.Place) {
	switch id := set.zoneID(); {
	case id == "":
	case strings.EqualFold(kind, "virtualNetworkLinks"):
		rrset.Refers(l.b, set.zone(), id, at)
	default:
		rrset.Identify(l.b, set.zone(), id, at)
	}
}

// addRule adds a rule of a DNS Private Resolver.
func (l *lister) addRule(set recordSet, at holdings.Place) {
	if strings.EqualFold(set.Rule, "Disabled") {
		return
	}
	set.forward(l.b, at)
}

// forward adds what a rule forwards.
func (r records) forward(b *holdings.Builder, at holdings.Place) {
	servers := make([]string, len(r.Servers))
	for i, server := range r.Servers {
		servers[i] = server.IP
	}
	rrset.Forward(b, r.Domain, servers, at)
}

func (l *lister) addSet(set recordSet, kind string, at holdings.Place) {
	name := set.fqdn()
	if name == "" {
		l.b.Unread(at, "record set %q has neither an fqdn nor an id: left out", set.Name)
		return
	}
	if kind == "SOA" {
		rrset.Private(l.b, name, at)
	}
	if zone := set.zone(); zone != "" && !set.public() {
		l.listed.Says(zone, at)
	}
	r := rrset.RRset{Name: name, Type: kind, Zone: set.zone(), ZoneID: set.zoneID(), TTL: set.TTL, Values: set.values()}
	if set.Target.ID != "" && len(r.Values) == 0 {
		r.Type = "ALIAS" // to what is not known
	}
	l.listed.Add(r, at)
}

// addZone adds a zone of which the record sets are listed elsewhere.
func (l *lister) addZone(set recordSet, at holdings.Place) {
	rrset.Unlisted(l.b, set.Name, "the record sets of zone "+set.Name, at)
	rrset.Counted(l.b, set.Name, set.Sets, at)
	if set.Provisioning != "" && !strings.EqualFold(set.Provisioning, "Succeeded") {
		l.b.UnreadBelow(dnsname.Lower(dnsname.Absolute(set.Name)), at, "zone %s is in the state %s: whether it answers, is not known", set.Name, set.Provisioning)
	}
	if set.Links != nil && *set.Links == 0 {
		l.b.UnreadBelow(dnsname.Lower(dnsname.Absolute(set.Name)), at, "zone %s is linked to no virtual network: nobody is answered from it", set.Name)
	}
}

// fallback is the policy by which a link leaves to the Internet what a zone lacks.
const fallback = "NxDomainRedirect"

// addLink adds a link. Azure has the fallback to the Internet for zones of its own private
// links alone.
func (l *lister) addLink(set recordSet, at holdings.Place) {
	zone := set.zone()
	origin, err := holdings.CanonicalName(zone)
	if err != nil {
		return
	}
	for _, s := range [][2]string{{set.State, "Completed"}, {set.Provisioning, "Succeeded"}} {
		if s[0] != "" && !strings.EqualFold(s[0], s[1]) {
			l.b.UnreadBelow(origin, at, "link %s of zone %s is in the state %s, and not in force: its network is not answered from the zone", set.Name, zone, s[0])
			return
		}
	}
	rrset.ZoneSeenBy(l.b, zone, set.zoneID(), []string{set.Network.ID}, at)
	if !strings.EqualFold(set.Policy, fallback) {
		return
	}
	if !strings.HasPrefix(origin, "privatelink.") {
		l.b.Note(at, "link %s has the resolution policy %s, which counts for nothing: zone %s is none of Azure's own private links", set.Name, fallback, zone)
		return
	}
	l.b.Claim(holdings.Claim{Origin: origin, Zone: true, Miss: holdings.Passthru, Place: at})
}

// detectRecordSets knows record sets by their ids, or by their members.
func detectRecordSets(head formats.Head) formats.Certainty {
	text := strings.ToLower(string(head))
	switch {
	case strings.Contains(text, "deploymenttemplate.json"):
		return formats.No
	case strings.Contains(text, `"dhcpoptions"`) && strings.Contains(text, "microsoft.network/virtualnetworks\""),
		strings.Contains(text, "microsoft.network/privatednszones"), strings.Contains(text, "microsoft.network/dnsforwardingrulesets"), strings.Contains(text, "microsoft.network/dnszones"),
		strings.Contains(text, "arecords") && strings.Contains(text, "ipv4address"):
		return formats.Likely
	default:
		return formats.No
	}
}

// readZoneFile reads a zone file that we have written, which the command line imports.
func readZoneFile(b *holdings.Builder, r io.Reader, in formats.Input) error {
	return zonefile.ReadFor(b, r, in, zonefile.Import)
}
