package azure

import (
	"io"
	"regexp"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/listing"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
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

// zoneOfID finds the zone in the id of a record set.
var zoneOfID = regexp.MustCompile(`(?i)/privateDnsZones/([^/]+)/`)

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

// absolute returns the name of what is in a zone under a name.
func absolute(name, zone string) string {
	if name == "@" {
		return zone
	}
	return name + "." + zone
}

// readRecordSets reads what "az network private-dns record-set list" prints as JSON or
// YAML, or the answer of the API. The zone's SOA claims it: a private zone answers
// NXDOMAIN for what it lacks.
func readRecordSets(b *holdings.Builder, r io.Reader, in formats.Input) error {
	zone, some := false, false
	listed := rrset.NewListed(b)
	defer listed.End()
	err := listing.Each(r, in.Name, []string{"value"}, func(item listing.Item) error {
		var set recordSet
		if err := item.Decode(&set); err != nil {
			return err
		}
		if set.Properties != nil {
			set.records = *set.Properties
		}
		kind := set.Type[strings.LastIndexByte(set.Type, '/')+1:]
		name := set.fqdn()
		if name == "" {
			b.Unread(item.At, "record set %q has neither an fqdn nor an id: left out", set.Name)
			return nil
		}
		some, zone = true, zone || kind == "SOA"
		listed.Within(item.List)
		listed.Add(rrset.RRset{Name: name, Type: kind, Zone: set.zone(), TTL: set.TTL, Values: set.values()}, item.At)
		return nil
	})
	if some && !zone {
		b.Unread(holdings.Place{File: in.Name, Line: 1}, "there is no SOA among the record sets: which names their zone hides cannot be told")
	}
	return err
}

// detectRecordSets knows record sets by their ids, or by their members.
func detectRecordSets(head formats.Head) formats.Certainty {
	text := string(head)
	switch {
	case strings.Contains(text, "deploymentTemplate.json"):
		return formats.No
	case strings.Contains(strings.ToLower(text), "microsoft.network/privatednszones/"),
		strings.Contains(text, "aRecords") && strings.Contains(text, "ipv4Address"):
		return formats.Likely
	default:
		return formats.No
	}
}

// readTemplate reads the private DNS zones and their record sets in a template. What
// an expression stands for is not known.
func readTemplate(b *holdings.Builder, r io.Reader, in formats.Input) error {
	return listing.Each(r, in.Name, []string{"resources"}, func(item listing.Item) error {
		var resource recordSet
		if err := item.Decode(&resource); err != nil {
			return err
		}
		kind, private := strings.CutPrefix(strings.ToLower(resource.Type), strings.ToLower(armZone))
		kind = strings.ToUpper(strings.TrimPrefix(kind, "/"))
		switch {
		case !private || kind == "VIRTUALNETWORKLINKS":
			return nil
		case strings.HasPrefix(resource.Name, "["):
			b.Unread(item.At, "%s has a name that is an expression: left out", resource.Type)
			return nil
		case kind == "":
			rrset.Zone(b, resource.Name, item.At)
			return nil
		case resource.Properties == nil:
			return nil
		}
		zone, name, _ := strings.Cut(resource.Name, "/")
		name = absolute(name, zone)
		rrset.Add(b, rrset.RRset{Name: name, Type: kind, Zone: zone, TTL: resource.Properties.TTL, Values: resource.Properties.values()}, item.At)
		return nil
	})
}

// detectTemplate knows a template with private DNS zones.
func detectTemplate(head formats.Head) formats.Certainty {
	if head.Document() && strings.Contains(string(head), "deploymentTemplate.json") && strings.Contains(string(head), armZone) {
		return formats.Surely
	}
	return formats.No
}
