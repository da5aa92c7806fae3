package audit

import (
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
)

// Judged is what was found for the clients of one VPC.
type Judged struct {
	Subject
	Findings []Finding
}

// EveryVPC judges for the clients of each VPC of a plan, in its order, what all of
// them have: DNS that answers everybody alike, whoever asks.
func EveryVPC(set *holdings.Set, t *topology.Topology, p *plan.Plan) []Judged {
	all := make([]Judged, len(p.VPCs))
	ambiguous := t.AmbiguousAddresses()
	for i := range p.VPCs {
		subject := Subject{Set: set, Topology: t, VPC: &p.VPCs[i]}
		all[i] = Judged{Subject: subject, Findings: findings(subject, ambiguous)}
	}
	return all
}
