package draft

import (
	"slices"

	"github.com/auralink/auralink/internal/inventory"
)

// nameServers leaves out the name servers of zones, which are no private endpoints. One stays
// where a list has a private endpoint, or where another of Aura's names leads: it may be both. So
// does one that is a zone's own name, for a zone may be of one name alone.
func (d *drafter) nameServers() {
	var left []fact
	for _, f := range d.facts {
		if d.isNameServer(f) && !f.apex && !f.public && !d.listedAt(f) && !slices.ContainsFunc(d.facts, func(g fact) bool { return d.vouches(g, f) }) {
			left = append(left, f)
		}
	}
	d.facts = slices.DeleteFunc(d.facts, func(f fact) bool {
		return slices.ContainsFunc(left, func(l fact) bool { return l.name == f.name && l.source == f.source })
	})
	for _, f := range left {
		d.leftOut(f, "is a name server that leads to no private endpoint that is known")
	}
}

// isNameServer reports whether a name is that of a name server, by a zone of any source. Further names
// are none: they take a link only where one is known.
func (d *drafter) isNameServer(f fact) bool {
	return f.role != extraName && slices.ContainsFunc(d.Sources, func(s Source) bool { return s.Set.NameServer(f.name) })
}

// listedAt reports whether a fact leads to a private endpoint that a cloud lists.
func (d *drafter) listedAt(f fact) bool {
	return d.Inventory != nil && slices.ContainsFunc(d.Inventory.Endpoints, func(l inventory.Endpoint) bool {
		return !apart(f.addrs, l.Addrs) || leadsTo(f.target, l)
	})
}

// vouches reports whether a name leads where a name server does, and makes that a private endpoint: one
// that is no name server itself, and takes a link wherever it leads.
func (d *drafter) vouches(g, f fact) bool {
	if g.role == extraName && !d.Sources[g.source].Ours || d.isNameServer(g) && !g.apex {
		return false
	}
	return !apart(f.addrs, g.addrs) || f.target != "" && f.target == g.target
}
