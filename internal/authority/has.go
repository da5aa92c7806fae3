package authority

import "github.com/auralink/auralink/internal/wire"

// Has reports whether a name is ours in any view: it exists there, or it is below
// a name of a zone that has more than one name. It is for those who only want to
// know whether to ask for this client's answer; a few names, such as those of
// endpoints that no view links, are ours by it and NotOurs for each client. It
// allocates nothing.
//
// The name must be well formed, in lower case, as [wire.Pack] leaves it.
func (t *Table) Has(name wire.Name) bool {
	var offsets [wire.MaxLabels]uint8
	count := name.Labels(&offsets)
	for i := max(count-t.names.maxLabels, 0); i < count; i++ {
		if id, known := t.names.find(name[offsets[i]:]); known && (i == 0 || t.covers[id]) {
			return true
		}
	}
	return false
}

// covering returns for each name whether what is below it is ours in any view.
func covering(names int, all []node) []bool {
	covers := make([]bool, names)
	for _, n := range all {
		covers[n.name] = covers[n.name] || !n.zone.single
	}
	return covers
}
