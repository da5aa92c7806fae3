package aws

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// addNetwork notes what keeps the hosts of a VPC from its private hosted zones. That of a VPC which
// the template makes is told if it makes a zone as well.
func (t *template) addNetwork(r templateResource) {
	var one struct {
		Properties struct {
			DomainNameServers []text
			EnableDNSSupport  any `json:"EnableDnsSupport"`
		}
	}
	if json.Unmarshal(r.text, &one) != nil {
		return
	}
	var others []string
	for _, server := range one.Properties.DomainNameServers {
		if !rrset.CloudDNS[string(server)] {
			others = append(others, string(server))
		}
	}
	if len(others) > 0 {
		t.b.Unread(r.at, "%s has hosts ask %s, and not the VPC's own DNS, which has its private hosted zones: audit these servers", r.name, strings.Join(others, ", "))
	}
	if strings.EqualFold(fmt.Sprint(one.Properties.EnableDNSSupport), "false") {
		t.b.Unread(r.at, "%s has EnableDnsSupport off: nobody there is answered from private hosted zones", r.name)
	}
}

// zoneOr returns a zone's name for what counts below it; the root where it is not known.
func zoneOr(name string) string {
	if origin, err := holdings.CanonicalName(name); err == nil && name != rrset.Unknown && name != "" {
		return dnsname.Lower(origin)
	}
	return "."
}
