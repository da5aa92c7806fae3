package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/spell"
)

// judgeGaps notes what nobody knows, since it was not or could not be probed.
func (j *judge) judgeGaps() {
	j.judgeNotProbed()
	j.judgeNotAsked()
	j.judgeCoverage()
	for _, link := range j.Subject.Links {
		j.judgeFewNames(link)
		j.judgeUnreached(link)
	}
	if len(j.Subject.Links) == 0 {
		j.note((&causes{}).at(CodeTooFewNames, "", ""), "the network links no region, so that there is nothing to be ready for")
	}
}

// optional are kinds without which a network can be called ready.
var optional = []doctor.Kind{doctor.KindIdle, doctor.KindBrowser, doctor.KindMachine, doctor.KindPath}

// judgeNotProbed notes probes that could not ask, one finding for each reason.
func (j *judge) judgeNotProbed() {
	var found causes
	kinds := make(map[*cause]map[doctor.Kind]int)
	for _, blocking := range []bool{true, false} { // who reads the first needs not the other
		for _, e := range j.Evidence {
			if e.NotProbed == "" || j.givenUp(e.NotProbed) || slices.Contains(optional, e.Kind) == blocking {
				continue
			}
			c := found.at(CodeNotProbed, "", e.NotProbed)
			if kinds[c] == nil {
				kinds[c] = make(map[doctor.Kind]int)
				if !blocking {
					c.severity = Note
				}
			}
			kinds[c][e.Kind]++
			c.names = append(c.names, e.Probe)
			c.says(string(e.Kind), "%s: %s", e.Probe, e.NotProbed)
		}
	}
	for _, c := range found.all {
		var of []string
		for _, kind := range doctor.Kinds() {
			if kinds[c][kind] > 0 {
				of = append(of, string(kind))
			}
		}
		f := j.note(c, "probes of %s could not be made: %s", strings.Join(of, ", "), c.to)
		for _, kind := range of {
			j.check(doctor.Kind(kind), spell.Count(kinds[c][doctor.Kind(kind)], "probe")+" that could not be made", f)
		}
	}
}

// givenUp reports whether a reason is that a name server answers nothing, which is told.
func (j *judge) givenUp(reason string) bool {
	for server := range j.mute {
		if reason == doctor.GivenUp(server) {
			return true
		}
	}
	return false
}

// judgeNotAsked notes kinds and ports that were left out.
func (j *judge) judgeNotAsked() {
	var left []string
	for _, kind := range doctor.Kinds() {
		switch {
		case slices.Contains(optional, kind) || j.Asked.WantsAll(kind):
		case j.Asked.Wants(kind):
			left = append(left, "most of "+string(kind))
		default:
			left = append(left, string(kind))
		}
	}
	if slices.Contains(j.Asked.Servers, "system") && j.Asked.WantsAll(doctor.KindResolve) && !j.askedServers() {
		left = append(left, "name servers themselves, which alone tell of HTTPS records")
	}
	for _, port := range []uint16{doctor.PortHTTPS, doctor.PortBolt} {
		if !j.Asked.WantsPort(port) {
			left = append(left, fmt.Sprintf("port %d", port))
		}
	}
	if len(left) > 0 {
		c := (&causes{}).at(CodeNotAsked, "", "")
		c.says("", "left out: %s", strings.Join(left, ", "))
		j.note(c, "it was not asked for: %s", strings.Join(left, ", "))
	}
}

// askedServers reports whether a name server was asked directly.
func (j *judge) askedServers() bool {
	return slices.ContainsFunc(j.Evidence, func(e doctor.Evidence) bool {
		return e.Resolve != nil && e.Resolve.Via.Way == doctor.WayServer
	})
}

// judgeFewNames notes a region of which so few names were tried that they prove little.
func (j *judge) judgeFewNames(link doctor.Link) {
	tried, existing := j.triedNames(link.Region)
	c := (&causes{}).at(CodeTooFewNames, link.Region, "")
	switch {
	case j.Asked.WantsAll(doctor.KindResolve) && len(tried) < 2 && !j.unmade(doctor.KindResolve):
		c.says("", "names that were asked for: %s", list(sortedKeys(tried), 3))
		j.note(c, "%s: only %s was tried", link.Region, spell.Count(len(tried), "name"))
	case j.Asked.WantsAll(doctor.KindTLS) && len(existing) == 0 && !j.unmade(doctor.KindTLS):
		c.says("", "names that exist, and were connected to: none")
		j.note(c, "%s: no database and no custom endpoint of the region was tried", link.Region)
	}
}

// triedNames are the names of a region that were asked for, and those of them that exist
// and were connected to: where a database was guessed to be, it is if the link takes it.
func (j *judge) triedNames(region string) (tried, existing map[string]bool) {
	tried, existing = make(map[string]bool), make(map[string]bool)
	for _, e := range j.Evidence {
		switch {
		case e.Resolve != nil && e.Resolve.Via.Way != doctor.WayPublic:
			if n := j.find(e.Resolve.Name); n.Region == region {
				tried[n.Name] = true
			}
		case e.Handshake != nil:
			n := j.find(e.Handshake.Name)
			if n.Region == region && isReal(n.Role) && (!n.Guessed || takes(e.Handshake)) {
				existing[n.Name] = true
			}
		}
	}
	return tried, existing
}

// isReal reports whether names of a role exist in Aura.
func isReal(role doctor.Role) bool {
	switch role {
	case doctor.RoleDatabase, doctor.RoleEndpoint, doctor.RoleExtra, doctor.RoleGiven, doctor.RoleRouting:
		return true
	default:
		return false
	}
}

// judgeUnreached notes addresses of a link to which no connection came about, where
// nothing that was tried says why.
func (j *judge) judgeUnreached(link doctor.Link) {
	var never []string
	for _, addr := range link.Addrs {
		reached, told := false, false
		for spot, outcome := range j.connects {
			if spot.Addr() == addr {
				reached = reached || outcome == doctor.Connected
				told = told || outcome != doctor.Connected
			}
		}
		if !reached && !told {
			never = append(never, addr.String())
		}
	}
	if len(never) == 0 || !j.Asked.Wants(doctor.KindTCP) || j.unmade(doctor.KindTCP) {
		return
	}
	c := (&causes{}).at(CodeAddressNotReached, link.Region, "")
	c.says("", "no connection was tried to %s", strings.Join(never, ", "))
	f := j.note(c, "%s: %s of the link was never reached", link.Region, list(never, 3))
	j.check(doctor.KindTCP, link.Region+": addresses that were not tried", f)
}
