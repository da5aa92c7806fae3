package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/internal/topology"
)

// meantName returns the absolute name that a text means: it is a host name, what is
// copied as a URI, or a single label. The letter case stays.
func meantName(text string, t *topology.Topology) (string, error) {
	host := topology.HostIn(text)
	if _, ok := dns.IsDomainName(host); !ok || host == "" || strings.ContainsAny(host, " /:@?") {
		return "", hint.Add(fmt.Errorf("%q is not a domain name", text), "a host name, a URI, or the label of a custom endpoint")
	}
	if strings.Contains(host, ".") {
		return dns.Fqdn(host), nil
	}
	if origin, ok := orchestraNamed(strings.ToLower(host), t); ok {
		return origin, nil
	}
	if _, declared := topology.FindEndpoint(t.Endpoints, strings.ToLower(host)); !declared && orchestraWord.MatchString(host) {
		return undeclaredOrchestra(strings.ToLower(host)), nil
	}
	return host + "." + topology.EndpointsOrigin, nil
}

// orchestraNamed returns the orchestra of a topology that is meant by its id, or by
// its first label. A custom endpoint that is called the same goes first.
func orchestraNamed(word string, t *topology.Topology) (string, bool) {
	if _, declared := topology.FindEndpoint(t.Endpoints, word); declared {
		return "", false
	}
	word = strings.TrimSuffix(word, "-service") // Azure's private link service has it behind the orchestra
	for _, region := range t.Regions {
		for _, origin := range region.Orchestras {
			label, _, _ := strings.Cut(origin, ".")
			if label == word || strings.HasSuffix(label, "-orch-"+strings.TrimPrefix(word, "orch-")) {
				return origin, true
			}
		}
	}
	return "", false
}

// orchestraWord matches what only an orchestra is called: its first label, or the four
// digits of its id.
var orchestraWord = regexp.MustCompile(`(?i)^(?:(?:production-)?orch-[a-z0-9-]+|[0-9]{4})$`)

// undeclaredOrchestra returns the name of the orchestra that a lower-case word of
// [orchestraWord] means, which no region of the topology has. A wildcard for custom endpoints must not
// answer it.
func undeclaredOrchestra(word string) string {
	return topology.OrchestraName(strings.TrimSuffix(word, "-service"))
}

// orchestraID matches the first label of an orchestra, and has its id.
var orchestraID = regexp.MustCompile(`^(.*-orch-)([a-z0-9]+)$`)

// nearNames returns the names of a topology that are most likely meant by one that
// has no address: of a custom endpoint or an orchestra with nearly the same label.
func nearNames(name string, t *topology.Topology) []string {
	name = dnsname.TrimDot(strings.ToLower(name))
	label, _, _ := strings.Cut(name, ".")
	near := nearOrchestras(name, t)
	if len(near) > 0 {
		return near
	}
	for _, l := range nearEndpoints(label, t) {
		if found := l + "." + dnsname.TrimDot(topology.EndpointsOrigin); found != name {
			near = append(near, found)
		}
	}
	return near
}

// nearEndpoints returns the labels of custom endpoints that are near a label, with
// the prefix of a further name where that has one.
func nearEndpoints(label string, t *topology.Topology) []string {
	if _, declared := topology.FindEndpoint(t.Endpoints, label); declared {
		return []string{label}
	}
	labels := make([]string, len(t.Endpoints))
	for i, e := range t.Endpoints {
		labels[i] = e.Label
	}
	self, base := topology.BaseLabels(label)
	if base == "" {
		return spell.Near(label, labels)
	}
	if _, declared := topology.FindEndpoint(t.Endpoints, base); declared {
		return []string{label}
	}
	near := spell.Near(base, labels)
	for i := range near {
		near[i] = strings.TrimSuffix(self, base) + near[i]
	}
	if len(near) == 0 {
		return spell.Near(label, labels)
	}
	return near
}

// nearOrchestras returns a name with one of its labels put right, if that is nearly
// an orchestra's.
func nearOrchestras(name string, t *topology.Topology) []string {
	labels := strings.Split(name, ".")
	for i, label := range labels {
		parts := orchestraID.FindStringSubmatch(label)
		if parts == nil {
			continue
		}
		var near []string
		for _, id := range spell.Near(parts[2], orchestraIDs(parts[1], t)) {
			labels[i] = parts[1] + id
			near = append(near, strings.Join(labels, "."))
		}
		return near
	}
	return nil
}

// orchestraIDs returns the ids of all orchestras whose first label begins so.
func orchestraIDs(prefix string, t *topology.Topology) []string {
	var ids []string
	for _, region := range t.Regions {
		for _, origin := range region.Orchestras {
			label, _, _ := strings.Cut(origin, ".")
			if id, ok := strings.CutPrefix(label, prefix); ok {
				ids = append(ids, id)
			}
		}
	}
	return ids
}
