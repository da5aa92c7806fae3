package audit

import (
	"fmt"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones"
)

// unknownTarget notes a name that leads to another one without addresses. Where that is in a
// zone that is known whole it does not exist, most often for want of a final dot.
func (a *auditor) unknownTarget(s subject, r answer) {
	to := target(r)
	zone, dead := a.dead(to)
	switch doubled, twice := withoutZone(to, zone); {
	case !dead:
		a.note(SeverityWarning, CodeUnknownTarget, r.place(), s.name,
			fmt.Sprintf("%s leads to %s, and what address that has cannot be told from here", s.name, shown(to)),
			"audit the server itself, with dns://HOST")
	case twice:
		a.note(SeverityError, CodeDoubledOrigin, r.place(), s.name,
			fmt.Sprintf("%s leads to %s, which has zone %s twice and does not exist", s.name, shown(to), shown(zone)),
			fmt.Sprintf("put a final dot behind it: %s", doubled))
	default:
		a.note(SeverityError, CodeMissing, r.place(), s.name,
			fmt.Sprintf("%s leads to %s, which does not exist in zone %s", s.name, shown(to), shown(zone)),
			fmt.Sprintf("if %s is meant, put a final dot behind it; %s", doubled, a.wantedHint(s)))
	}
}

// dead returns the zone in which a name is that does not exist, as the set has that zone
// whole.
func (a *auditor) dead(name string) (zone string, dead bool) {
	for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA} {
		found := a.Set.Resolve(name, qtype)
		if found.Outcome != zones.NXDomain || found.Claim == nil || found.Entry.There() || found.Claim.Miss != holdings.NXDomain {
			return "", false
		}
		zone = found.Claim.Origin
	}
	return zone, true
}

// withoutZone returns a name as it stands in a zone file whose zone was added to it, with a
// final dot, and whether it has that zone even then.
func withoutZone(name, zone string) (without string, twice bool) {
	if !dnsname.Below(name, zone) {
		return name, false
	}
	without = name[:len(name)-len(zone)]
	return without, dnsname.AtOrBelow(without, zone)
}
