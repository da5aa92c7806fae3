package draft

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/topology"
)

// mostAsked bounds the names of other sources that a server is asked for.
const mostAsked = 10_000

// Names returns what a server is asked for, as absolute names: Aura's names of the
// sources, and those that people say, as URIs, host names, ids of orchestras or labels
// of custom endpoints. Of each endpoint there are all names, of each orchestra its own
// and the wildcard.
func Names(sources []Source, said []string) []string {
	names := []string{"*." + topology.EndpointsOrigin}
	for _, s := range sources {
		for e := range s.Set.All() {
			if dnsname.Below(e.Name(), auraname.Origin) && len(names) < mostAsked {
				names = append(names, family(e.Name())...)
			}
		}
	}
	for _, text := range said {
		names = append(names, family(meant(text))...)
	}
	slices.SortFunc(names, dnsname.Compare)
	return slices.Compact(names)
}

// CheckName returns an error for what people say that is not one name: a URI, a host name,
// the id of an orchestra or the label of a custom endpoint.
func CheckName(text string) error {
	if isHost(strings.TrimPrefix(meant(text), "*.")) {
		return nil
	}
	return hint.Add(fmt.Errorf("%q is not one name", text), "say each by itself: --name abcd1234.production-orch-0042.neo4j.io --name my-endpoint-abcdef-123456")
}

// meant returns the absolute name that people mean.
func meant(text string) string {
	host := dnsname.Lower(topology.HostIn(text))
	switch {
	case strings.Contains(host, "."):
		return host + "."
	case strings.Contains(host, "-orch-"):
		return host + "." + auraname.Origin
	case strings.Trim(host, "0123456789") == "":
		return topology.OrchestraName(host)
	default:
		return host + "." + topology.EndpointsOrigin
	}
}

// family returns the names that go with a name.
func family(name string) []string {
	if host, ok := orchestraOf(strings.TrimPrefix(name, "*.")); ok {
		return []string{host, "*." + host}
	}
	label, custom := strings.CutSuffix(name, "."+topology.EndpointsOrigin)
	if !custom || strings.ContainsAny(label, ".*") {
		return []string{name}
	}
	names := []string{name}
	for _, prefix := range topology.Prefixes {
		names = append(names, prefix+name)
	}
	return names
}
