package tools

import (
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/listing"
)

// powerdnsDocument is a document of PowerDNS's API while it is read: a zone that is to be made, or
// one that is there, or changes of one, which have no name.
type powerdnsDocument struct {
	b   *holdings.Builder
	why string // of an RRset for which the API refuses all of it; "" for none
	at  holdings.Place
	has map[string]bool // the records so far
	all []string        // the names so far
	ns  []string        // those with NS records
}

func newPowerDNSDocument(b *holdings.Builder) *powerdnsDocument {
	return &powerdnsDocument{b: b, has: make(map[string]bool)}
}

// maxCompared is how many records of a document are compared with each other and with its zone.
const maxCompared = 100_000

// namesWithin are how many names the content of a type begins with.
var namesWithin = map[string]int{"NS": 1, "CNAME": 1, "DNAME": 1, "PTR": 1, "ALIAS": 1, "SOA": 2}

// ownTypes are types that PowerDNS has and DNS does not.
var ownTypes = map[string]bool{"ALIAS": true, "LUA": true}

// see looks at an RRset.
func (d *powerdnsDocument) see(set powerdnsSet, at holdings.Place) {
	if why := set.refused(); why != "" {
		d.refuse(at, why)
	}
	if len(d.has) >= maxCompared {
		return
	}
	name, kind := strings.ToLower(set.Name), strings.ToUpper(set.Type)
	for _, record := range set.Records {
		key := name + " " + kind + " " + record.Content
		if d.has[key] {
			d.refuse(at, set.Type+" of "+set.Name+" has a record twice")
		}
		d.has[key] = true
	}
	d.all = append(d.all, name)
	if kind == "NS" {
		d.ns = append(d.ns, name)
	}
}

func (d *powerdnsDocument) refuse(at holdings.Place, why string) {
	if d.why == "" {
		d.why, d.at = why, at
	}
}

// refused returns why the API refuses an RRset, or "".
func (s powerdnsSet) refused() string {
	kind := strings.ToUpper(s.Type)
	_, known := dns.StringToType[kind]
	switch {
	case !dns.IsFqdn(s.Name):
		return "the name " + s.Name + " has no final dot"
	case !known && !ownTypes[kind] && !strings.HasPrefix(kind, "TYPE"):
		return s.Type + " of " + s.Name + " is no type"
	case strings.EqualFold(s.Changetype, "DELETE"):
		return ""
	case s.TTL == (powerdnsSet{}).TTL:
		return s.Type + " of " + s.Name + " has no ttl"
	}
	for _, record := range s.Records {
		if why := refusedContent(kind, strings.Fields(record.Content)); why != "" {
			return s.Type + " of " + s.Name + " has " + why
		}
	}
	return ""
}

// refusedContent returns what is wrong with the words of a record, or "".
func refusedContent(kind string, words []string) string {
	const fieldsOfSOA, fieldsOfUnknown = 7, 2
	for i := range namesWithin[kind] {
		if i >= len(words) || !dns.IsFqdn(words[i]) {
			return "a name without a final dot, or none"
		}
	}
	switch {
	case kind == "SOA" && len(words) < fieldsOfSOA:
		return "fewer than its seven fields"
	case strings.HasPrefix(kind, "TYPE") && (len(words) < fieldsOfUnknown || words[0] != `\#`):
		return "content that does not begin with \\# and a length"
	default:
		return ""
	}
}

// powerdnsZoneMembers are members of a Zone object beside its RRsets.
type powerdnsZoneMembers struct {
	Name        *string  `json:"name"`
	Kind        *string  `json:"kind"`
	Nameservers []string `json:"nameservers"`
	Masters     []string `json:"masters"`
}

// end judges the document by what it says of its zone.
func (d *powerdnsDocument) end(item listing.Item) error {
	var zone powerdnsZoneMembers
	if err := item.Decode(&zone); err != nil {
		return err
	}
	if zone.Name != nil || zone.Kind != nil {
		d.judge(zone, item.At)
	}
	if d.why == "" {
		return nil
	}
	if zone.Name != nil {
		if origin, err := holdings.CanonicalName(*zone.Name); err == nil {
			d.b.NotLoaded(holdings.Hosted{Server: "PowerDNS", Origin: origin}, d.at, "its API refuses the document: %s", d.why)
			return nil
		}
	}
	d.b.Unread(d.at, "PowerDNS's API refuses the document: %s", d.why)
	return nil
}

// judge looks at a zone.
func (d *powerdnsDocument) judge(zone powerdnsZoneMembers, at holdings.Place) {
	switch {
	case zone.Name == nil:
		d.refuse(at, "the zone has no name")
		return
	case !dns.IsFqdn(*zone.Name):
		d.refuse(at, "the zone's name "+*zone.Name+" has no final dot")
	case zone.Kind == nil:
		d.refuse(at, "the zone has no kind")
		return
	}
	origin := strings.ToLower(*zone.Name)
	for _, name := range d.all {
		if origin != "." && !dnsname.AtOrBelow(name, origin) {
			d.refuse(at, name+" is not in the zone")
		}
	}
	for _, name := range d.ns {
		if len(zone.Nameservers) > 0 && name == origin {
			d.refuse(at, "nameservers stands beside NS records")
		}
	}
	for _, name := range zone.Nameservers {
		if !dns.IsFqdn(name) {
			d.refuse(at, "the name server "+name+" has no final dot")
		}
	}
	if zone.Kind == nil {
		return
	}
	switch strings.ToLower(*zone.Kind) { // what is no kind is taken for native
	case "slave", "secondary", "consumer":
		d.b.UnreadBelow(origin, at, "zone %s is of kind %s: its records are those of its masters (%s)", origin, *zone.Kind, strings.Join(zone.Masters, ", "))
	}
}
