package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/doctor"
)

// wrongView reports whether a server is ours and takes this machine for another VPC's.
func (j *judge) wrongView(server string) bool {
	return j.Subject.VPC != "" && slices.ContainsFunc(j.paths, func(p *doctor.Path) bool {
		return p.Server == server && p.Ours && p.View != j.Subject.VPC
	})
}

// judgePaths judges how name servers are reached, and as whom.
func (j *judge) judgePaths() {
	var found causes
	for _, p := range j.paths {
		var findings []Finding
		for _, c := range j.pathCauses(&found, p) {
			f := c.finding(pathMessage(c, p))
			findings = append(findings, f)
			if c.servers()[0] == p.Server { // others of the cause add to it
				j.findings = append(j.findings, f)
			}
		}
		j.check(doctor.KindPath, pathLine(p), findings...)
		if !reached(p) {
			j.unproved(doctor.KindPath) // what it is asked says more
		}
	}
}

// pathCauses are what is wrong with the path to one server.
func (j *judge) pathCauses(found *causes, p *doctor.Path) []*cause {
	var all []*cause
	add := func(code Code, format string, args ...any) {
		to := p.Server
		if code == CodeOutsideClients {
			to = p.Source.String() // whichever server it asks
		}
		c := found.at(code, "", to)
		c.says(p.Server, format, args...)
		all = append(all, c)
	}
	reached := reached(p)
	switch rightView := p.Ours && p.View == j.Subject.VPC; {
	case j.wrongView(p.Server):
		if reached && !j.hasFaults(p.Server) {
			add(CodeWrongView, "%s: it sees %s, and answers with %s (wanted: %s)", p.Server, source(p), view(p), j.Subject.VPC)
		}
	case j.outside(p.Source) && !rightView:
		add(CodeOutsideClients, "%s is asked from %s; the clients of VPC %s are %s", p.Server, p.Source, j.Subject.VPC, prefixes(j))
	}
	j.carriageCauses(p, reached, add)
	return all
}

// carriageCauses are what is wrong with how answers of one server come here: over UDP and
// TCP, large ones, and whether it recurses.
func (j *judge) carriageCauses(p *doctor.Path, reached bool, add func(code Code, format string, args ...any)) {
	if p.UDP == doctor.Answered && p.TCP != doctor.Answered && p.TCP != "" {
		add(CodeDNSOverTCP, "%s: over UDP it answers, over TCP: %s", p.Server, words(p.TCP))
	}
	if p.Large != "" && p.Large != doctor.Answered && reached {
		add(CodeLargeAnswers, "%s: an answer of %d octets over UDP: %s", p.Server, p.LargeSize, words(p.Large))
	}
	if j.lacksRecursion(p) && !j.failsAll(p.Server) {
		add(CodeNoRecursion, "%s: no RA in its answers; the machine has %s", p.Server, strings.Join(j.machine.Servers, ", "))
	}
}

// lacksRecursion reports whether a name server, of several that the machine has, does
// not say that it recurses.
func (j *judge) lacksRecursion(p *doctor.Path) bool {
	return reached(p) && !p.RA && j.isOneOfSeveral(p.Server)
}

// failsAll reports whether a name server answers all that it is asked with an error,
// which is told.
func (j *judge) failsAll(server string) bool {
	return slices.ContainsFunc(j.tallies(), func(t *tally) bool {
		failed := 0
		for _, n := range t.fails {
			failed += n
		}
		return t.via == server && failed == t.asked
	})
}

// reached reports whether a name server answered at all.
func reached(p *doctor.Path) bool { return p.UDP == doctor.Answered || p.TCP == doctor.Answered }

// isOneOfSeveral reports whether the machine has a name server and others beside it.
func (j *judge) isOneOfSeveral(server string) bool {
	return j.machine != nil && len(j.machine.Servers) > 1 && slices.Contains(j.machine.Servers, server)
}

// hasFaults reports whether a server of ours answers names wrongly, which is then told
// with the names.
func (j *judge) hasFaults(server string) bool {
	for _, e := range j.Evidence {
		if r := e.Resolve; r != nil && r.Via.Way != doctor.WaySystem && r.Via.Server == server && j.hearingOf(j.find(r.Name), r).fault.code != "" {
			return true
		}
	}
	return false
}

func pathMessage(c *cause, p *doctor.Path) string {
	switch c.code {
	case CodeWrongView:
		return fmt.Sprintf("our server at %s answers this machine with %s", p.Server, view(p))
	case CodeOutsideClients:
		return fmt.Sprintf("this machine asks from %s, which is not among the VPC's clients", p.Source)
	case CodeDNSOverTCP:
		return fmt.Sprintf("%s does not answer over TCP", p.Server)
	case CodeLargeAnswers:
		return fmt.Sprintf("large answers of %s are lost", p.Server)
	default:
		return fmt.Sprintf("%s does not say that it recurses, and is not the only one", p.Server)
	}
}

func source(p *doctor.Path) string {
	if p.Source.IsValid() {
		return p.Source.String()
	}
	return "this machine"
}

// view says in words which view a server of ours has for this machine.
func view(p *doctor.Path) string {
	if p.View == "" {
		return "no VPC's view"
	}
	return "the view of VPC " + p.View
}

func prefixes(j *judge) string {
	words := make([]string, len(j.Subject.Clients))
	for i, p := range j.Subject.Clients {
		words[i] = p.String()
	}
	return list(words, 4)
}

// pathLine says in a line how a name server is reached.
func pathLine(p *doctor.Path) string {
	line := fmt.Sprintf("%s from %s: UDP %s, TCP %s", p.Server, source(p), words(p.UDP), words(p.TCP))
	if p.EDNS > 0 {
		line += fmt.Sprintf(", EDNS %d", p.EDNS)
	}
	if p.Ours {
		line += ", ours, " + view(p)
	}
	return line
}

// words says an outcome in words.
func words(o doctor.Outcome) string {
	switch o {
	case doctor.Connected:
		return "answers"
	case doctor.Refused:
		return "refused"
	case doctor.TimedOut:
		return "no answer in time"
	case doctor.Unreachable:
		return "no route"
	case doctor.Reset:
		return "cut off"
	case doctor.Unresolved:
		return "its host has no address"
	case "":
		return "not tried"
	default:
		return "failed"
	}
}
