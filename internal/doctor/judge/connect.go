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
