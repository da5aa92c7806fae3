// Package forwarding is what the formats share that send clients to a server by the
// domains of a view.
package forwarding

import (
	"fmt"
	"net/netip"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
)

// Any reports whether clients have anything to ask of the view's server.
func Any(v zones.View) bool {
	for range v.Domains() {
		return true
	}
	return false
}

const (
	// BelowSingle is a limit of all systems that know domains but no names.
	BelowSingle = "A domain goes to the server with all names below it. Below a single name of extra_names the " +
		"view has none: the server must pass these on (forward)."
	// OneZone says what the shapes are of all formats that have domains.
	OneZone = "With shape=one-zone all custom endpoints are one domain, endpoints.neo4j.io, so that a new one changes nothing " +
		"for the clients: the server must pass on the endpoints that it does not have (fallthrough, and forward)."
	// WholeDNS is what is left where a system cannot take so many domains.
	WholeDNS = "shape=one-zone; or make the server the clients' only one: it answers what is the view's, " +
		"and passes on all else (fallthrough, and forward)"
)

// AtMostDomains refuses a view with more domains than a format can send to a
// server.
func AtMostDomains(v zones.View, format string, most int) error {
	count := 0
	for range v.Domains() {
		count++
	}
	if count <= most {
		return nil
	}
	return &formats.Refusal{
		Format:  format,
		Reason:  fmt.Sprintf("it has %d domains, and there is room for %d", count, most),
		Instead: WholeDNS,
	}
}

// AtMostServers refuses more servers than a format can send clients to.
func AtMostServers(format string, servers []netip.Addr, most int) error {
	if len(servers) <= most {
		return nil
	}
	return &formats.Refusal{
		Format:  format,
		Reason:  fmt.Sprintf("%d DNS servers were given, and there is room for %d", len(servers), most),
		Instead: fmt.Sprintf("give at most %d", most),
	}
}
