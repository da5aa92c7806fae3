package judge

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/doctor"
)

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
