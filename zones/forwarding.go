package zones

import (
	"fmt"
	"net/netip"
)

// hasDomains reports whether clients have anything to ask of the view's server.
func hasDomains(v View) bool {
	for range v.Domains() {
		return true
	}
	return false
}

const (
	// belowSingle is a limit of all systems that know domains but no names.
	belowSingle = "A domain goes to the server with all names below it. Below a single name, such as a custom endpoint's, the " +
		"view has none: the server must pass these on (fallthrough, and forward)."
	// wholeDNS is what is left where a system cannot take so many domains.
	wholeDNS = "make the server the clients' only one: it answers what is the view's, " +
		"and passes on all else (fallthrough, and forward)"
)

// atMostDomains refuses a view with more domains than a format can send to a
// server.
func atMostDomains(v View, format string, most int) error {
	count := 0
	for range v.Domains() {
		count++
	}
	if count <= most {
		return nil
	}
	return &Refusal{
		Format:  format,
		Reason:  fmt.Sprintf("it has %d domains, and there is room for %d", count, most),
		Instead: wholeDNS,
	}
}

// atMostServers refuses more servers than a format can send clients to.
func atMostServers(format string, servers []netip.Addr, most int) error {
	if len(servers) <= most {
		return nil
	}
	return &Refusal{
		Format:  format,
		Reason:  fmt.Sprintf("%d DNS servers were given, and there is room for %d", len(servers), most),
		Instead: fmt.Sprintf("give at most %d", most),
	}
}
