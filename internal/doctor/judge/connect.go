package judge

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/doctor"
)

// connectCode is the code of a connection that did not come about, or "".
func connectCode(o doctor.Outcome) Code {
	switch o {
	case doctor.TimedOut:
		return CodePortDropped
	case doctor.Refused, doctor.Reset:
		return CodePortRefused
	case doctor.Unreachable:
		return CodePortUnreachable
	case doctor.Connected:
		return ""
	default:
		return CodeNotProbed
	}
}

// judgeConnects judges the connections to all addresses of the links.
func (j *judge) judgeConnects() {
	for _, link := range j.Subject.Links {
		j.judgeLink(link)
	}
	j.judgeSource()
}

// attempts are the connections to one link.
type attempts struct {
	link   doctor.Link
	byPort map[uint16][]*doctor.Connect
	byAddr map[netip.Addr][]*doctor.Connect
}

func (j *judge) attemptsAt(link doctor.Link) attempts {
	a := attempts{link: link, byPort: make(map[uint16][]*doctor.Connect), byAddr: make(map[netip.Addr][]*doctor.Connect)}
	for _, e := range j.Evidence {
		if c := e.TCP; c != nil && slices.Contains(link.Addrs, c.Addr) {
			a.byPort[c.Port] = append(a.byPort[c.Port], c)
			a.byAddr[c.Addr] = append(a.byAddr[c.Addr], c)
		}
	}
	return a
}

// judgeLink notes one finding for each way in which connections to a link fail.
func (j *judge) judgeLink(link doctor.Link) {
	a := j.attemptsAt(link)
	if len(a.byPort) == 0 {
		return
	}
	var found causes
	for _, e := range j.Evidence {
		c := e.TCP
		if c == nil || !slices.Contains(link.Addrs, c.Addr) {
			continue
		}
		if code := connectCode(c.Outcome); code != "" {
			cause := found.at(code, link.Region, "")
			cause.spots = append(cause.spots, netip.AddrPortFrom(c.Addr, c.Port))
			cause.says("", "%s: %s%s", netip.AddrPortFrom(c.Addr, c.Port), connectWords(c), because(c.Error))
		}
	}
	byPort := make(map[uint16][]Finding)
	for _, c := range found.all {
		if c.onlyPort(doctor.PortHTTP) {
			c.severity = Warning // what is there is for old clients alone
		}
		f := j.note(c, "%s", a.message(c))
		for _, spot := range c.spots {
			byPort[spot.Port()] = append(byPort[spot.Port()], f)
		}
	}
	for _, port := range slices.Sorted(maps.Keys(a.byPort)) {
		j.check(doctor.KindTCP, a.line(port), byPort[port]...)
	}
}

func connectWords(c *doctor.Connect) string {
	if c.Outcome == doctor.TimedOut {
		return "no answer in time"
	}
	return words(c.Outcome)
}

func because(text string) string {
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}

// onlyPort reports whether a cause is about one port and no other.
func (c *cause) onlyPort(port uint16) bool {
	return !slices.ContainsFunc(c.spots, func(s netip.AddrPort) bool { return s.Port() != port })
}

// message says which addresses and ports cannot be connected to.
func (a attempts) message(c *cause) string {
	var whole []string // addresses at which no port can be
	ports := make(map[uint16]bool)
	addrs := make(map[netip.Addr]int)
	for _, s := range c.spots {
		ports[s.Port()] = true
		addrs[s.Addr()]++
	}
	for _, addr := range a.link.Addrs {
		if addrs[addr] > 0 && addrs[addr] == len(a.byAddr[addr]) {
			whole = append(whole, addr.String())
		}
	}
	how := map[Code]string{
		CodePortDropped: "gets no answer", CodePortRefused: "is refused", CodePortUnreachable: "has no route", CodeNotProbed: "failed",
	}[c.code]
	switch {
	case len(whole) == len(a.link.Addrs):
		return fmt.Sprintf("%s: TCP to its link (%s) %s on all ports that were tried", a.link.Region, list(whole, 3), how)
	case len(whole) == len(addrs):
		return fmt.Sprintf("%s: TCP to %s, %d of the link's %d addresses, %s on all ports", a.link.Region, list(whole, 3), len(whole), len(a.link.Addrs), how)
	}
	var names []string
	for _, port := range slices.Sorted(maps.Keys(ports)) {
		names = append(names, fmt.Sprint(port))
	}
	return fmt.Sprintf("%s: TCP to port %s %s, at %d of the link's %d addresses", a.link.Region, strings.Join(names, ", "), how, len(addrs), len(a.link.Addrs))
}

// line says in a line how one port of a link did.
func (a attempts) line(port uint16) string {
	connected, slowest := 0, 0.0
	for _, c := range a.byPort[port] {
		if c.Outcome == doctor.Connected {
			connected++
			slowest = max(slowest, c.Took)
		}
	}
	line := fmt.Sprintf("%s: port %d at %d of %d addresses", a.link.Region, port, connected, len(a.link.Addrs))
	if connected > 0 {
		line += fmt.Sprintf(", within %.0f ms", slowest)
	}
	return line
}

// judgeSource judges the address that connections come from, if no name server has
// told as whom it takes this machine.
func (j *judge) judgeSource() {
	if slices.ContainsFunc(j.paths, func(p *doctor.Path) bool { return p.Source.IsValid() }) {
		return
	}
	for _, e := range j.Evidence {
		if c := e.TCP; c != nil && j.outside(c.Source) {
			cause := (&causes{}).at(CodeOutsideClients, "", "")
			cause.says("", "%s is connected to from %s; the clients of VPC %s are %s", c.Addr, c.Source, j.Subject.VPC, prefixes(j))
			f := j.note(cause, "this machine connects from %s, which is not among the VPC's clients", c.Source)
			j.check(doctor.KindTCP, "source address", f)
			return
		}
	}
}

// dead reports whether an address and port could not be connected to, so that what was
// tried there says no more.
func (j *judge) dead(addr netip.Addr, port uint16) bool {
	outcome, tried := j.connects[netip.AddrPortFrom(addr, port)]
	return tried && outcome != doctor.Connected
}
