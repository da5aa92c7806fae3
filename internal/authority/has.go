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

// Has reports whether a name in presentation format may be ours in some view: the name
// exists there, or is below one in a zone of more than one name. Callers learn by it
// whether to ask for the client's own answer. That answer may still be NotOurs, for every
// client: as of a custom endpoint in a region that no view links.
//
// Has allocates nothing. It is fast for most names of others, whose last label is none of
// ours.
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
