// Package audit says what is wrong with the DNS that people have today, whatever
// it was read from, for the clients of one VPC of a topology.
//
// It asks of each name that the topology declares, and of names that only
// wildcards can cover, where it leads, and which record is responsible. What must
// be left to public DNS is asked for as well.
//
// The package is pure: no files, no network, no clock, no log.
package audit

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// Subject is what is audited.
type Subject struct {
	// Set is what people have.
	Set *holdings.Set
	// Topology is what it is judged by, and VPC the plan for the VPC whose
	// clients ask.
	Topology *topology.Topology
	VPC      *plan.VPC
	// Path is what commands call the topology, in hints; empty where they find it by
	// themselves.
	Path string
	// Clients are the ranges of those clients of the VPC who have the Set; nil for all of
	// them.
	Clients []netip.Prefix
}

// Findings returns all findings, the worst first; of each kind there is a bound
// on how many, and a finding that says how many more there are.
func Findings(s Subject) []Finding {
	return findings(s, s.Topology.AmbiguousAddresses())
}

func findings(s Subject, ambiguous []topology.AmbiguousAddress) []Finding {
	a := newAuditor(s)
	for region := range s.Topology.Regions {
		a.region(region)
	}
	a.endpoints()
	a.families()
	a.publicNames()
	a.further()
	a.ambiguous(ambiguous)
	a.sharedAddresses()
	a.faults()
	return bounded(append(a.findings, a.grouped()...))
}

// auditor gathers findings.
type auditor struct {
	Subject
	homes    homes
	links    map[string]zones.Addresses // by region
	leadsTo  map[netip.Addr][]string    // regions
	used     map[netip.Addr]bool        // addresses of links to which names lead
	planned  *holdings.Set              // the view but for the custom endpoints
	groups   map[groupKey]*group
	findings []Finding
	isolated bool // no public name is answered
}

func newAuditor(s Subject) *auditor {
	a := &auditor{
		Subject: s, links: make(map[string]zones.Addresses), leadsTo: zones.LeadTo(s.VPC.Links),
		used: make(map[netip.Addr]bool), groups: make(map[groupKey]*group),
	}
	var linked []string
	for _, link := range s.VPC.Links {
		linked = append(linked, link.Region)
		a.links[link.Region] = link
	}
	a.homes = newHomes(s.Topology, linked)
	view := s.VPC.View
	view.Zones = slices.DeleteFunc(slices.Clone(view.Zones), func(z zones.Zone) bool { return z.Origin == topology.EndpointsOrigin })
	a.planned = holdings.FromView(view)
	a.isolated = a.isIsolated()
	return a
}

// answer is what a set has for a name: both families, and other types.
type answer struct {
	v4, v6, other holdings.Answer
}

func (a *auditor) resolve(name string) answer {
	return answer{a.Set.Resolve(name, dns.TypeA), a.Set.Resolve(name, dns.TypeAAAA), a.Set.Resolve(name, dns.TypeHTTPS)}
}

func (a *auditor) resolveBelow(parent string) answer {
	return answer{
		a.Set.ResolveBelow(parent, dns.TypeA), a.Set.ResolveBelow(parent, dns.TypeAAAA),
		a.Set.ResolveBelow(parent, dns.TypeHTTPS),
	}
}

// addrs are all addresses of an answer.
func (r answer) addrs() []netip.Addr { return slices.Concat(r.v4.Addrs, r.v6.Addrs) }

// entry is the one responsible, if there is one.
func (r answer) entry() holdings.Entry {
	if r.v4.Entry.There() {
		return r.v4.Entry
	}
	return r.v6.Entry
}

// place is where the answer comes from: its entry, or the zone that lacks one.
func (r answer) place() holdings.Place {
	switch {
	case r.entry().There():
		return r.entry().Place()
	case r.v4.Claim != nil:
		return r.v4.Claim.Place
	default:
		return holdings.Place{}
	}
}

// subject is a name that is asked for.
type subject struct {
	name   string // without final dot, as it is told
	region string
}

// check judges the answer for a name, and notes what is wrong with it, but for
// names of linked regions that have no addresses: these the caller tells.
func (a *auditor) check(s subject, r answer) fault {
	v, detail := a.judge(s.region, r)
	_, linked := a.links[s.region]
	switch {
	case v == strayed:
		a.astray(s, r, detail)
	case v == sunk:
		a.sinks(s, r, detail)
	case v == stale:
		a.note(SeverityError, CodeUnknownAddress, r.place(), s.name,
			fmt.Sprintf("%s leads to %s, which no link of VPC %s has%s", s.name, strings.Join(detail, ", "), a.VPC.Name, a.elsewhere(detail)),
			a.staleHint(s))
	case v == silent:
		a.silent(s, r)
	case linked:
		a.checkLinked(s, r, v, detail)
	case v == absent && !a.owned(s.name):
		a.hidden(s, r)
	}
	return v
}

// owned reports whether the plan itself says of a name that it has no addresses,
// which it does of the parent of a wildcard.
func (a *auditor) owned(name string) bool {
	outcome := a.planned.Resolve(name+".", dns.TypeA).Outcome
	return outcome == zones.NoData || outcome == zones.NXDomain
}

// sinks notes a name that leads to addresses at which nothing is.
func (a *auditor) sinks(s subject, r answer, addrs []string) {
	hint := "a filter or a block list answers so: exempt the name there"
	if s.region != "" {
		hint += "; " + a.wantedHint(s)
	}
	a.note(SeverityError, CodeSinkhole, r.place(), s.name,
		fmt.Sprintf("%s leads to %s, where nothing is for whoever asks", s.name, strings.Join(addrs, ", ")), hint)
}

// checkLinked notes what is wrong only with names of linked regions: those of
// others may be public, or lead anywhere else.
func (a *auditor) checkLinked(s subject, r answer, v fault, detail []string) {
	switch v {
	case toPublic:
		a.note(SeverityError, CodeLeaks, r.place(), s.name,
			fmt.Sprintf("%s leads to the public address %s", s.name, strings.Join(detail, ", ")), a.wantedHint(s))
	case partial:
		a.note(SeverityWarning, CodeIncomplete, r.place(), s.name,
			fmt.Sprintf("%s lacks the address %s of its region's link", s.name, strings.Join(detail, ", ")), a.wantedHint(s))
	case unknown:
		a.unknownTarget(s, r)
	case fine, absent, passed, referred, strayed, sunk, stale, silent:
	}
	if v != absent && r.v4.Narrow {
		a.narrow(s, r)
	}
	if v == fine || v == partial {
		a.otherTypes(s, r)
	}
}

func (a *auditor) note(severity Severity, code Code, at holdings.Place, name, message, hint string) {
	a.findings = append(a.findings, Finding{
		Severity: severity, Code: code, Place: at, Message: message, Hint: hint, Names: []string{name}, NamesTotal: 1,
	})
}

// moreOf says how many findings of a kind are not listed.
func moreOf(code Code, more int) Finding {
	return Finding{
		Severity: SeverityWarning, Code: CodeMore, Names: []string{},
		Message: fmt.Sprintf("%s not listed", spell.Counted(more, "more finding of the kind "+string(code)+" is", "more findings of the kind "+string(code)+" are")),
		Hint:    "mend the ones above first",
	}
}
