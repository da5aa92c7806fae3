package azure

import (
	"strings"

	"github.com/auralink/auralink/internal/pattern"
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
	// Target is the resource whose address an alias of a public zone has.
	Target struct {
		ID string `json:"id"`
	} `json:"targetResource"`
	// Links is how many networks are linked to what is a zone.
	Links *int `json:"numberOfVirtualNetworkLinks"`
	// Sets is how many record sets a zone has.
	Sets *int `json:"numberOfRecordSets"`
	// Policy is what a link does with names that the zone lacks.
	Policy string `json:"resolutionPolicy"`
	// Registers says whether hosts of a linked network get records in the zone.
	Registers any `json:"registrationEnabled"`
	// Domain, Servers and Rule are of a rule that forwards.
	Domain  string `json:"domainName"`
	Servers []struct {
		IP string `json:"ipAddress"`
	} `json:"targetDnsServers"`
	Rule string `json:"forwardingRuleState"`
	// Network is what a link lets see the zone.
	Network struct {
		ID string `json:"id"`
	} `json:"virtualNetwork"`
	// DHCP has the servers that a virtual network's hosts ask; none for Azure's own.
	DHCP struct {
		Servers []string `json:"dnsServers"`
	} `json:"dhcpOptions"`
	// State and Provisioning say whether a link is in force.
	State        string `json:"virtualNetworkLinkState"`
	Provisioning string `json:"provisioningState"`
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
var zoneOfID = pattern.Lazily(`(?i)^.*/(?:private)?DnsZones/([^/]+)(?:/|$)`)

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
	if match := zoneOfID().FindStringSubmatch(r.ID); match != nil {
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
	return strings.ToLower(strings.TrimSuffix(zoneOfID().FindString(r.ID), "/"))
}

// absolute returns the name of what is in a zone under a name.
func absolute(name, zone string) string {
	if name == "@" {
		return zone
	}
	return name + "." + zone
}
