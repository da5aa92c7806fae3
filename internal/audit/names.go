package audit

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
)

// shown returns a name as people write it.
func shown(name string) string { return dnsname.TrimDot(name) }

// region asks for the orchestras and the extra names of a region.
func (a *auditor) region(index int) {
	r := a.Topology.Regions[index]
	for _, host := range r.Orchestras {
		a.orchestra(host, r.Name)
	}
	for _, name := range r.ExtraNames {
		if strings.HasPrefix(name, "*.") {
			continue // families are asked for by themselves
		}
		s := subject{name: shown(name), region: r.Name}
		answer := a.resolve(name)
		a.lacks(s, answer, a.check(s, answer), fmt.Sprintf("%s has no address", s.name))
	}
}

// orchestra asks for an orchestra's own name, for names below it that have no
// record of their own, and for those that have one.
func (a *auditor) orchestra(host, region string) {
	apex := subject{name: shown(host), region: region}
	answer := a.resolve(host)
	a.lacks(apex, answer, a.check(apex, answer),
		fmt.Sprintf("%s itself has no address, which is the name that Aura's console shows on GCP", apex.name))
	servers := subject{name: "*." + shown(host), region: region}
	answer = a.resolveBelow(host)
	a.lacks(servers, answer, a.check(servers, answer),
		fmt.Sprintf("%s has no address: databases, and servers in the drivers' routing tables (p-...), are below %s", servers.name, apex.name))
	for entry := range a.Set.Below(host) {
		if entry.Data().Answers() && entry.Name() != "*."+host {
			a.check(subject{name: shown(entry.Name()), region: region}, a.resolveEntry(entry))
		}
	}
}

// resolveEntry asks for the name of an entry, or for one that it covers.
func (a *auditor) resolveEntry(e holdings.Entry) answer {
	if parent, wildcard := strings.CutPrefix(e.Name(), "*."); wildcard {
		return a.resolveBelow(parent)
	}
	return a.resolve(e.Name())
}

// lacks notes a name of a linked region that has no address.
func (a *auditor) lacks(s subject, r answer, v verdict, message string) {
	if _, linked := a.links[s.region]; !linked {
		return
	}
	switch v {
	case absent:
		a.note(SeverityError, CodeMissing, r.place(), s.name, message, a.wantedHint(s))
	case passed:
		a.note(SeverityError, CodeLeaks, r.place(), s.name, message+"; questions for it go to public DNS", a.wantedHint(s))
	case referred:
		a.referred(s, r)
	default: // it has some, and what is wrong with them is told
	}
}

// endpoints asks for the names of all custom endpoints.
func (a *auditor) endpoints() {
	for _, e := range a.Topology.Endpoints {
		region := a.Topology.Regions[e.Region].Name
		var missing, leaking []string
		var at holdings.Place
		for _, label := range labels(a.Topology, e) {
			name := label + "." + topology.EndpointsOrigin
			r := a.resolve(name)
			switch a.check(subject{name: shown(name), region: region}, r) {
			case absent:
				missing, at = append(missing, shown(name)), r.place()
			case passed:
				leaking, at = append(leaking, shown(name)), r.place()
			case referred:
				if _, linked := a.links[region]; linked {
					a.referred(subject{name: shown(name), region: region}, r)
				}
			default: // it has addresses, and what is wrong with them is told
			}
		}
		if _, linked := a.links[region]; linked {
			a.endpointLacks(e.Label, region, CodeMissing, missing, at)
			a.endpointLacks(e.Label, region, CodeLeaks, leaking, at)
		}
	}
}

// labels returns the labels of an endpoint that no other endpoint declares.
func labels(t *topology.Topology, e topology.Endpoint) []string {
	all := []string{e.Label}
	for _, prefix := range topology.Prefixes {
		if _, declared := topology.FindEndpoint(t.Endpoints, prefix+e.Label); !declared {
			all = append(all, prefix+e.Label)
		}
	}
	return all
}

// endpointLacks notes which of an endpoint's names have no address.
func (a *auditor) endpointLacks(label, region string, code Code, names []string, at holdings.Place) {
	if len(names) == 0 {
		return
	}
	message := fmt.Sprintf("custom endpoint %s lacks %d of its names: %s", label, len(names), strings.Join(names, ", "))
	if code == CodeLeaks {
		message += "; questions for them go to public DNS"
	}
	a.findings = append(a.findings, Finding{
		Severity: SeverityError, Code: code, Place: at, Message: message,
		Hint: "each should have " + a.wanted(region), Names: names, NamesTotal: len(names),
	})
}

// families asks for names that nobody declares, in families in which a wildcard
// is unsafe, or is wanted.
func (a *auditor) families() {
	for _, d := range append([]plan.Decision{a.VPC.Endpoints}, a.VPC.Extra...) {
		r := a.resolveBelow(d.Family)
		switch d.Mode {
		case plan.Wildcard:
			// All regions of the family have the same link: any will do.
			s := subject{name: "*." + shown(d.Family), region: d.Regions[0]}
			if v, _ := a.judge(s.region, r); d.Family == topology.EndpointsOrigin && (v == absent || v == passed || v == referred || v == public) {
				continue // those that are declared are asked for one by one
			}
			a.lacks(s, r, a.check(s, r), s.name+" has no address")
		case plan.Individual:
			if d.Reason != plan.Requested && r.entry().There() && r.entry().Wildcard() {
				a.acrossRegions(d, r)
			}
		case plan.None:
		}
	}
}

// publicNames asks for names that must stay public.
func (a *auditor) publicNames() {
	for _, name := range topology.PublicNames() {
		r := a.resolve(name)
		s := subject{name: shown(name)}
		switch v, detail := a.judge("", r); v {
		case strayed:
			a.astray(s, r, detail)
		case absent:
			if name != auraOrigin { // which has no addresses to hide
				a.hidden(s, r)
			}
		default: // it is left to public DNS, or does as that does
		}
	}
}

// auraOrigin is above all of Aura's names.
const auraOrigin = "neo4j.io."

// undeclared notes custom endpoints and orchestras that the topology does not
// have.
func (a *auditor) undeclared() {
	for entry := range a.Set.Below(auraOrigin) {
		name := entry.Name()
		if !entry.Data().Answers() || a.declared(name) {
			continue
		}
		region := "REGION"
		for _, addr := range entry.Data().Addrs {
			if regions := a.leadsTo[addr]; len(regions) > 0 {
				region = regions[0]
				break
			}
		}
		if label, ok := strings.CutSuffix(name, "."+topology.EndpointsOrigin); ok && !strings.Contains(label, ".") {
			if _, base := topology.BaseLabels(label); base != "" && a.has(base+"."+topology.EndpointsOrigin) {
				label = base
			}
			a.group(CodeUndeclared, entry, region).add(label)
		} else if host, ok := orchestraOf(name); ok {
			a.group(CodeUndeclared, entry, region).add(host)
		}
	}
}

// has reports whether there are addresses for exactly that name.
func (a *auditor) has(name string) bool {
	e, there := a.Set.Entry(name)
	return there && e.Data().Answers()
}

// declared reports whether the topology has a name, or what it belongs to.
func (a *auditor) declared(name string) bool {
	if label, ok := strings.CutSuffix(name, "."+topology.EndpointsOrigin); ok {
		self, base := topology.BaseLabels(label[strings.LastIndexByte(label, '.')+1:])
		_, own := topology.FindEndpoint(a.Topology.Endpoints, self)
		_, behind := topology.FindEndpoint(a.Topology.Endpoints, base)
		return self == "*" || own || behind
	}
	for _, r := range a.Topology.Regions {
		for _, host := range slices.Concat(r.Orchestras, r.ExtraNames) {
			host = strings.TrimPrefix(host, "*.")
			if dnsname.AtOrBelow(name, host) {
				return true
			}
		}
	}
	return false
}

// orchestraOf returns the orchestra to which a name belongs, by the look of it.
func orchestraOf(name string) (string, bool) {
	above, ok := strings.CutSuffix(name, "."+auraOrigin)
	host := above[strings.LastIndexByte(above, '.')+1:]
	return host + "." + shown(auraOrigin), ok && strings.Contains(host, "-orch-")
}

// Questions returns the names for which a server must be asked to audit it: all
// that the topology declares, those that must stay public, and wildcards for names
// that nobody has.
func Questions(t *topology.Topology) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !yield("*." + topology.EndpointsOrigin) {
			return
		}
		for _, name := range slices.Concat(topology.PublicNames(), regionNames(t)) {
			if !yield(name) {
				return
			}
		}
		for _, e := range t.Endpoints {
			for _, label := range labels(t, e) {
				if !yield(label + "." + topology.EndpointsOrigin) {
					return
				}
			}
		}
	}
}

// regionNames returns the names of all regions, none twice.
func regionNames(t *topology.Topology) []string {
	var names []string
	for _, r := range t.Regions {
		for _, host := range r.Orchestras {
			names = append(names, host, "*."+host)
		}
		names = append(names, r.ExtraNames...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
