package zones

import (
	"fmt"
	"iter"
	"net/netip"
	"strings"
)

// Domain is a part of the name space whose questions clients must send to the
// server that has a view.
type Domain struct {
	// Name is absolute and lower-case.
	Name string
	// Single says that the view has the name and nothing below it. Otherwise
	// it has all the answers at the name and below it.
	Single bool
}

// Domains returns the domains of the view's names, in the order of its zones:
// all of them, and no others. Of custom endpoints that have individual records
// each name is a domain of its own, so that those that are left to public DNS
// are not asked of the view's server. No domain lies in another one that has all
// the answers.
func (v View) Domains() iter.Seq[Domain] {
	return func(yield func(Domain) bool) {
		whole := make(map[string]bool)
		for _, zone := range v.Zones {
			if zone.Endpoints == nil && !zone.SingleName() {
				whole[zone.Origin] = true
			}
		}
		for zone := range v.Shaped(ShapePerName) {
			if isBelowAny(zone.Origin, whole) {
				continue
			}
			if !yield(Domain{Name: zone.Origin, Single: zone.SingleName()}) {
				return
			}
		}
	}
}

// isBelowAny reports whether an absolute name is strictly below one of parents.
func isBelowAny(name string, parents map[string]bool) bool {
	for {
		_, parent, _ := strings.Cut(name, ".")
		if parent == "" {
			return false
		}
		if parents[parent] {
			return true
		}
		name = parent
	}
}

// hasDomains reports whether clients have anything to ask of the view's server.
func (v View) hasDomains() bool { return !isEmpty(v.Domains()) }

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
func (v View) atMostDomains(format string, most int) error {
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

// texts returns the servers as text, each between the quotes.
func texts(servers []netip.Addr, quote string) []string {
	out := make([]string, len(servers))
	for i, server := range servers {
		out[i] = quote + server.String() + quote
	}
	return out
}
