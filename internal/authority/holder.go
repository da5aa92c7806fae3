package authority

import (
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/wire"
)

// holders finds a view that has addresses for a name, for questions of clients
// whose own view has not. With a thousand views it would take too long to try all.
type holders struct {
	// names has, by number, the views in which the name has addresses, or a
	// wildcard right below it has.
	names [][]ViewID
	// endpoints is the parent of individual endpoints, if any view has one;
	// links has by region index the first view that links the region there.
	endpoints map[nameID]bool
	links     []ViewID
}

// note takes in the nodes of a view.
func (h *holders) note(nodes map[nameID]*node) {
	for id, n := range nodes {
		if n.owner != nil || n.wild != nil {
			h.grow(id)
			h.names[id] = append(h.names[id], n.view)
		}
		if n.apex() && n.zone.individual != nil {
			h.noteLinks(n)
		}
	}
}

func (h *holders) grow(id nameID) {
	for int(id) >= len(h.names) {
		h.names = append(h.names, nil)
	}
}

func (h *holders) noteLinks(apex *node) {
	if h.endpoints == nil {
		h.endpoints = make(map[nameID]bool)
	}
	h.endpoints[apex.name] = true
	for region, owner := range apex.zone.individual {
		for region >= len(h.links) {
			h.links = append(h.links, noView)
		}
		if owner != nil && h.links[region] == noView {
			h.links[region] = apex.view
		}
	}
}

// Holder returns a view in which the name has addresses, of whatever family. The
// name must be as for [Table.Lookup].
func (t *Table) Holder(name wire.Name) (ViewID, bool) {
	var offsets [wire.MaxLabels]uint8
	count := name.Labels(&offsets)
	for i := max(count-t.names.maxLabels, 0); i < count; i++ {
		id, known := t.names.find(name[offsets[i]:])
		if !known {
			continue
		}
		if i == 1 && t.holders.endpoints[id] {
			region, declared := t.labels.find(name.Label(offsets[0]))
			if declared && t.holders.links[region] != noView {
				return t.holders.links[region], true
			}
		}
		if int(id) >= len(t.holders.names) {
			continue
		}
		for _, view := range t.holders.names[id] {
			if t.Lookup(view, name, dns.TypeA).Region != "" {
				return view, true
			}
		}
	}
	return 0, false
}
