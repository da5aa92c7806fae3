package judge

import (
	"fmt"
	"maps"
	"slices"

	"github.com/auralink/auralink/internal/doctor"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// row counts names of which one line is told.
type row struct {
	kind         doctor.Kind
	what         string
	right, total int
	names        []string
}

// nameChecks tells of each region how many of its names lead where they must.
func (j *judge) nameChecks(all []*heard, findings map[string][]Finding) {
	var rows []*row
	index := make(map[string]*row)
	for _, h := range all {
		kind, what := j.rowOf(h.name)
		r := index[what]
		if r == nil {
			r = &row{kind: kind, what: what}
			index[what] = r
			rows = append(rows, r)
		}
		r.add(h)
	}
	for _, r := range rows {
		var led []Finding
		for _, name := range r.names {
			led = append(led, findings[name]...)
		}
		j.check(r.kind, fmt.Sprintf("%s: %d of %d", r.what, r.right, r.total), led...)
		if len(led) == 0 && r.right < r.total {
			j.unproved(r.kind) // nobody answered: the servers' findings say why
		}
	}
}

// rowOf says to which line a name belongs.
func (j *judge) rowOf(n doctor.Name) (doctor.Kind, string) {
	switch {
	case n.Role == doctor.RoleControl, n.Role == doctor.RoleUnlinked && n.Region == "":
		return doctor.KindControl, "names that are as public DNS has them"
	case n.Expect == doctor.ExpectLink && n.Role == doctor.RoleRouting:
		return doctor.KindResolve, n.Region + ": hosts of routing tables that lead to its link"
	case n.Expect == doctor.ExpectLink:
		return doctor.KindResolve, n.Region + ": names that lead to its link"
	default:
		return doctor.KindResolve, "names that lead to no link, as they must"
	}
}

// add counts a name: it is right if somebody has answered for it, and nobody wrongly.
func (r *row) add(h *heard) {
	r.total++
	r.names = append(r.names, h.name.Name)
	right := false
	for _, by := range h.by {
		right = right || by.judged
	}
	for _, by := range h.by {
		for _, f := range append([]fault{by.fault}, by.beside...) {
			right = right && (f.code == "" || f.code == CodeLongTTL)
		}
	}
	if right {
		r.right++
	}
}
