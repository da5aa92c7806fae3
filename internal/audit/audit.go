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

	"github.com/auralink/auralink/internal/address"
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

// fault is what is wrong with an answer.
type fault int

const (
	fine     fault = iota
	absent         // there are no addresses
	passed         // others are asked
	unknown        // it leads to a name that is not known
	referred       // others who are known have the answer
	strayed        // it leads to a region that is not the name's
	sunk           // it leads to an address at which nothing is
	toPublic       // it leads to a public address
	stale          // it leads to an address that no link has
	partial        // it has some of the link's addresses
	silent         // it was asked in vain
)

// judge says what is wrong with the answer for a name of a region, and to what it
// leads: regions for strayed, addresses for sunk, toPublic, stale and partial.
func (a *auditor) judge(region string, r answer) (fault, []string) {
	addrs := r.addrs()
	if len(addrs) == 0 {
		return judgeEmpty(r), nil
	}
	var others []string
	var unlinked map[fault][]string
	for _, addr := range addrs {
		regions := a.leadsTo[addr]
		if len(regions) > 0 {
			a.used[addr] = true
		}
		switch {
		case slices.Contains(regions, region):
		case len(regions) > 0:
			others = append(others, regions...)
		default:
			if unlinked == nil {
				unlinked = make(map[fault][]string)
			}
			v := judgeUnlinked(addr)
			unlinked[v] = append(unlinked[v], addr.String())
		}
	}
	slices.Sort(others)
	if len(others) > 0 {
		return strayed, slices.Compact(others)
	}
	for _, v := range []fault{sunk, toPublic, stale} {
		if len(unlinked[v]) > 0 {
			return v, unlinked[v]
		}
	}
	var lacking []string
	for _, addr := range a.links[region].Addrs {
		if !slices.Contains(addrs, addr) {
			lacking = append(lacking, addr.String())
		}
	}
	if len(lacking) > 0 {
		return partial, lacking
	}
	return fine, nil
}

// judgeUnlinked says what is wrong with an address that no link has.
func judgeUnlinked(addr netip.Addr) fault {
	switch {
	case address.Sinkhole(addr):
		return sunk
	case address.Private(addr), addr.IsLinkLocalUnicast():
		return stale
	default:
		return toPublic
	}
}

func judgeEmpty(r answer) fault {
	switch {
	case r.isSilent():
		return silent
	case r.v4.Outcome == zones.Redirects || r.v6.Outcome == zones.Redirects:
		return unknown
	case r.v4.Outcome == zones.Referred || r.v6.Outcome == zones.Referred:
		return referred
	case r.v4.Outcome == zones.NotOurs || r.v6.Outcome == zones.NotOurs:
		return passed
	default:
		return absent
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
			"if the private endpoint was made anew, "+a.wantedHint(s))
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
		a.note(SeverityWarning, CodeUnknownTarget, r.place(), s.name,
			fmt.Sprintf("%s leads to %s, and what address that has cannot be told from here", s.name, shown(target(r))),
			"audit the server itself, with dns://HOST")
	case fine, absent, passed, referred, strayed, sunk, stale, silent:
	}
	if v != absent && r.v4.Narrow {
		a.narrow(s, r)
	}
	if (v == fine || v == partial) && r.other.Outcome == zones.NotOurs {
		a.leaksTypes(s, r)
	}
}

// referral is who has the answer.
func (r answer) referral() holdings.Referral {
	if r.v4.Outcome == zones.Referred {
		return r.v4.Referral
	}
	return r.v6.Referral
}

func target(r answer) string {
	if r.v4.Target != "" {
		return r.v4.Target
	}
	return r.v6.Target
}

// wantedHint says which addresses a name must have.
func (a *auditor) wantedHint(s subject) string {
	if _, linked := a.links[s.region]; !linked {
		return fmt.Sprintf("it should be left to public DNS: VPC %s does not link its region", a.VPC.Name)
	}
	return fmt.Sprintf("it should have %s", a.wanted(s.region))
}

// wanted are the addresses of the link to a region, in words.
func (a *auditor) wanted(region string) string {
	return holdings.Data{Addrs: a.links[region].Addrs}.String()
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
