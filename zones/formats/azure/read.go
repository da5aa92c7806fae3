package azure

import (
	"cmp"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/listing"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// recordSet is a RecordSet of Azure Private DNS, as the command line prints it, or
// with its properties in an object of their own, as the API and templates have it.
type recordSet struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
	records
	Properties *records `json:"properties"`
}

// records are what a record set has.
type records struct {
	FQDN string    `json:"fqdn"`
	TTL  rrset.TTL `json:"ttl"`
	A    []struct {
		Address string `json:"ipv4Address"`
	} `json:"aRecords"`
	AAAA []struct {
		Address string `json:"ipv6Address"`
	} `json:"aaaaRecords"`
	CNAME *struct {
		Name string `json:"cname"`
	} `json:"cnameRecord"`
	// Target is the resource whose address an alias of a public zone has.
	Target struct {
		ID string `json:"id"`
	} `json:"targetResource"`
	// Links is how many networks are linked to what is a zone.
	Links *int `json:"numberOfVirtualNetworkLinks"`
	// Policy is what a link does with names that the zone lacks.
	Policy string `json:"resolutionPolicy"`
}

// values returns the records' data.
func (r records) values() []string {
	var all []string
	for _, record := range r.A {
		all = append(all, record.Address)
	}
	for _, record := range r.AAAA {
		all = append(all, record.Address)
	}
	if r.CNAME != nil {
		all = append(all, r.CNAME.Name)
	}
	return all
}

// zoneOfID finds the zone in its id, or in that of what is in it.
var zoneOfID = regexp.MustCompile(`(?i)^.*/(?:private)?DnsZones/([^/]+)(?:/|$)`)

// fqdn returns the absolute name of a record set: Azure says it, or its id has it.
func (r recordSet) fqdn() string {
	if r.FQDN != "" {
		return r.FQDN
	}
	if zone := r.zone(); zone != "" {
		return absolute(r.Name, zone)
	}
	return ""
}

// zone returns the zone in the id of a record set, or "".
func (r recordSet) zone() string {
	if match := zoneOfID.FindStringSubmatch(r.ID); match != nil {
		return match[1]
	}
	return ""
}

// public reports whether a record set is of a public zone, or is one.
func (r recordSet) public() bool {
	return strings.Contains(strings.ToLower(r.Type+" "+r.ID), "microsoft.network/dnszones")
}

// zoneID returns the id of the zone in lower case, or "".
func (r recordSet) zoneID() string {
	return strings.ToLower(strings.TrimSuffix(zoneOfID.FindString(r.ID), "/"))
}

// absolute returns the name of what is in a zone under a name.
func absolute(name, zone string) string {
	if name == "@" {
		return zone
	}
	return name + "." + zone
}

// readRecordSets reads what "az network private-dns record-set list" prints as JSON or
// YAML, or the answer of the API; and beside it what "zone list" and "link vnet list" do.
// The zone's SOA claims it: a private zone answers NXDOMAIN for what it lacks.
func readRecordSets(b *holdings.Builder, r io.Reader, in formats.Input) error {
	l := &lister{b: b, listed: rrset.NewListed(b), public: make(map[string]bool)}
	err := listing.Each(r, in.Name, []string{"value"}, func(item listing.Item) error {
		var set recordSet
		if err := item.Decode(&set); err != nil {
			return err
		}
		if set.Properties != nil {
			set.records = *set.Properties
		}
		l.listed.Within(item.List)
		l.add(set, item.At)
		return nil
	})
	l.listed.End()
	return err
}

// lister gives what is listed to a builder.
type lister struct {
	b      *holdings.Builder
	listed *rrset.Listed
	public map[string]bool // zones of which it was told
}

// add adds a record set, a zone or a link.
func (l *lister) add(set recordSet, at holdings.Place) {
	if zone := set.zone(); set.public() && !l.public[zone] {
		l.public[zone] = true
		rrset.Public(l.b, cmp.Or(zone, set.fqdn()), at)
	}
	if id := set.zoneID(); id != "" {
		rrset.Identify(l.b, set.zone(), id, at)
	}
	switch kind := set.Type[strings.LastIndexByte(set.Type, '/')+1:]; {
	case strings.EqualFold(kind, "privateDnsZones"):
		l.addZone(set, at)
	case strings.EqualFold(kind, "virtualNetworkLinks"):
		l.addLink(set, at)
	default:
		l.addSet(set, kind, at)
	}
}

func (l *lister) addSet(set recordSet, kind string, at holdings.Place) {
	name := set.fqdn()
	if name == "" {
		l.b.Unread(at, "record set %q has neither an fqdn nor an id: left out", set.Name)
		return
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
	if err != nil || !strings.EqualFold(set.Policy, fallback) {
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
	case strings.Contains(text, "microsoft.network/privatednszones"), strings.Contains(text, "microsoft.network/dnszones"),
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

// readTemplate reads the private DNS zones and their record sets in a template. What
// an expression stands for is not known.
func readTemplate(b *holdings.Builder, r io.Reader, in formats.Input) error {
	t := &template{b: b, made: make(map[string]bool), used: make(map[string]holdings.Place)}
	err := listing.Each(r, in.Name, []string{"resources"}, func(item listing.Item) error {
		var resource recordSet
		if err := item.Decode(&resource); err != nil {
			return err
		}
		t.add(resource, item.At)
		return nil
	})
	for _, zone := range slices.Sorted(maps.Keys(t.used)) {
		if !t.made[zone] {
			rrset.Elsewhere(b, zone, t.used[zone])
		}
	}
	return err
}

// template gives what a template has to a builder.
type template struct {
	b    *holdings.Builder
	made map[string]bool           // zones, in lower case
	used map[string]holdings.Place // zones that have record sets, in lower case
}

func (t *template) add(resource recordSet, at holdings.Place) {
	kind, private := strings.CutPrefix(strings.ToLower(resource.Type), strings.ToLower(armZone))
	kind = strings.ToUpper(strings.TrimPrefix(kind, "/"))
	switch {
	case !private || kind == "VIRTUALNETWORKLINKS":
		return
	case strings.HasPrefix(resource.Name, "["):
		t.b.Unread(at, "%s has a name that is an expression: left out", resource.Type)
		return
	case kind == "":
		t.made[strings.ToLower(resource.Name)] = true
		rrset.Identify(t.b, resource.Name, "template "+at.File, at)
		rrset.Zone(t.b, resource.Name, at)
		return
	case resource.Properties == nil:
		return
	}
	zone, name, _ := strings.Cut(resource.Name, "/")
	if key := strings.ToLower(zone); t.used[key] == (holdings.Place{}) {
		t.used[key] = at
	}
	rrset.Add(t.b, rrset.RRset{
		Name: absolute(name, zone), Type: kind, Zone: zone, TTL: resource.Properties.TTL, Values: resource.Properties.values(),
	}, at)
}

// detectTemplate knows a template with private DNS zones.
func detectTemplate(head formats.Head) formats.Certainty {
	if head.Document() && strings.Contains(string(head), "deploymentTemplate.json") && strings.Contains(string(head), armZone) {
		return formats.Surely
	}
	return formats.No
}
