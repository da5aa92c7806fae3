// Package publicpath keeps account of who still reaches Aura by public DNS: which subnets
// ask for names of instances that the plan does not own for them. Before public traffic
// is switched off, nobody may be left.
//
// The account is bounded, whoever asks for whatever, and says what it has left out. It
// reads no clock: times are given.
package publicpath

import (
	"slices"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
)

// Kind is what a name is by which Aura is reached.
type Kind string

// The kinds of names.
const (
	// Database is a public URI, below databases.neo4j.io or instances.neo4j.io.
	Database Kind = "database"
	// Orchestra is a Private URI, of an orchestra that the client's VPC does not link.
	Orchestra Kind = "orchestra"
	// Endpoint is a custom endpoint that the client's VPC does not link.
	Endpoint Kind = "endpoint"
	// Sibling is beside an extra name of the topology.
	Sibling Kind = "sibling"
)

// Names says which names reach Aura by public DNS, where the plan does not own them.
type Names struct{ siblings []string } // parents of extra names

// NamesOf takes in the extra names of a plan's regions.
func NamesOf(p *plan.Plan) *Names {
	n := &Names{}
	for _, region := range p.Regions {
		for _, name := range region.ExtraNames {
			parent := dnsname.Parent(name)
			if dnsname.Below(name, auraname.Origin) && !slices.Contains(n.siblings, parent) {
				n.siblings = append(n.siblings, parent)
			}
		}
	}
	return n
}

// Kind returns what a name is, an absolute one in lower case, and false if it is none by
// which Aura is reached.
func (n *Names) Kind(name string) (Kind, bool) {
	below := func(parent string) bool { return dnsname.Below(name, parent) }
	switch {
	case !below(auraname.Origin) || slices.Contains(topology.PublicNames(), name):
		return "", false
	case slices.ContainsFunc(topology.SharedNames(), below):
		return Database, true
	case below(auraname.Endpoints):
		return Endpoint, true
	case topology.IsOrchestra(dnsname.TrimDot(name)):
		return Orchestra, true
	case slices.ContainsFunc(n.siblings, below):
		return Sibling, true
	default:
		return "", false
	}
}
