package authority

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/wire"
)

// extent is what there is to know of whether a name is ours in any view at all.
type extent struct {
	covers []bool   // by name: what is below is ours in some view
	tops   []string // the last labels of all zones' origins
}

// newExtent takes in all nodes of all views, and the zones.
func newExtent(names int, all []node, zones []*Zone) extent {
	e := extent{covers: make([]bool, names)}
	for _, n := range all {
		e.covers[n.name] = e.covers[n.name] || !n.zone.single
	}
	for _, z := range zones {
		if top := lastLabel(z.Origin); !slices.Contains(e.tops, top) {
			e.tops = append(e.tops, top)
		}
	}
	return e
}

// lastLabel returns the last label of an absolute name without escapes.
func lastLabel(name string) string {
	name = dnsname.TrimDot(name)
	return name[strings.LastIndexByte(name, '.')+1:]
}

// Has reports whether a name in presentation format is ours in any view: it exists
// there, or it is below a name of a zone that has more than one name. It is for those
// who only want to know whether to ask for this client's answer; a few names, such as
// those of endpoints that no view links, are ours by it and NotOurs for each client.
//
// It allocates nothing, and is fast for most names of others: they end in another
// label than any of ours.
func (t *Table) Has(name string) bool {
	if !strings.Contains(name, `\`) {
		top := lastLabel(name)
		if !slices.ContainsFunc(t.extent.tops, func(ours string) bool { return strings.EqualFold(top, ours) }) {
			return false
		}
	}
	var buf [wire.MaxName]byte
	packed, err := wire.Pack(&buf, name)
	return err == nil && t.has(packed)
}

func (t *Table) has(name wire.Name) bool {
	var offsets [wire.MaxLabels]uint8
	count := name.Labels(&offsets)
	for i := max(count-t.names.maxLabels, 0); i < count; i++ {
		if id, known := t.names.find(name[offsets[i]:]); known && (i == 0 || t.extent.covers[id]) {
			return true
		}
	}
	return false
}
