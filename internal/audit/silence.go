package audit

import (
	"fmt"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// isSilent reports whether nobody knows the answer: a server was asked in vain.
func (r answer) isSilent() bool {
	for _, one := range []holdings.Answer{r.v4, r.v6} {
		if one.Outcome == zones.Dropped && one.Entry.There() && one.Entry.Data().Action == holdings.Unanswered {
			return true
		}
	}
	return false
}

// isIsolated reports whether no public name is answered: the network has no public
// DNS, as is common where there are private links. That is no fault.
func (a *auditor) isIsolated() bool {
	for _, name := range topology.PublicNames() {
		if !a.resolve(name).isSilent() {
			return false
		}
	}
	return true
}

// The two groups of names that are not answered.
const (
	byLinked = "linked"
	byPublic = "public"
)

// silent notes a name that is not answered. Where nothing public is, what is left to
// public DNS is not expected to be.
func (a *auditor) silent(s subject, r answer) {
	by := byPublic
	if _, linked := a.links[s.region]; linked {
		by = byLinked
	} else if a.isolated {
		return
	}
	key := groupKey{code: CodeUnanswered, by: by}
	g := a.groups[key]
	if g == nil {
		g = &group{key: key, place: r.place(), severity: SeverityWarning}
		if by == byLinked {
			g.severity = SeverityError
		}
		a.groups[key] = g
	}
	g.add(s.name)
}

// silentFamily notes that it is not known whether a family has a wildcard. That of
// the custom endpoints is no more than a convenience: those that are declared are
// asked for one by one.
func (a *auditor) silentFamily(d plan.Decision, r answer) {
	s := subject{name: "*." + shown(d.Family)}
	if d.Mode == plan.Wildcard && d.Family != topology.EndpointsOrigin {
		s.region = d.Regions[0]
	}
	a.silent(s, r)
}

// tellSilence returns the message and the hint of names that are not answered.
func (a *auditor) tellSilence(g *group, names string) (message, hint string) {
	if g.key.by == byPublic {
		return fmt.Sprintf("%s: %s",
				spell.Counted(g.total, "name that public DNS should answer is not answered, and where it leads is not known",
					"names that public DNS should answer are not answered, and where they lead is not known"), names),
			"ask again; if it stays so, the server's log says why"
	}
	return fmt.Sprintf("%s: %s",
			spell.Counted(g.total, "name of a linked region is not answered, and where it leads is not known",
				"names of linked regions are not answered, and where they lead is not known"), names),
		fmt.Sprintf("ask again; if it stays so, the clients of VPC %s have no answer either, and the server's log says why", a.VPC.Name)
}
