package audit

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
)

// shown returns a name as people write it.
func shown(name string) string { return dnsname.Shown(name) }

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

// orchestra asks for an orchestra's own name, and for names below it that have no
// record of their own.
func (a *auditor) orchestra(host, region string) {
	apex := subject{name: shown(host), region: region}
	answer := a.resolve(host)
	a.lacks(apex, answer, a.check(apex, answer),
		fmt.Sprintf("%s itself has no address, which is the name that Aura's console shows on GCP", apex.name))
	servers := subject{name: "*." + shown(host), region: region}
	answer = a.resolveBelow(host)
	a.lacks(servers, answer, a.check(servers, answer),
		fmt.Sprintf("%s has no address: databases, and servers in the drivers' routing tables (p-...), are below %s", servers.name, apex.name))
}

// lacks notes a name of a linked region that has no address.
func (a *auditor) lacks(s subject, r answer, v fault, message string) {
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
		for _, label := range e.Labels(a.Topology.Endpoints) {
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

// endpointLacks notes which of an endpoint's names have no address.
func (a *auditor) endpointLacks(label, region string, code Code, names []string, at holdings.Place) {
	if len(names) == 0 {
		return
	}
	message, each, them := fmt.Sprintf("custom endpoint %s lacks %d of its names: %s", label, len(names), strings.Join(names, ", ")), "each", "them"
	if len(names) == 1 {
		message, each, them = fmt.Sprintf("custom endpoint %s lacks one of its names: %s", label, names[0]), "it", "it"
	}
	if code == CodeLeaks {
		message += "; questions for " + them + " go to public DNS"
	}
	a.findings = append(a.findings, Finding{
		Severity: SeverityError, Code: code, Place: at, Message: message,
		Hint: each + " should have " + a.wanted(region), Names: names, NamesTotal: len(names),
	})
}

// families asks for names that nobody declares, in all families.
func (a *auditor) families() {
	decided := make(map[string]bool)
	for _, d := range append([]plan.Decision{a.VPC.Endpoints}, a.VPC.Extra...) {
		decided[d.Family] = true
		r := a.resolveBelow(d.Family)
		if r.isSilent() {
			a.silentFamily(d, r)
			continue
		}
		switch d.Mode {
		case plan.Wildcard:
			a.underWildcard(d, r)
		case plan.Individual:
			if r.entry().There() && r.entry().Wildcard() {
				a.unsafeWildcard(d, r)
			}
		case plan.None:
			a.unlinkedFamily(d.Family, "", r)
		}
	}
	for _, family := range slices.Sorted(maps.Keys(a.homes.wildcards)) {
		if !decided[family] {
			a.unlinkedFamily(family, a.homes.wildcards[family][0], a.resolveBelow(family))
		}
	}
}

// underWildcard judges the answer for a family of which the plan has a wildcard. All
// its regions have the same link: any will do. Custom endpoints need none if they
// are declared: those are asked for one by one.
func (a *auditor) underWildcard(d plan.Decision, r answer) {
	s := subject{name: "*." + shown(d.Family), region: d.Regions[0]}
	v, _ := a.judge(s.region, r)
	if d.Family == topology.EndpointsOrigin && a.VPC.Counts.LinkedEndpoints > 0 && (v == absent || v == passed || v == referred || v == toPublic) {
		return
	}
	a.lacks(s, r, a.check(s, r), s.name+" has no address")
}

// unlinkedFamily judges the answer for a family that has no linked region: it must
// lead to none of the links.
func (a *auditor) unlinkedFamily(family, region string, r answer) {
	if v, _ := a.judge(region, r); v == strayed || v == stale || v == sunk {
		a.check(subject{name: "*." + shown(family), region: region}, r)
	}
}

// publicNames asks for names that must stay public.
func (a *auditor) publicNames() {
	for _, name := range topology.PublicNames() {
		a.publicName(name, a.resolve(name))
	}
	for _, above := range topology.SharedNames() {
		if name := "*." + above; a.homes.of(name).kind == shared {
			a.publicName(name, a.resolveBelow(above))
		}
	}
}

func (a *auditor) publicName(name string, r answer) {
	s := subject{name: shown(name)}
	switch v, detail := a.judge("", r); v {
	case strayed:
		a.astray(s, r, detail)
	case sunk:
		a.sinks(s, r, detail)
	case stale:
		a.note(SeverityWarning, CodeUnknownAddress, r.place(), s.name,
			fmt.Sprintf("%s is public, and leads to %s, which no link of VPC %s has", s.name, strings.Join(detail, ", "), a.VPC.Name),
			"remove it, unless a proxy of yours is there")
	case absent:
		if name != auraname.Origin { // which has no addresses to hide
			a.hidden(s, r)
		}
	case silent:
		a.silent(s, r)
	case toPublic:
		a.swept(name, r, strings.Join(detail, ", "))
	case unknown:
		a.swept(name, r, shown(target(r)))
	default: // it is left to public DNS, or does as that does
	}
}

// swept notes a public wildcard that is within another one: that leads all names there to
// one place, which is not that of all of them. A record of one name may be a copy of what
// public DNS has.
func (a *auditor) swept(name string, r answer, to string) {
	wildcard := r.entry().Name()
	if !strings.HasPrefix(wildcard, "*.") || !strings.HasPrefix(name, "*.") || wildcard == name {
		return
	}
	a.note(SeverityWarning, CodeUnknownAddress, r.place(), shown(name),
		fmt.Sprintf("%s is public, and %s leads all that is there to %s", shown(name), shown(wildcard), to),
		fmt.Sprintf("remove %s, unless a proxy of yours is there", shown(wildcard)))
}

// Questions returns the names for which a server must be asked to audit it: all
// that the topology declares, those that must stay public, and wildcards for names
// that nobody has.
func Questions(t *topology.Topology) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !yield("*." + topology.EndpointsOrigin) {
			return
		}
		for _, name := range slices.Concat(topology.PublicNames(), sharedWildcards(), regionNames(t)) {
			if !yield(name) {
				return
			}
		}
		for _, e := range t.Endpoints {
			for _, label := range e.Labels(t.Endpoints) {
				if !yield(label + "." + topology.EndpointsOrigin) {
					return
				}
			}
		}
	}
}

// sharedWildcards are what the public names of all instances are below.
func sharedWildcards() []string {
	names := topology.SharedNames()
	for i := range names {
		names[i] = "*." + names[i]
	}
	return names
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
