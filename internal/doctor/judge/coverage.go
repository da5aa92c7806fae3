package judge

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/spell"
)

// judgeCoverage notes what the subject asks for and the evidence does not have: what
// was never seen is not fine.
func (j *judge) judgeCoverage() {
	wanted := map[doctor.Kind][]string{
		doctor.KindResolve: j.unheard(func(n doctor.Name) bool { kind, _ := j.rowOf(n); return kind == doctor.KindResolve }),
		doctor.KindControl: j.unheard(func(n doctor.Name) bool { kind, _ := j.rowOf(n); return kind == doctor.KindControl }),
		doctor.KindTCP:     j.untried(),
		doctor.KindTLS:     j.unshaken(),
		doctor.KindHTTPS:   j.unspoken(https, doctor.PortHTTPS),
		doctor.KindBolt:    j.unspoken(bolt, doctor.PortBolt),
		doctor.KindRegion:  j.unasked(),
	}
	wanted[doctor.KindResolve] = append(wanted[doctor.KindResolve], j.unheardHosts()...)
	for _, kind := range doctor.Kinds() {
		lacking := wanted[kind]
		if len(lacking) == 0 || !j.Asked.WantsAll(kind) || j.gapTold(kind) {
			continue
		}
		c := (&causes{}).at(CodeNotProbed, "", string(kind))
		c.names = lacking
		c.says("", "nothing was brought for %s", list(lacking, 4))
		f := j.note(c, "%s of the kind %s brought nothing", spell.Count(len(lacking), "probe"), kind)
		j.check(kind, "what was not probed", f)
	}
}

// gapTold reports whether it is told already why a kind lacks evidence.
func (j *judge) gapTold(kind doctor.Kind) bool {
	if j.unmade(kind) {
		return true
	}
	if kind != doctor.KindResolve && kind != doctor.KindControl {
		return false
	}
	return len(j.silent) > 0 || slices.ContainsFunc(j.findings, func(f Finding) bool {
		return f.Code == CodeServerSilent || f.Code == CodeServerFails || f.Code == CodeWrongView
	})
}

// unmade reports whether probes of a kind could not be made, which is told.
func (j *judge) unmade(kind doctor.Kind) bool {
	return slices.ContainsFunc(j.Evidence, func(e doctor.Evidence) bool { return e.Kind == kind && e.NotProbed != "" })
}

// unheard are names for which nobody had an answer.
func (j *judge) unheard(of func(doctor.Name) bool) []string {
	answered := make(map[string]bool)
	for _, e := range j.Evidence {
		if r := e.Resolve; r != nil && r.Via.Way != doctor.WayPublic && j.hearingOf(j.find(r.Name), r).judged {
			answered[r.Name] = true
		}
	}
	var names []string
	for _, n := range j.Subject.Names {
		if of(n) && !answered[n.Name] {
			names = append(names, n.Name)
		}
	}
	return names
}

// unheardHosts are hosts of routing tables for which nobody had an answer.
func (j *judge) unheardHosts() []string {
	heard := make(map[string]bool)
	for _, e := range j.Evidence {
		if r := e.Resolve; r != nil && r.Via.Way != doctor.WayPublic && j.hearingOf(j.find(r.Name), r).judged {
			heard[r.Name] = true
		}
	}
	var hosts []string
	for _, e := range j.Evidence {
		if e.Session == nil || e.Session.Public {
			continue
		}
		for _, server := range e.Session.Table {
			host := dnsname.TrimDot(dnsname.Lower(server.Host))
			if _, err := netip.ParseAddr(host); err != nil && !heard[host] && !slices.Contains(hosts, host) {
				hosts = append(hosts, host)
			}
		}
	}
	return hosts
}

// untried are addresses and ports of links to which no connection was tried.
func (j *judge) untried() []string {
	var spots []string
	for _, link := range j.Subject.Links {
		for _, addr := range link.Addrs {
			for _, port := range j.Asked.Ports {
				spot := netip.AddrPortFrom(addr, port)
				if _, tried := j.connects[spot]; !tried {
					spots = append(spots, spot.String())
				}
			}
		}
	}
	return spots
}

// unshaken are names, addresses and ports with which no TLS handshake was tried, though
// they can be connected to.
func (j *judge) unshaken() []string {
	shaken := make(map[doctor.Spot]bool)
	for _, e := range j.Evidence {
		if e.Handshake != nil {
			shaken[e.Handshake.Spot] = true
		}
	}
	var spots []string
	for _, port := range []uint16{doctor.PortHTTPS, doctor.PortBolt} {
		if !j.Asked.WantsPort(port) {
			continue
		}
		for _, spot := range j.Subject.Spots(port) {
			if !shaken[spot] && !j.dead(spot.Addr, port) {
				spots = append(spots, fmt.Sprintf("%s at %s", spot.Name, netip.AddrPortFrom(spot.Addr, port)))
			}
		}
	}
	return spots
}

// unspoken are names that exist and with which a protocol was tried at no address that
// can be connected to.
func (j *judge) unspoken(nameOf func(doctor.Evidence) string, port uint16) []string {
	if !j.Asked.WantsPort(port) {
		return nil
	}
	tried := make(map[string]bool)
	for _, e := range j.Evidence {
		tried[nameOf(e)] = true
	}
	alive := make(map[string]bool)
	var names []string
	for _, spot := range j.Subject.Spots(port) {
		n := j.find(spot.Name)
		if isReal(n.Role) && !tried[n.Name] && !j.dead(spot.Addr, port) && !alive[n.Name] {
			alive[n.Name] = true
			names = append(names, n.Name)
		}
	}
	return names
}

// https and bolt are the name with which the protocol was tried, or "".
func https(e doctor.Evidence) string {
	if e.HTTPS == nil || e.HTTPS.Proxy != "" || e.HTTPS.Public {
		return ""
	}
	return e.HTTPS.Name
}

func bolt(e doctor.Evidence) string {
	if e.Bolt == nil || e.Bolt.Public {
		return ""
	}
	return e.Bolt.Name
}

// unasked are custom endpoints whose own link was not asked whether it knows them.
func (j *judge) unasked() []string {
	var names []string
	for _, n := range j.Subject.Names {
		if n.Role != doctor.RoleEndpoint || n.Expect != doctor.ExpectLink || j.allDead(n.Region) {
			continue
		}
		own := func(a *doctor.RegionAsk) bool { return a.Region == n.Region }
		if !slices.ContainsFunc(j.region.asks[n.Name], own) {
			names = append(names, n.Name)
		}
	}
	return names
}

// allDead reports whether no address of a region's link can be connected to.
func (j *judge) allDead(region string) bool {
	link, _ := j.Subject.Link(region)
	for _, addr := range link.Addrs {
		if !j.dead(addr, doctor.PortHTTPS) || !j.dead(addr, doctor.PortBolt) {
			return false
		}
	}
	return true
}
