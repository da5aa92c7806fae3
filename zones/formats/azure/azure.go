// Package azure has the formats for Azure.
package azure

import (
	"fmt"
	"strings"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
)

const (
	// shapeText and azureLimits are true of all formats for Azure.
	shapeText = "A private DNS zone for each orchestra, with records at its apex and a wildcard, and its link to the virtual " +
		"network. Individual records are a zone for each name, since a private zone answers NXDOMAIN for all it has no records " +
		"for; with shape=one-zone they are one zone."
	limitsText = "A zone hides every name below its own that it has no records for; one zone, every other name under " +
		"endpoints.neo4j.io. A virtual network can be linked to 1,000 private zones: " +
		"a view with more is refused (at five names, 200 custom endpoints), and so are zones of one label or more than 34, of more " +
		"than 25,000 record sets, and names with more than 20 addresses of a family. A virtual network can have only one zone " +
		"of a name, and a resource group as well: give each VPC's zones a resource group of their own."

	maxAzureZones   = 1000  // that a virtual network can be linked to
	maxAzureRRsets  = 25000 // of a zone
	maxAzureRecords = 20    // of an RRset
	maxAzureLabels  = 34    // of a zone's name
)

// check returns why Azure would not take a view. It looks at no more of the
// view than Azure would take.
func check(format string, v zones.View, shape zones.Shape) *formats.Refusal {
	refuse := func(instead, reason string, args ...any) *formats.Refusal {
		return &formats.Refusal{Format: format, Reason: fmt.Sprintf(reason, args...), Instead: instead}
	}
	const ownServer = "a DNS server of your own, such as auralink's CoreDNS, and format azure-resolver to send clients there"
	zones := 0
	for zone := range v.Shaped(shape) {
		if zones++; zones > maxAzureZones {
			return refuse("shape=one-zone", "it has more than %d zones, which is what a virtual network can be linked to", maxAzureZones)
		}
		if labels := strings.Count(zone.Origin, "."); labels < 2 || labels > maxAzureLabels {
			return refuse(ownServer, "zone %s has %d labels, and a private zone has 2 to %d", zone.Origin, labels, maxAzureLabels)
		}
		rrsets := 0
		for rrset := range zone.RRsets() {
			if rrsets++; rrsets > maxAzureRRsets {
				return refuse(ownServer, "zone %s has more than %d record sets", zone.Origin, maxAzureRRsets)
			}
			if len(rrset.Addrs) > maxAzureRecords {
				return refuse(ownServer, "%s has %d %s records, more than %d", rrset.Name, len(rrset.Addrs), rrset.Type, maxAzureRecords)
			}
		}
	}
	return nil
}

// linkName returns what the link of a zone to the virtual network is called.
func linkName(v zones.View) string { return strings.TrimRight("auralink-"+v.Name, ".-") }
