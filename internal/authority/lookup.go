package authority

import (
	"net/netip"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/wire"
	"github.com/auralink/auralink/zones"
)

// Answer is the answer to a question.
type Answer struct {
	Outcome zones.Outcome
	// Zone has the name; nil where the name is not ours.
	Zone *Zone
	// Addrs are the addresses of the type asked for, in a Positive answer to a
	// question for A or AAAA. They are shared: do not change them.
	Addrs []netip.Addr
	// Wildcard is the name of the wildcard that the answer was synthesized
	// from, or "".
	Wildcard string
	// Region is the label of the region to which the name leads; "" where that
	// has no meaning.
	Region string
	// Endpoint says how the name relates to the individual custom endpoints.
	Endpoint EndpointStatus
}

// EndpointStatus says how a name relates to the custom endpoints of a view that
// has individual records for them.
type EndpointStatus uint8

// The ways in which a name can relate to individual custom endpoints.
const (
	// NoEndpoint: the name is not below the parent of individual endpoints.
	NoEndpoint EndpointStatus = iota
	// Linked: the name is that of a declared endpoint in a linked region, or
	// below it.
	Linked
	// Unlinked: it is that of a declared endpoint in a region that is not
	// linked, or below it, and left to public DNS.
	Unlinked
	// Undeclared: it is that of no declared endpoint; most often one that nobody
	// wrote into the topology.
	Undeclared
)

// Lookup answers the question for a name and type from a view. It allocates
// nothing.
//
// The name must be well formed, in lower case, as [wire.Pack] leaves it. The
// class is IN. Zone transfers are not questions in this sense: for AXFR and
// IXFR the answer says only whose name it is.
func (t *Table) Lookup(id ViewID, name wire.Name, qtype uint16) Answer {
	var offsets [wire.MaxLabels]uint8
	count := name.Labels(&offsets)
	// The closest encloser: the longest existing name at or above the one
	// asked for (RFC 4592, section 3.3.1). No existing name has more than
	// maxLabels labels.
	for i := max(count-t.names.maxLabels, 0); i < count; i++ {
		known, ok := t.names.find(name[offsets[i]:])
		if !ok {
			continue
		}
		n := t.nodes.find(id, known)
		switch {
		case n == nil:
			continue
		case i == 0:
			return n.exact(qtype)
		case n.zone.single:
			continue
		case n.zone.individual != nil && n.apex():
			return t.endpoint(n.zone, name.Label(offsets[i-1]), i == 1, qtype)
		case n.wild != nil:
			answer := n.wild.answer(n.zone, qtype)
			answer.Wildcard = n.wild.name
			return answer
		default:
			return Answer{Outcome: zones.NXDomain, Zone: n.zone}
		}
	}
	return Answer{Outcome: zones.NotOurs}
}

// exact answers a question for the node's own name.
//
// An apex has no NS, though a transferred zone does: the one in it does not
// resolve, and a resolver that learns of it asks us no more.
func (n *node) exact(qtype uint16) Answer {
	if n.apex() && qtype == dns.TypeSOA {
		return Answer{Outcome: zones.Positive, Zone: n.zone}
	}
	if n.owner != nil {
		return n.owner.answer(n.zone, qtype)
	}
	if n.apex() && qtype == dns.TypeANY {
		return Answer{Outcome: zones.Minimal, Zone: n.zone}
	}
	return Answer{Outcome: zones.NoData, Zone: n.zone}
}

// answer picks the addresses of the type.
func (o *owner) answer(zone *Zone, qtype uint16) Answer {
	answer := Answer{Outcome: zones.NoData, Zone: zone, Region: o.region}
	switch qtype {
	case dns.TypeA:
		answer.Addrs = o.v4
	case dns.TypeAAAA:
		answer.Addrs = o.v6
	case dns.TypeANY:
		answer.Outcome = zones.Minimal
	}
	if len(answer.Addrs) > 0 {
		answer.Outcome = zones.Positive
	}
	return answer
}

// endpoint answers a question for a name below the parent of individual
// endpoints: the label is the one next to the parent, and self says that there
// is none before it. Endpoints have nothing below them.
func (t *Table) endpoint(zone *Zone, label []byte, self bool, qtype uint16) Answer {
	region, declared := t.labels.find(label)
	if !declared {
		return Answer{Outcome: zones.NXDomain, Zone: zone, Endpoint: Undeclared}
	}
	owner := zone.individual[region]
	if owner == nil {
		return Answer{Outcome: zones.NotOurs, Endpoint: Unlinked}
	}
	if !self {
		return Answer{Outcome: zones.NXDomain, Zone: zone, Endpoint: Linked}
	}
	answer := owner.answer(zone, qtype)
	answer.Endpoint = Linked
	return answer
}
