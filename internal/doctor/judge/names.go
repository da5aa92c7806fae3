package judge

import (
	"slices"

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
