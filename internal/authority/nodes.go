package authority

import (
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/wire"
)

// nameID numbers the names that exist in any view.
type nameID int32

// names has the numbers of all names that exist in any view.
//
// One map serves all views. They have much the same names, so the parts of it that
// questions need stay in the processor's cache. A map for each view would not.
type names struct {
	ids       map[string]nameID // by name in wire format
	maxLabels int               // of the names
	lengths   [4]uint64         // bit n says that some name has n octets
}

// add returns the number of an absolute name.
func (s *names) add(name string) nameID {
	var buf [wire.MaxName]byte
	packed, err := wire.Pack(&buf, name)
	if err != nil {
		panic("authority: " + name + ": " + err.Error())
	}
	id, known := s.ids[string(packed)]
	if !known {
		id = nameID(len(s.ids))
		s.ids[string(packed)] = id
		s.maxLabels = max(s.maxLabels, dns.CountLabel(name))
		s.lengths[len(packed)/64] |= 1 << (len(packed) % 64)
	}
	return id
}

// find returns the number of a name, if it exists. It looks at the length first: most
// names that do not exist have one that no existing name has.
func (s *names) find(name wire.Name) (nameID, bool) {
	if s.lengths[len(name)/64%4]>>(len(name)%64)&1 == 0 {
		return 0, false
	}
	id, known := s.ids[string(name)]
	return id, known
}

// node is a name that exists in a view: an owner, an empty non-terminal, or the
// origin of a zone. Two nodes fill a cache line.
type node struct {
	view  ViewID
	name  nameID
	zone  *Zone
	owner *owner // nil at an empty non-terminal
	wild  *owner // that of the wildcard below the name, if there is one
}

// apex reports whether the node is the origin of its zone.
func (n *node) apex() bool { return n.name == n.zone.apex }

// nodes finds a view's node of a name. It is a hash table with open addressing and
// linear probing. Go's map would read several places that are far apart, each a
// cache miss. A third of the slots are empty.
type nodes []node

func newNodes(all []node) nodes {
	s := make(nodes, len(all)*3/2+1)
	for _, n := range all {
		at := s.first(n.view, n.name)
		for s[at].zone != nil {
			at = nextSlot(at, len(s))
		}
		s[at] = n
	}
	return s
}

// find returns the node of a name that exists in the view, or nil.
func (s nodes) find(view ViewID, name nameID) *node {
	for at := s.first(view, name); ; at = nextSlot(at, len(s)) {
		switch n := &s[at]; {
		case n.zone == nil:
			return nil
		case n.view == view && n.name == name:
			return n
		}
	}
}

// first returns the slot at which the search begins. The key is multiplied by 2^64
// divided by the golden ratio, which scatters consecutive numbers.
func (s nodes) first(view ViewID, name nameID) int {
	return firstSlot((uint64(view)<<32|uint64(name))*0x9e3779b97f4a7c15, len(s))
}
