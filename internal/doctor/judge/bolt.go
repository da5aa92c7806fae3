package judge

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/spell"
)

// judgeBolt judges Bolt handshakes.
func (j *judge) judgeBolt() {
	var found causes
	right, total := 0, 0
	for _, e := range j.Evidence {
		b := e.Bolt
		if b == nil || b.Public {
			continue
		}
		n := j.find(b.Name)
		if n.Role == doctor.RoleMadeUp || n.Expect != doctor.ExpectLink || j.dead(b.Addr, b.Port) || j.toldByTLS(n, b.Spot) {
			continue
		}
		total++
		switch {
		case b.Outcome == doctor.Connected && b.Version != "":
			right++
			continue
		case aboutName(b.Alert):
			c := found.at(CodeNameRefused, "", "")
			j.concerns(c, n.Region)
			c.name(n.Name)
			c.says(b.Addr.String(), "%s:%d as %s: alert %s", b.Addr, b.Port, n.Name, b.Alert)
			continue
		}
		c := found.at(CodeNoBolt, "", "")
		j.concerns(c, n.Region)
		c.name(n.Name)
		c.says(b.Addr.String(), "%s:%d as %s: %s", b.Addr, b.Port, n.Name, boltWords(b))
	}
	var findings []Finding
	for _, c := range found.all {
		message := fmt.Sprintf("%s %s no Bolt on port %d", c.subject(), verb(len(c.names), "speaks", "speak"), doctor.PortBolt)
		if c.code == CodeNameRefused {
			message = fmt.Sprintf("the link refuses %s by a TLS alert", c.subject())
		}
		findings = append(findings, j.note(c, "%s", message))
	}
	if total > 0 {
		j.check(doctor.KindBolt, fmt.Sprintf("names that speak Bolt: %d of %d", right, total), findings...)
	}
}

func boltWords(b *doctor.Bolt) string {
	if b.Outcome == doctor.Connected {
		return "no version was agreed on" + because(b.Error)
	}
	return words(b.Outcome) + because(b.Error)
}

// judgeSessions judges what the official driver got.
func (j *judge) judgeSessions() {
	var found causes
	tried := 0
	for _, e := range j.Evidence {
		s := e.Session
		if s == nil || s.Public {
			continue
		}
		tried++
		var findings []Finding
		n := j.find(s.Name)
		if n.Guessed && s.Outcome != doctor.Connected && j.sessionElsewhere(n) {
			continue // it is in the other region
		}
		for _, c := range j.sessionCauses(&found, n, s) {
			findings = append(findings, c.finding(sessionMessage(c)))
		}
		j.check(doctor.KindBolt, sessionLine(s), findings...)
		if s.Outcome != doctor.Connected && len(findings) == 0 {
			j.unproved(doctor.KindBolt) // what it follows from is told
		}
	}
	for _, c := range found.all {
		j.note(c, "%s", sessionMessage(c))
	}
	if tried == 0 && !j.Asked.Credentials && j.Asked.Wants(doctor.KindBolt) && len(j.Subject.Links) > 0 {
		f := j.note((&causes{}).at(CodeNoCredentials, "", ""), "no credentials were given, so that no session was tried")
		j.check(doctor.KindBolt, "sessions", f)
	}
}

// sessionCauses are what is wrong with one session.
func (j *judge) sessionCauses(found *causes, n doctor.Name, s *doctor.Session) []*cause {
	var all []*cause
	add := func(code Code, format string, args ...any) {
		c := found.at(code, "", "")
		j.concerns(c, n.Region)
		c.name(s.Name)
		c.says(s.Name, "%s: %s", s.Name, fmt.Sprintf(format, args...))
		all = append(all, c)
	}
	switch {
	case strings.Contains(s.Code, ".Security."):
		add(CodeCredentials, "%s", s.Code)
		return all
	case s.Outcome != doctor.Connected && j.follows(n):
		return nil
	case s.Outcome != doctor.Connected:
		add(CodeNoRoutingTable, "%s%s", words(s.Outcome), because(s.Error))
		return all
	}
	for _, tried := range []struct {
		role string
		at   *doctor.Transaction
	}{{"WRITE", s.Write}, {"READ", s.Read}} {
		switch t := tried.at; {
		case !hasRole(s.Table, tried.role):
			add(CodeIncompleteTable, "no server has the role %s", tried.role)
		case t != nil && !t.OK && !j.unusable(t.Server):
			add(CodeTransactionFailed, "at %s: %s%s", t.Server, t.Code, because(t.Error))
		}
	}
	return all
}

// follows reports whether it follows from what is told already that a driver gets no
// routing table by a name: the name is wrong, or an address of its link.
func (j *judge) follows(n doctor.Name) bool {
	link, _ := j.Subject.Link(n.Region)
	return j.told[n.Name] || j.atWrongLink(n) || slices.ContainsFunc(link.Addrs, func(addr netip.Addr) bool { return j.dead(addr, doctor.PortBolt) })
}

// sessionElsewhere reports whether another guess at the same database gave a session,
// or was known well enough to refuse the credentials.
func (j *judge) sessionElsewhere(n doctor.Name) bool {
	return slices.ContainsFunc(j.Evidence, func(e doctor.Evidence) bool {
		s := e.Session
		return s != nil && !s.Public && (s.Outcome == doctor.Connected || s.Code != "") && j.otherGuess(n, s.Name)
	})
}

// unusable reports whether a server's name or address is what is wrong, which is told.
func (j *judge) unusable(server string) bool {
	host, _, _ := strings.Cut(server, ":")
	for _, e := range j.Evidence {
		if r := e.Resolve; r != nil && r.Name == host && r.Via.Way != doctor.WayPublic && j.hearingOf(j.find(host), r).fault.code != "" {
			return true
		}
	}
	return false
}

func hasRole(table []doctor.RouteServer, role string) bool {
	for _, s := range table {
		if s.Role == role {
			return true
		}
	}
	return false
}

func sessionMessage(c *cause) string {
	switch c.code {
	case CodeCredentials:
		return fmt.Sprintf("%s %s the credentials", c.subject(), verb(len(c.names), "refuses", "refuse"))
	case CodeNoRoutingTable:
		return fmt.Sprintf("a driver gets no routing table from %s", c.subject())
	case CodeIncompleteTable:
		return fmt.Sprintf("the routing table of %s has not all roles", c.subject())
	default:
		return fmt.Sprintf("a transaction at %s failed", c.subject())
	}
}

// sessionLine says in a line what a session brought.
func sessionLine(s *doctor.Session) string {
	if s.Outcome != doctor.Connected {
		return fmt.Sprintf("session by %s: no routing table", s.Name)
	}
	hosts := make(map[string]bool)
	for _, server := range s.Table {
		hosts[server.Host] = true
	}
	return fmt.Sprintf("session by %s: %s in the table, read %s, write %s", s.Name, spell.Count(len(hosts), "host"), did(s.Read), did(s.Write))
}

func did(t *doctor.Transaction) string {
	switch {
	case t == nil:
		return "not tried"
	case t.OK:
		return "well"
	default:
		return "failed"
	}
}
