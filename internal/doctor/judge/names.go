package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/doctor"
)

// judgeNames judges where all names lead.
func (j *judge) judgeNames() {
	all := j.hear()
	j.specialize(all)
	var found causes
	j.judgeHosts(&found)
	for _, h := range all {
		j.blame(h)
		j.gather(&found, h)
	}
	mergeWildcards(&found, j)
	j.disagreements(&found, all)
	findings := make(map[string][]Finding) // by name
	for _, c := range found.all {
		f := j.note(c, "%s", nameMessage(c))
		for _, name := range slices.Concat(c.names, c.aside) {
			findings[name] = append(findings[name], f)
		}
	}
	j.nameChecks(all, findings)
	j.judgeServers()
}

// hear gathers what was answered for each name, in the order of the evidence.
func (j *judge) hear() []*heard {
	var all []*heard
	index := make(map[string]*heard)
	for _, e := range j.Evidence {
		r := e.Resolve
		if r == nil || r.Via.Way == doctor.WayPublic {
			continue
		}
		h := index[r.Name]
		if h == nil {
			h = &heard{name: j.find(r.Name)}
			index[r.Name] = h
			all = append(all, h)
		}
		h.by = append(h.by, j.hearingOf(h.name, r))
	}
	return all
}

// isNegative reports whether a code says that a name has no address.
func isNegative(code Code) bool {
	switch code {
	case CodeShadowed, CodeStripped, CodeMissing, CodeMissingApex, CodeMissingWildcard, CodeMissingFurther:
		return true
	default:
		return false
	}
}

// specialize says more closely what is missing, where names beside it are there: an
// apex, a wildcard, or the further names of endpoints.
func (j *judge) specialize(all []*heard) {
	there := make(map[string]map[string]bool) // by who is asked, the names with addresses
	below := make(map[string][]string)        // by parent
	for _, h := range all {
		parent := dnsname.Parent(h.name.Name)
		below[parent] = append(below[parent], h.name.Name)
		for _, by := range h.by {
			if there[by.via] == nil {
				there[by.via] = make(map[string]bool)
			}
			there[by.via][h.name.Name] = len(by.addrs) > 0
		}
	}
	for _, h := range all {
		for i := range h.by {
			f := &h.by[i].fault
			if f.code != CodeShadowed && f.code != CodeMissing {
				continue
			}
			if code := j.missingCode(h.name, there[h.by[i].via], below); code != "" {
				f.code, f.to = code, ""
			}
		}
	}
}

// missingCode is the closer code for a name that is missing, or "".
func (j *judge) missingCode(n doctor.Name, there map[string]bool, below map[string][]string) Code {
	parent := dnsname.Parent(n.Name)
	isThere := func(name string) bool { return there[name] }
	switch n.Role {
	case doctor.RoleApex:
		if slices.ContainsFunc(below[n.Name], isThere) {
			return CodeMissingApex
		}
	case doctor.RoleMadeUp, doctor.RoleDatabase:
		if there[parent] || n.Role == doctor.RoleMadeUp && slices.ContainsFunc(below[parent], isThere) {
			return CodeMissingWildcard
		}
	case doctor.RoleRouting:
		return j.missingHost(parent, there, below[parent])
	case doctor.RoleFurther:
		if there[n.Base] {
			return CodeMissingFurther
		}
	default:
	}
	return ""
}

// missingHost is the closer code for a host of a routing table that is missing, by the
// names beside it: a wildcard that is missing is the cause, and not the host.
func (j *judge) missingHost(parent string, there map[string]bool, beside []string) Code {
	some := slices.ContainsFunc(beside, func(name string) bool { return there[name] })
	noWildcard := slices.ContainsFunc(beside, func(name string) bool { return j.find(name).Role == doctor.RoleMadeUp && !there[name] })
	switch {
	case (some || there[parent]) && noWildcard, !some && there[parent]:
		return CodeMissingWildcard
	case some:
		return CodeRoutingHost
	default:
		return ""
	}
}

// blame finds the cause of a name's faults where it is not with the name servers: the
// machine itself, or a view.
func (j *judge) blame(h *heard) {
	servers, right := 0, 0
	var serverFault fault
	for i := range h.by {
		by := &h.by[i]
		if by.system || !by.judged {
			continue
		}
		servers++
		if j.wrongView(by.via) && by.fault.code != "" {
			by.fault.code, by.fault.to = CodeWrongView, ""
		}
		if by.fault.code == "" {
			right++
		} else if serverFault.code == "" {
			serverFault = by.fault
		}
	}
	for i := range h.by {
		if by := &h.by[i]; by.system && by.fault.code != "" {
			j.blameMachine(h.name.Name, by, servers > 0 && right == servers, serverFault)
		}
	}
}

// blameMachine finds the cause of what programs on this machine get wrong: something on
// it, or what its name servers say.
func (j *judge) blameMachine(name string, by *hearing, serversRight bool, said fault) {
	switch {
	case j.hasHostsEntry(name, by.addrs):
		by.fault.code, by.fault.to = CodeHostsEntry, ""
	case serversRight:
		by.fault.code, by.fault.to = j.machineCause(name), ""
	case isNegative(by.fault.code) && said.code != "", said.code == CodeWrongView:
		by.fault.code, by.fault.to = said.code, said.to
	}
}

// gather notes the faults of a name with their causes.
func (j *judge) gather(found *causes, h *heard) {
	for _, by := range h.by {
		for _, f := range append([]fault{by.fault}, by.beside...) {
			if f.code == "" {
				continue
			}
			region := h.name.Region
			switch {
			case shared(f.code):
				region = ""
			case f.code == CodeWildcardAcrossRegions:
				region = "*." + dnsname.Parent(h.name.Name)
			}
			c := found.at(f.code, region, f.to)
			c.name(h.name.Name)
			c.said = append(c.said, said{by: by.via, name: h.name.Name, system: by.system, line: f.line})
			j.concerns(c, h.name.Region)
		}
	}
}

// shared reports whether a code has one cause in all regions alike.
func shared(code Code) bool {
	switch code {
	case CodeWrongRegion, CodeWildcardAcrossRegions, CodeUnknownAddress, CodeIncomplete, CodeMissingApex, CodeMissingWildcard, CodeRoutingHost:
		return false
	default:
		return true
	}
}

// concerns notes a region whose names a cause is about. A name that is in no linked
// region makes it one of the whole network.
func (j *judge) concerns(c *cause, region string) {
	if region != "" && !slices.Contains(c.of, region) {
		c.of = append(c.of, region)
	}
	if _, linked := j.Subject.Link(region); !linked {
		c.wide = true
	}
	c.regions = nil
	if !c.wide {
		c.regions = slices.Sorted(slices.Values(c.of))
	}
}

// mergeWildcards has names that a wildcard leads astray told with the wildcard.
func mergeWildcards(found *causes, j *judge) {
	for _, wildcard := range found.all {
		if wildcard.code != CodeWildcardAcrossRegions {
			continue
		}
		wildcard.names, wildcard.aside = nil, wildcard.names
		wildcard.of, wildcard.regions = nil, nil
		nobody := wildcard.said
		wildcard.said = nil
		for _, l := range j.Subject.Links {
			if !slices.Contains(strings.Split(wildcard.to, ", "), l.Region) {
				wildcard.regions = append(wildcard.regions, l.Region)
			}
		}
		for _, wide := range []bool{false, true} { // names of linked regions are told first
			for _, c := range found.all {
				if c.code == CodeWrongRegion && c.to == wildcard.to && c.wide == wide {
					c.moveBelow(strings.TrimPrefix(wildcard.region, "*."), wildcard)
				}
			}
		}
		wildcard.said = append(wildcard.said, nobody...)
	}
	found.all = slices.DeleteFunc(found.all, func(c *cause) bool { return c.code == CodeWrongRegion && len(c.names) == 0 })
}

// moveBelow moves the names directly below a parent, and what is said of them, to
// another cause.
func (c *cause) moveBelow(parent string, to *cause) {
	moved := func(name string) bool { return dnsname.Parent(name) == parent }
	for _, name := range c.names {
		if moved(name) {
			to.name(name)
			to.of = append(to.of, c.region)
		}
	}
	for _, s := range c.said {
		if moved(s.name) {
			to.said = append(to.said, s)
		}
	}
	c.names = slices.DeleteFunc(c.names, moved)
	c.said = slices.DeleteFunc(c.said, func(s said) bool { return moved(s.name) })
}

// disagreements says of faults that only some of the machine's name servers have that
// they disagree, and of all others who has the names right.
func (j *judge) disagreements(found *causes, all []*heard) {
	right := make(map[string][]string) // who has a name right
	for _, h := range all {
		for _, by := range h.by {
			if by.judged && by.fault.code == "" && !by.system {
				right[h.name.Name] = append(right[h.name.Name], by.via)
			}
		}
	}
	for _, c := range found.all {
		good := rightOfAll(c.names, right)
		for _, s := range c.said {
			good = slices.DeleteFunc(good, func(via string) bool { return via == s.by })
		}
		if len(good) == 0 || !isAnswer(c.code) {
			continue
		}
		c.says("", "%s %s right", list(good, 3), verb(len(good), "has them", "have them"))
		if j.machine != nil && j.configured(good) && j.configured(c.servers()) && c.code != CodeWrongRegion {
			c.was, c.code = c.code, CodeServersDisagree
		}
	}
}

// isAnswer reports whether a code is about where names lead, by what servers answer.
func isAnswer(code Code) bool {
	switch code {
	case CodeWrongRegion, CodeLeaks, CodeUnknownAddress, CodeFiltered, CodeServersDisagree:
		return true
	default:
		return isNegative(code)
	}
}

// rightOfAll are those who have all of the names right.
func rightOfAll(names []string, right map[string][]string) []string {
	if len(names) == 0 {
		return nil
	}
	good := slices.Clone(right[names[0]])
	for _, name := range names[1:] {
		good = slices.DeleteFunc(good, func(via string) bool { return !slices.Contains(right[name], via) })
	}
	return good
}

// configured reports whether all of them are name servers that the machine has.
func (j *judge) configured(servers []string) bool {
	for _, server := range servers {
		if !slices.Contains(j.machine.Servers, server) {
			return false
		}
	}
	return len(servers) > 0
}

// servers are the name servers that said so.
func (c *cause) servers() []string {
	var servers []string
	for _, s := range c.said {
		if s.by != "" && !s.system && !slices.Contains(servers, s.by) {
			servers = append(servers, s.by)
		}
	}
	return servers
}

// subject says whose names they are: "12 names of aws-us-west-1", or the one name.
func (c *cause) subject() string {
	of := strings.Join(slices.Sorted(slices.Values(c.of)), ", ")
	if of == "" {
		of = c.region
	}
	if of != "" {
		of = " of " + of
	}
	if len(c.names) == 1 {
		return c.names[0] + of
	}
	return fmt.Sprintf("%d names%s", len(c.names), of)
}
