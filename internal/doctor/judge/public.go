package judge

import (
	"fmt"
	"net/netip"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/spell"
)

// judgePublic judges, after public traffic was switched off, whether it is.
func (j *judge) judgePublic() {
	if !j.Asked.ExpectPrivate {
		return
	}
	c := (&causes{}).at(CodePublicOpen, "", "")
	tried, reached := 0, 0
	for _, e := range j.Evidence {
		switch {
		case e.HTTPS != nil && e.HTTPS.Public:
			tried++
			reached += spoke(e.HTTPS.Outcome, e.HTTPS.Alert)
			if e.HTTPS.Discovery != nil {
				c.name(e.HTTPS.Name)
				c.says(e.HTTPS.Name, "%s gives the discovery document for %s", netip.AddrPortFrom(e.HTTPS.Addr, e.HTTPS.Port), e.HTTPS.Name)
			}
		case e.Session != nil && e.Session.Public:
			tried++
			reached += spoke(e.Session.Outcome, e.Session.Code)
			if e.Session.Outcome == doctor.Connected {
				c.name(e.Session.Name)
				c.says(e.Session.Name, "a session by public addresses to %s: a routing table", e.Session.Name)
			}
		case e.Bolt != nil && e.Bolt.Public:
			tried++
			reached += spoke(e.Bolt.Outcome, e.Bolt.Alert)
		}
	}
	var findings []Finding
	switch {
	case len(c.names) > 0:
		findings = append(findings, j.note(c, "%s can still be used by public addresses", c.subject()))
	case tried == 0:
		gap := (&causes{}).at(CodeNotProbed, "", "public")
		findings = append(findings, j.note(gap, "no public address could be tried: nobody told what they are"))
	}
	line := fmt.Sprintf("public addresses: %s tried", spell.Count(tried, "connection"))
	if tried > 0 && reached == 0 {
		line += "; nobody answered, be it that Aura refuses so or that this network has no way to the Internet"
	}
	j.check(doctor.KindBolt, line, findings...)
}

// spoke is 1 if somebody at an address has said anything, and else 0.
func spoke(outcome doctor.Outcome, said string) int {
	if outcome == doctor.Connected || outcome == doctor.Reset || said != "" {
		return 1
	}
	return 0
}
