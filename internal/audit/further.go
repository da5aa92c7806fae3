package audit

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// further asks for what a set has beyond the names that are asked for anyhow: all
// other names with an entry, those between them and their zone, which exist and have
// nothing, and what is at and below the origin of each claim, or
// ends with a text.
func (a *auditor) further() {
	asked := make(map[string]bool)
	ask := func(name string, resolve func() answer) {
		h := a.homes.of(name)
		if h.kind == foreign || h.whole || asked[name] {
			return
		}
		asked[name] = true
		a.beyond(name, h, resolve())
	}
	for entry := range a.Set.All() {
		if entry.Data().Implied {
			continue
		}
		name := entry.Name()
		h := a.homes.of(name)
		switch {
		case h.kind == endpoint && h.whole:
			continue // of which there may be millions; there is nothing between them and their parent
		case h.kind != foreign && !h.whole:
			r := a.resolveEntry(entry)
			if origin, ok := doubledOrigin(name, r); ok {
				a.doubled(name, origin, r)
				continue
			}
			a.beyond(name, h, r)
		}
		for _, between := range a.between(name) {
			ask(between, func() answer { return a.resolve(between) })
		}
	}
	a.furtherClaims(ask)
}

// furtherClaims asks for what is at and below each claim, and for what ends as a set says of names.
func (a *auditor) furtherClaims(ask func(name string, resolve func() answer)) {
	for claim := range a.Set.Claims() {
		if _, there := a.Set.Entry(claim.Origin); !there {
			ask(claim.Origin, func() answer { return a.resolve(claim.Origin) })
		}
		below := "*." + claim.Origin
		if _, there := a.Set.Entry(below); !there {
			ask(below, func() answer { return a.resolveBelow(claim.Origin) })
		}
	}
	for text := range a.Set.Endings() {
		if name := "*" + text; a.homes.of(name).declared() {
			ask(name, func() answer { return a.resolve(unheld + text) })
		}
	}
}

// unheld begins labels that no host has.
const unheld = "?"

// resolveEntry asks for the name of an entry, or for one that it covers.
func (a *auditor) resolveEntry(e holdings.Entry) answer {
	if parent, wildcard := strings.CutPrefix(e.Name(), "*."); wildcard {
		return a.resolveBelow(parent)
	}
	return a.resolve(e.Name())
}

// between returns the names without entries that are between a name and the apex of
// its zone, if it is in a zone (RFC 4592, section 2.2.2).
func (a *auditor) between(name string) []string {
	claim := a.Set.Resolve(name, dns.TypeA).Claim
	if claim == nil || !claim.Zone {
		return nil
	}
	var names []string
	for above := dnsname.Parent(name); dnsname.Below(above, claim.Origin); above = dnsname.Parent(above) {
		if _, there := a.Set.Entry(above); !there {
			names = append(names, above)
		}
	}
	return names
}

// beyond judges the answer for a name that is not asked for anyhow. A name server is
// nobody's endpoint, unless it is where a link is, or the name for which a zone was made.
func (a *auditor) beyond(name string, h home, r answer) {
	if v, _ := a.judge("", r); v != strayed && a.Set.NameServer(name) && !isZoneOfOne(name, h, r) {
		return
	}
	switch h.kind {
	case endpoint, orchestra, extra:
		a.belowDeclared(name, h, r)
	case parent:
		a.atParent(name, h, r)
	case undeclared, shared, aura:
		a.notDeclared(name, h, r)
	case foreign, public: // the former are nobody's, the latter asked for
	}
}

// isZoneOfOne reports whether a name is the apex of a zone that may be there for this name
// alone: of a zone that is there for the names below its apex nobody asks for the apex.
func isZoneOfOne(name string, h home, r answer) bool {
	e := r.entry()
	return h.kind != parent && h.kind != shared && e.There() && e.Zone() == name
}

// doubledOrigin returns the zone whose name a name has twice: in a zone file without
// the final dot it is added to each name.
func doubledOrigin(name string, r answer) (string, bool) {
	if r.v4.Claim == nil {
		return "", false
	}
	origin := r.v4.Claim.Origin
	return origin, dnsname.AtOrBelow(name, origin+origin)
}

// belowDeclared judges the answer for a name in a linked or another region.
func (a *auditor) belowDeclared(name string, h home, r answer) {
	region, sure := a.regionOf(h)
	s := subject{name: shown(name), region: region}
	if !sure {
		a.anywhere(s, h, r)
		return
	}
	if v, _ := a.judge(region, r); v == absent && h.kind != orchestra && len(a.links[region].Addrs) == 0 {
		return // only an orchestra's databases have public names that it would hide
	}
	v := a.check(s, r)
	if a.answered(name, h) {
		a.lacks(s, r, v, s.name+" has no address")
	}
}

// regionOf returns the region that a name is in. Of several any will do if all of
// them have the same link.
func (a *auditor) regionOf(h home) (region string, sure bool) {
	first := a.links[h.regions[0]]
	same := !slices.ContainsFunc(h.regions, func(region string) bool { return !slices.Equal(a.links[region].Addrs, first.Addrs) })
	return h.regions[0], same
}

// anywhere judges the answer for a name of which the topology does not say in which
// region it is: an address must lead to all that it may be in.
func (a *auditor) anywhere(s subject, h home, r answer) {
	for _, addr := range r.addrs() {
		led := a.leadsTo[addr]
		if len(led) > 0 && slices.ContainsFunc(h.regions, func(region string) bool { return !slices.Contains(led, region) }) {
			a.group(CodeUndeclared, r.entry(), led[0]).add(s.name)
			return
		}
	}
	switch v, _ := a.judge(s.region, r); v {
	case stale, sunk:
		a.check(s, r)
	case toPublic:
		a.group(CodeUndeclared, r.entry(), "").add(s.name)
	default: // it has no addresses, and need not have any
	}
}

// answered reports whether the plan has addresses for a name that is in a region. A
// name with an underscore or an umlaut is that of no host.
func (a *auditor) answered(name string, h home) bool {
	if strings.ContainsFunc(name, noHost) {
		return false
	}
	switch h.kind {
	case orchestra:
		return true
	case extra:
		resolve := a.planned.Resolve
		if above, wildcard := strings.CutPrefix(name, "*."); wildcard {
			name, resolve = above, a.planned.ResolveBelow
		}
		return resolve(name, dns.TypeA).Outcome == zones.Positive || resolve(name, dns.TypeAAAA).Outcome == zones.Positive
	case undeclared:
		// Whoever has no wildcard has individual records, and no more than these.
		below := a.resolveBelow(topology.EndpointsOrigin)
		return a.VPC.Endpoints.Mode == plan.Wildcard && len(below.addrs()) > 0 && dnsname.Parent(name) == topology.EndpointsOrigin
	default:
		return false
	}
}

// noHost reports whether no name of a host, and no wildcard for some, has a character.
func noHost(c rune) bool {
	return (c < 'a' || c > 'z') && (c < '0' || c > '9') && !strings.ContainsRune("-.*", c)
}

// atParent judges the answer for the parent of an extra wildcard, or of the custom
// endpoints. It needs none; where it has one, it is as what is below it.
func (a *auditor) atParent(name string, h home, r answer) {
	s := subject{name: shown(name)}
	if len(h.regions) > 0 {
		s.region = h.regions[0]
	}
	switch v, led := a.judge("", r); {
	case v == strayed && !slices.ContainsFunc(led, func(region string) bool { return slices.Contains(h.regions, region) }):
		a.group(CodeUndeclared, r.entry(), led[0]).add(s.name)
	case v == stale || v == sunk:
		a.check(s, r)
	}
}

// notDeclared judges the answer for a name of Aura's that the topology does not have.
func (a *auditor) notDeclared(name string, h home, r answer) {
	e := r.entry()
	if e.There() && e.Wildcard() && shown(e.Name()) != shown(name) {
		return // it is told of the wildcard
	}
	told, endpointOrOrchestra := a.declarable(name, h)
	switch v, led := a.judge("", r); {
	case v == strayed:
		a.group(CodeUndeclared, e, led[0]).add(told)
	case v == stale || v == sunk || (v == toPublic || v == unknown) && endpointOrOrchestra:
		a.group(CodeUndeclared, e, "").add(told)
	case (v == absent || v == passed || v == referred) && len(h.regions) > 0 && a.answered(name, h):
		s := subject{name: shown(name), region: h.regions[0]}
		a.lacks(s, r, v, s.name+" has no address")
	}
}

// declarable returns what a topology would have to declare to have a name: the label
// of a custom endpoint, the host name of an orchestra, or else the name itself.
func (a *auditor) declarable(name string, h home) (told string, endpointOrOrchestra bool) {
	label := shown(strings.TrimSuffix(name, topology.EndpointsOrigin))
	switch {
	case h.kind == undeclared && strings.Contains(label, "."), h.kind == shared:
		return shown(name), h.kind == undeclared
	case h.kind == undeclared:
		_, base := topology.BaseLabels(label)
		if whole := base + "." + topology.EndpointsOrigin; base != "" && a.has(whole) && a.homes.of(whole).kind == undeclared {
			label = base
		}
		return label, true
	}
	if host, ok := orchestraOf(name); ok {
		return host, true
	}
	return shown(name), false
}

// has reports whether there are addresses for exactly that name.
func (a *auditor) has(name string) bool {
	e, there := a.Set.Entry(name)
	return there && e.Data().Answers()
}

// orchestraOf returns the orchestra to which a name belongs, by the look of it.
func orchestraOf(name string) (string, bool) {
	above, ok := strings.CutSuffix(name, "."+auraname.Origin)
	host := above[strings.LastIndexByte(above, '.')+1:]
	return host + "." + shown(auraname.Origin), ok && strings.Contains(host, "-orch-")
}

// doubled notes a name that has its zone twice.
func (a *auditor) doubled(name, origin string, r answer) {
	key := groupKey{code: CodeDoubledOrigin, by: shown(origin)}
	g := a.groups[key]
	if g == nil {
		g = &group{key: key, place: r.place(), severity: SeverityError}
		a.groups[key] = g
	}
	g.add(shown(name))
}

// ambiguous notes addresses of this VPC's links that are another region's in another
// VPC, where anything leads to them.
func (a *auditor) ambiguous(addresses []topology.AmbiguousAddress) {
	for _, c := range addresses {
		if c.VPC != a.VPC.Name && c.OtherVPC != a.VPC.Name || !a.used[c.Addr] {
			continue
		}
		a.findings = append(a.findings, Finding{
			Severity: SeverityWarning, Code: CodeAmbiguousAddress, Names: []string{},
			Message: c.Sentence(), Hint: topology.AmbiguousHint,
		})
	}
}

// sharedAddresses notes addresses that several regions of this VPC have, where anything
// leads to them. A private endpoint leads to one region: names of the others fail there,
// and which of them the topology has wrong nobody can tell from here.
func (a *auditor) sharedAddresses() {
	byRegions := make(map[string][]string)
	for _, addr := range slices.SortedFunc(maps.Keys(a.used), netip.Addr.Compare) {
		if regions := a.leadsTo[addr]; len(regions) > 1 {
			of := strings.Join(regions, ", ")
			byRegions[of] = append(byRegions[of], addr.String())
		}
	}
	for _, of := range slices.Sorted(maps.Keys(byRegions)) {
		addrs := byRegions[of]
		a.findings = append(a.findings, Finding{
			Severity: SeverityWarning, Code: CodeAmbiguousAddress, Names: []string{},
			Message: fmt.Sprintf("the links of VPC %s to regions %s have %s in common, and a private endpoint leads to one region alone",
				a.VPC.Name, of, topology.Abridge(addrs, len(addrs))),
			Hint: "give each region the addresses of its own private endpoint; where a proxy of yours tells the regions apart by the names in TLS it is right, and nothing is to be done",
		})
	}
}

// elsewhere says where in other VPCs addresses lead that no link of this one has.
func (a *auditor) elsewhere(addrs []string) string {
	for _, vpc := range a.Topology.VPCs {
		for _, link := range vpc.Links {
			for _, addr := range link.Addrs {
				if slices.Contains(addrs, addr.String()) {
					return fmt.Sprintf(", but which is region %s's in VPC %s", a.Topology.Regions[link.Region].Name, vpc.Name)
				}
			}
		}
	}
	return ""
}
