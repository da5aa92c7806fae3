package azure

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/pattern"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// dnsOfScript finds what a script does with DNS.
var dnsOfScript = pattern.Lazily(`(?i)private-?dns|neo4j\.io`)

// addOther notes a resource that is none of DNS, and keeps hosts from private zones or may make
// records.
func (t *template) addOther(one made, text json.RawMessage) {
	switch {
	case strings.EqualFold(one.Type, "Microsoft.Network/virtualNetworks"):
		servers := dnsServers(one.scope.whole(one.Properties))
		if slices.ContainsFunc(servers, func(server string) bool { return !rrset.CloudDNS[server] }) {
			t.b.Unread(one.at, "%s %s has its hosts ask %s, and not Azure's own DNS, which has its private zones: audit these servers", one.Type, one.Name, strings.Join(servers, ", "))
		}
	case strings.EqualFold(one.Type, "Microsoft.Resources/deploymentScripts") && dnsOfScript().Match(text):
		t.b.Unread(one.at, "%s %s is a script about private DNS: what it makes, is not known", one.Type, one.Name)
	}
}

// dnsServers returns the servers that the properties of a virtual network have hosts ask.
func dnsServers(properties any) []string {
	object, _ := properties.(map[string]any)
	options, _ := member(object, "dhcpOptions")
	object, _ = options.(map[string]any)
	value, said := member(object, "dnsServers")
	if list, is := value.([]any); is {
		servers := make([]string, len(list))
		for i, server := range list {
			servers[i], _ = server.(string)
			if servers[i] == rrset.Unknown {
				servers[i] = "servers that are not known"
			}
		}
		return servers
	}
	if said && value != nil {
		return []string{"servers that are not known"}
	}
	return nil
}
