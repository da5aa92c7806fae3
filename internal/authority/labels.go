package authority

import (
	"github.com/auralink/auralink/zones"
)

// labels finds the region of a custom endpoint by its label or by one of its
// prefixed labels. All views share it.
type labels struct {
	table  *zones.EndpointTable
	region map[string]int32
}

// add takes in the table; all views of a Table have the same one.
func (l *labels) add(table *zones.EndpointTable) {
	if l.table == table {
		return
	}
	if l.table != nil {
		panic("authority: views with different endpoint tables")
	}
	l.table = table
	l.region = make(map[string]int32, len(table.Endpoints))
	for _, e := range table.Endpoints {
		l.region[e.Label] = e.Region
	}
}

// find returns the region of a lower-case label, and whether it is one of an
// endpoint's names.
func (l *labels) find(label []byte) (int32, bool) {
	if region, ok := l.region[string(label)]; ok {
		return region, true
	}
	for _, prefix := range l.table.Prefixes {
		if len(label) > len(prefix) && string(label[:len(prefix)]) == prefix {
			region, ok := l.region[string(label[len(prefix):])]
			return region, ok
		}
	}
	return 0, false
}
