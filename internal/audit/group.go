package audit

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// groupKey is what findings that are told together have in common.
type groupKey struct {
	code   Code
	by     string // the wildcard or the zone responsible
	region string
	// referral is who has the answer; narrow says that some servers do not take
	// the wildcard for one of the name.
	referral holdings.Referral
	narrow   bool
}

// group is a finding about many names.
type group struct {
	key      groupKey
	place    holdings.Place
	names    []string // the first few
	total    int
	seen     map[string]bool // undeclared names so far: each may come five times
	regions  []string        // to which a wildcard leads
	would    []string        // regions whose names it would send there
	severity Severity
}

// maxNamed is how many names a finding lists.
const maxNamed = 10

func (g *group) add(name string) {
	if g.seen != nil {
		if g.seen[name] {
			return
		}
		g.seen[name] = true
	}
	g.total++
	if len(g.names) < maxNamed {
		g.names = append(g.names, name)
	}
}

// group returns the group of an entry's findings, which is made if need be.
// Undeclared names are told together, those of one region.
func (a *auditor) group(code Code, e holdings.Entry, region string) *group {
	key := groupKey{code: code, region: region}
	if code == CodeWildcardAcrossRegions {
		key.by = e.Name()
	}
	g := a.groups[key]
	if g == nil {
		g = &group{key: key, place: e.Place(), severity: SeverityError}
		if code == CodeUndeclared {
			g.seen = make(map[string]bool)
		}
		a.groups[key] = g
	}
	return g
}

// astray notes a name that leads to other regions than its own.
func (a *auditor) astray(s subject, r answer, regions []string) {
	entry := r.entry()
	if entry.Wildcard() && shown(entry.Name()) != s.name {
		g := a.group(CodeWildcardAcrossRegions, entry, "")
		g.regions = regions
		if s.region != "" {
			s.name += " (" + s.region + ")"
		}
		g.add(s.name)
		return
	}
	if shared, ok := strings.CutPrefix(s.name, "*."); ok && s.region == "" {
		a.note(SeverityError, CodeWildcardAcrossRegions, r.place(), s.name,
			fmt.Sprintf("%s sends the instances of every region, which have their public names there, to region %s (%s)",
				s.name, strings.Join(regions, ", "), entry.Data()),
			"remove it, and list this region's instances one by one: extra_names: [DBID."+shared+"]")
		return
	}
	message := fmt.Sprintf("%s is in region %s and leads to %s (%s)", s.name, s.region, strings.Join(regions, ", "), entry.Data())
	hint := a.wantedHint(s)
	switch _, linked := a.links[s.region]; {
	case s.region == "":
		message = fmt.Sprintf("%s is public, and leads to region %s (%s)", s.name, strings.Join(regions, ", "), entry.Data())
		hint = "remove it: Aura's console and API break with it"
	case !linked:
		message = fmt.Sprintf("%s is in region %s, which VPC %s does not link, and leads to %s (%s)",
			s.name, s.region, a.VPC.Name, strings.Join(regions, ", "), entry.Data())
		hint = "remove it, and leave the name to public DNS; or link the region"
	}
	a.note(SeverityError, CodeWrongRegion, r.place(), s.name, message, hint)
}

// unsafeWildcard judges the answer for a family of which the plan has individual
// records, if a wildcard gives it: it is told if it may lead names to other regions
// than theirs, even if it does so with no known name yet.
func (a *auditor) unsafeWildcard(d plan.Decision, r answer) {
	name := "*." + d.Family
	h := a.homes.of(name)
	v, regions := a.judge("", r)
	if v == stale || v == sunk {
		a.check(subject{name: shown(name), region: d.Regions[0]}, r)
	}
	if v != strayed {
		return
	}
	g := a.group(CodeWildcardAcrossRegions, r.entry(), "")
	g.regions = regions
	for _, region := range h.regions {
		if v, _ := a.judge(region, r); v == strayed && !slices.Contains(g.would, region) {
			g.would = append(g.would, region)
		}
	}
	if g.total == 0 && len(g.would) == 0 {
		delete(a.groups, g.key)
	}
}

// hidden notes a name that public DNS should answer, but that does not exist for
// those who ask this DNS.
func (a *auditor) hidden(s subject, r answer) {
	by := ""
	if r.v4.Claim != nil {
		by = shown(r.v4.Claim.Origin)
	}
	key := groupKey{code: CodeHides, by: by}
	g := a.groups[key]
	if g == nil {
		g = &group{key: key, place: r.place(), severity: SeverityWarning}
		a.groups[key] = g
	}
	if s.region == "" {
		g.severity = SeverityError
	} else {
		s.name += " (" + s.region + ")"
	}
	g.add(s.name)
}

// otherTypes notes a name of whose types only the addresses are answered here: questions
// for the others go to public DNS, or to others who are known.
func (a *auditor) otherTypes(s subject, r answer) {
	switch r.other.Outcome {
	case zones.NotOurs:
		g := a.gather(groupKey{code: CodeLeaks, by: r.place().File}, r)
		g.severity = SeverityError
		g.add(s.name)
	case zones.Referred:
		a.gather(groupKey{code: CodeUnknownTarget, by: r.place().File, referral: r.other.Referral}, r).add(s.name)
	default: // there is an answer
	}
}

// narrow notes a name that a wildcard covers on some servers and not on others.
func (a *auditor) narrow(s subject, r answer) {
	key := groupKey{code: CodeLeaks, by: shown(r.v4.Entry.Name()), narrow: true}
	a.gather(key, r).add(s.name)
}

// referred notes a name whose answer others have who are known.
func (a *auditor) referred(s subject, r answer) {
	key := groupKey{code: CodeUnknownTarget, referral: r.referral()}
	a.gather(key, r).add(s.name)
}

// gather returns the group of a key, which is a warning made at the answer's place
// if need be.
func (a *auditor) gather(key groupKey, r answer) *group {
	g := a.groups[key]
	if g == nil {
		g = &group{key: key, place: r.place(), severity: SeverityWarning}
		a.groups[key] = g
	}
	return g
}

// tellReferred returns the message and the hint for names whose answer others have.
func tellReferred(g *group, names string) (message, hint string) {
	subject := fmt.Sprintf("%d names have no addresses here: %s; they are ", g.total, names)
	if g.total == 1 {
		subject = names + " has no address here; it is "
	}
	switch r := g.key.referral; {
	case r.Servers != "":
		return subject + "asked of " + r.Servers + ": audit that server", "auralink audit " + urlOf(r.Servers)
	case r.Topology != "":
		return subject + r.String(), "see what that answers with auralink plan, and audit the server itself, with auralink audit dns://HOST"
	case r.File != "":
		return subject + r.String(), "name " + r.File + " as a further FILE behind auralink audit; or audit the server itself, with dns://HOST"
	default:
		return subject + r.String(), "audit the server itself, with dns://HOST"
	}
}

// otherTypes is what questions are for beside the addresses that a name has, and noData how
// they are answered as they should be.
const (
	otherTypes = "questions for other types than the addresses that they have (AAAA, HTTPS)"
	noData     = "answer them with no data: local=/NAME/ in dnsmasq, transparent instead of typetransparent in Unbound, " +
		"template IN ANY in CoreDNS; a hosts file cannot say so"
)

// tellTypesReferred returns the message and the hint for names of which others have all but
// the addresses.
func tellTypesReferred(g *group, names string) (message, hint string) {
	of := g.key.referral.String()
	if servers := g.key.referral.Servers; servers != "" {
		of = "asked of " + servers
	}
	return fmt.Sprintf("%s are %s, for %s: %s", otherTypes, of, spell.Counted(g.total, "name", "names"), names),
		noData + "; or audit those who are asked"
}

// urlOf returns how the audit is given the first of the servers that a configuration
// names: an address, maybe with a port behind # or @, or a name.
func urlOf(servers string) string {
	first, _, _ := strings.Cut(servers, ", ")
	if _, rest, found := strings.Cut(first, "://"); found {
		first = rest
	}
	host, port := first, ""
	if at := strings.IndexAny(first, "#@"); at >= 0 {
		host, port = first[:at], first[at+1:]
		if end := strings.IndexFunc(port, func(c rune) bool { return c < '0' || c > '9' }); end >= 0 {
			port = port[:end] // behind it are an interface, or the name in a certificate
		}
	}
	if addr, err := netip.ParseAddr(host); err == nil && addr.Is6() {
		host = "[" + host + "]"
	}
	if port != "" {
		host += ":" + port
	}
	return "dns://" + host
}

// tellNarrow returns the message and the hint for names that a wildcard of a policy
// zone covers on some servers only.
func tellNarrow(g *group, names string) (message, hint string) {
	them := "them"
	if g.total == 1 {
		them = "it"
	}
	return fmt.Sprintf("BIND does not let %s cover %s, for there are rules between it and %s, and asks public DNS: %s",
			g.key.by, spell.Counted(g.total, "name", "names"), them, names),
		"give each name, or the wildcard next above it, a rule of its own: all servers understand that in the same way"
}

// grouped returns the groups as findings.
func (a *auditor) grouped() []Finding {
	var findings []Finding
	for _, g := range a.groups {
		message, hint := a.tell(g)
		findings = append(findings, Finding{
			Severity: g.severity, Code: g.key.code, Place: g.place, Message: message, Hint: hint,
			Names: append([]string{}, g.names...), NamesTotal: g.total,
		})
	}
	return findings
}

// tell returns the message and the hint of a group.
func (a *auditor) tell(g *group) (message, hint string) {
	names := topology.Abridge(g.names, g.total)
	switch {
	case g.key.narrow:
		return tellNarrow(g, names)
	case g.key.code == CodeUnknownTarget && g.key.by != "":
		return tellTypesReferred(g, names)
	case g.key.code == CodeUnknownTarget:
		return tellReferred(g, names)
	}
	switch g.key.code {
	case CodeWildcardAcrossRegions:
		return a.tellWildcard(g, names)
	case CodeDoubledOrigin:
		return fmt.Sprintf("%s zone %s twice, so that what is meant does not exist: %s", spell.Counted(g.total, "name has", "names have"), g.key.by, names),
			"put a final dot behind each name that is whole, or leave the zone out of it"
	case CodeUnanswered:
		return a.tellSilence(g, names)
	case CodeHides:
		if g.key.by == "" {
			return fmt.Sprintf("%s here that should be left to public DNS: %s", spell.Counted(g.total, "name does not exist", "names do not exist"), names),
				"remove what stands in their way"
		}
		return fmt.Sprintf("zone %s hides %s that should be left to public DNS: %s", g.key.by, spell.Counted(g.total, "name", "names"), names),
			"use a zone for each name, or a response policy zone, which hide nothing (auralink formats)"
	case CodeLeaks:
		return fmt.Sprintf("%s go to public DNS for %s: %s", otherTypes, spell.Counted(g.total, "name", "names"), names), noData
	default:
		g.severity = SeverityWarning
		return a.tellUndeclared(g, names)
	}
}

func (a *auditor) tellUndeclared(g *group, names string) (message, hint string) {
	undeclared := spell.Counted(g.total, "name that the topology does not declare leads", "names that the topology does not declare lead")
	if g.key.region == "" {
		return fmt.Sprintf("%s to what no link of VPC %s has: %s", undeclared, a.VPC.Name, names),
			"add them to the topology with their region, and the region's link to the VPC; or remove them"
	}
	return fmt.Sprintf("%s to region %s: %s", undeclared, g.key.region, names),
		fmt.Sprintf("add them to the topology (custom_endpoints: LABEL: %s; or orchestras, or extra_names), or remove them", g.key.region)
}

func (a *auditor) tellWildcard(g *group, names string) (message, hint string) {
	command := []string{"auralink", "export", a.Path, "--vpc", a.VPC.Name, "--out", "DIRECTORY"}
	hint = "replace it by individual records: " + strings.Join(slices.DeleteFunc(command, isEmpty), " ")
	led := shown(g.key.by) + " leads to region " + strings.Join(g.regions, ", ")
	switch {
	case g.total > 0:
		return fmt.Sprintf("%s, and sends %s: %s", led, spell.Counted(g.total, "name there that is not in it", "names there that are not in it"), names), hint
	default:
		return fmt.Sprintf("%s, and sends every name of %s there that nobody has declared", led, strings.Join(g.would, ", ")), hint
	}
}

func isEmpty(text string) bool { return text == "" }
