package judge

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/spell"
)

// judgeMachine judges what the machine does to names before any server is asked, but
// for its hosts file.
func (j *judge) judgeMachine() {
	if j.machine == nil {
		return
	}
	m := j.machine
	j.check(doctor.KindMachine, machineLine(m))
	if dots := 3; m.Ndots > dots && len(m.Search) > 0 { // as <dbid>.production-orch-NNNN.neo4j.io has
		c := (&causes{}).at(CodeManyLookups, "", "")
		c.says("", "resolv.conf: ndots:%d, search %s", m.Ndots, strings.Join(m.Search, " "))
		f := j.note(c, "each name is looked up below %s first", spell.Count(len(m.Search), "search domain"))
		j.check(doctor.KindMachine, fmt.Sprintf("search list with ndots:%d", m.Ndots), f)
	}
	if len(m.Open) > 0 {
		j.judgeOpen(m.Open)
	}
	for _, text := range m.Errors {
		j.check(doctor.KindMachine, "not looked at: "+text)
	}
}

// machineLine says in a line how the machine resolves names.
func machineLine(m *doctor.Machine) string {
	line := "name servers " + strings.Join(m.Servers, ", ")
	if len(m.Servers) == 0 {
		line = "no name servers are configured that could be read"
	}
	if m.Stub != "" {
		line += "; in between " + m.Stub
		if len(m.Upstreams) > 0 {
			line += " (to " + strings.Join(m.Upstreams, ", ") + ")"
		}
	}
	if len(m.Switch) > 0 {
		line += "; sources " + strings.Join(m.Switch, " ")
	}
	return line
}

// judgeOpen notes connections that are still open over the public path.
func (j *judge) judgeOpen(open []doctor.OpenConnection) {
	c := (&causes{}).at(CodeOpenConnections, "", "")
	for _, o := range open {
		program := o.Program
		if program == "" {
			program = "a program"
		}
		c.says(o.Remote.String(), "%s has %s open to %s", program, o.Local, o.Remote)
	}
	f := j.note(c, "%s of this machine %s still open to public addresses", spell.Count(len(open), "connection"), verb(len(open), "is", "are"))
	j.check(doctor.KindMachine, "connections over the public path", f)
}

// hasHostsEntry reports whether the hosts file has a name with one of the addresses.
func (j *judge) hasHostsEntry(name string, addrs []netip.Addr) bool {
	return j.machine != nil && slices.ContainsFunc(j.machine.Hosts, func(e doctor.HostsEntry) bool {
		return e.Name == name && slices.Contains(addrs, e.Addr)
	})
}

// judgeHosts judges the entries of the hosts file, whoever has asked for their names.
func (j *judge) judgeHosts(found *causes) {
	if j.machine == nil {
		return
	}
	pinned := (&causes{}).at(CodePinned, "", "")
	for _, e := range j.machine.Hosts {
		n := j.find(e.Name)
		f := j.strays(n, hearing{via: e.File, addrs: []netip.Addr{e.Addr}})
		line := fmt.Sprintf("%s, line %d: %s %s (wanted: %s)", e.File, e.Line, e.Addr, e.Name, j.wants(n))
		strange := n.Expect == doctor.ExpectLink && strangeFamily(j, n, e.Addr)
		if f.code == "" && !strange {
			pinned.name(e.Name)
			pinned.says(e.File, "%s, line %d: %s %s", e.File, e.Line, e.Addr, e.Name)
			continue
		}
		c := found.at(CodeHostsEntry, "", "")
		j.concerns(c, n.Region)
		c.name(e.Name)
		c.says(e.File, "%s", line)
	}
	if len(pinned.names) > 0 {
		f := j.note(pinned, "the hosts file of this machine has %s", spell.Count(len(pinned.names), "name"))
		j.check(doctor.KindMachine, "hosts file", f)
	}
}

// strangeFamily reports whether an address is none of the link's, though strays lets it
// pass beside others.
func strangeFamily(j *judge, n doctor.Name, addr netip.Addr) bool {
	link, _ := j.Subject.Link(n.Region)
	return !slices.Contains(link.Addrs, addr)
}

// machineCause says why this machine gets another answer than its name servers give.
func (j *judge) machineCause(name string) Code {
	if j.machine != nil && len(j.machine.Search) > 0 && j.machine.Ndots > strings.Count(name, ".") {
		return CodeSearchList
	}
	return CodeSystemDiffers
}

// outside reports whether an address is in none of the VPC's ranges.
func (j *judge) outside(addr netip.Addr) bool {
	if len(j.Subject.Clients) == 0 || !addr.IsValid() || address.Sinkhole(addr) {
		return false // loopback is what a stub resolver is asked from
	}
	return !slices.ContainsFunc(j.Subject.Clients, func(p netip.Prefix) bool { return p.Contains(addr.Unmap()) })
}
