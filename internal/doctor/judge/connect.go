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

// judgeConnects judges the connections to all addresses of the links, with one finding
// for each way in which they fail: what is in the way of several links alike is one.
func (j *judge) judgeConnects() {
	var found causes
	var all []attempts
	for _, link := range j.Subject.Links {
		if a := j.attemptsAt(link); len(a.byPort) > 0 {
			all = append(all, a)
		}
	}
	for _, a := range all {
		a.gather(&found)
	}
	findings := make(map[netip.AddrPort][]Finding)
	for _, c := range found.all {
		if c.onlyPort(doctor.PortHTTP) {
			c.severity = Warning // what is there is for old clients alone
		}
		if len(c.addrs()) < linkSize(c, all) {
			c.remedy = entryOf(c.code).Remedy + "; if the endpoint has no such address any more, take it out of the topology"
		}
		f := j.note(c, "%s", connectMessage(c, all))
		for _, spot := range c.spots {
			findings[spot] = append(findings[spot], f)
		}
	}
	for _, a := range all {
		for _, port := range slices.Sorted(maps.Keys(a.byPort)) {
			var led []Finding
			for _, addr := range a.link.Addrs {
				led = append(led, findings[netip.AddrPortFrom(addr, port)]...)
			}
			j.check(doctor.KindTCP, a.line(port), led...)
		}
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

// gather notes the connections of one link that failed. Where a port fails in one way at
// all addresses, links have it in common; a few addresses are a link's own matter.
func (a attempts) gather(found *causes) {
	failed := make(map[Code][]*doctor.Connect)
	for _, addr := range a.link.Addrs {
		for _, c := range a.byAddr[addr] {
			if code := connectCode(c.Outcome); code != "" {
				failed[code] = append(failed[code], c)
			}
		}
	}
	for _, code := range slices.Sorted(maps.Keys(failed)) {
		region := a.link.Region
		common := a.common(failed[code])
		if common != "" {
			region = ""
		}
		cause := found.at(code, region, common)
		if region == "" {
			cause.of = append(cause.of, a.link.Region)
			cause.regions = cause.of
		}
		for _, c := range failed[code] {
			at := netip.AddrPortFrom(c.Addr, c.Port)
			cause.spots = append(cause.spots, at)
			cause.says(a.link.Region, "%s: %s%s", at, connectWords(c), because(c.Error))
		}
	}
}

// common returns the ports of connections that failed, if they did so at all addresses
// alike, or "".
func (a attempts) common(failed []*doctor.Connect) string {
	byPort := make(map[uint16]int)
	for _, c := range failed {
		byPort[c.Port]++
	}
	for _, n := range byPort {
		if n < len(a.link.Addrs) {
			return ""
		}
	}
	if len(byPort) == len(a.byPort) {
		return everyPort
	}
	return portList(byPort)
}

// everyPort is what a cause has in common that is about all ports that were tried.
const everyPort = "all ports that were tried"

// portList says which ports they are: "port 443", "ports 443, 7687".
func portList[V any](ports map[uint16]V) string {
	var names []string
	for _, port := range slices.Sorted(maps.Keys(ports)) {
		names = append(names, fmt.Sprint(port))
	}
	return verb(len(names), "port ", "ports ") + strings.Join(names, ", ")
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

// addrs are the addresses that a cause is about.
func (c *cause) addrs() []string {
	var addrs []string
	for _, spot := range c.spots {
		if text := spot.Addr().String(); !slices.Contains(addrs, text) {
			addrs = append(addrs, text)
		}
	}
	return addrs
}

// linkSize is how many addresses the link has that a cause is about alone, or 0.
func linkSize(c *cause, all []attempts) int {
	for _, a := range all {
		if a.link.Region == c.region {
			return len(a.link.Addrs)
		}
	}
	return 0
}

// connectMessage says which addresses and ports cannot be connected to.
func connectMessage(c *cause, all []attempts) string {
	how := map[Code]string{
		CodePortDropped: "gets no answer", CodePortRefused: "is refused", CodePortUnreachable: "has no route", CodeNotProbed: "failed",
	}[c.code]
	if c.region == "" {
		return commonMessage(c, how)
	}
	i := slices.IndexFunc(all, func(a attempts) bool { return a.link.Region == c.region })
	return all[i].message(c, how)
}

// commonMessage says it of links that have it in common.
func commonMessage(c *cause, how string) string {
	addrs := c.addrs()
	of, link := strings.Join(c.of, ", "), verb(len(c.of), "its link", "their links")
	if c.to == everyPort {
		return fmt.Sprintf("%s: TCP to %s (%s) %s on %s", of, link, list(addrs, 3), how, c.to)
	}
	return fmt.Sprintf("%s: TCP to %s %s, at every address of %s (%s)", of, c.to, how, link, list(addrs, 3))
}

// message says it of a link that has it alone, at some of its addresses.
func (a attempts) message(c *cause, how string) string {
	ports := make(map[uint16]bool)
	addrs := make(map[netip.Addr]int)
	for _, s := range c.spots {
		ports[s.Port()] = true
		addrs[s.Addr()]++
	}
	var hit []string
	whole := true // at each of them no port can be connected to
	for _, addr := range a.link.Addrs {
		if addrs[addr] > 0 {
			hit = append(hit, addr.String())
			whole = whole && addrs[addr] == len(a.byAddr[addr])
		}
	}
	on := portList(ports)
	if whole {
		on = "all ports"
	}
	return fmt.Sprintf("%s: TCP to %s, %d of the link's %d addresses, %s on %s", a.link.Region, list(hit, 3), len(hit), len(a.link.Addrs), how, on)
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
