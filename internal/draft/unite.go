package draft

import (
	"maps"
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
)

// uniteByNames unites the areas to which the same names lead in different views. Names by which two
// regions would be one, if only by way of others, unite none: which of them is wrong they do not say.
func (d *drafter) uniteByNames(r role) {
	wavering := d.wavering(r)
	reached, led := make(map[string][]*area), make(map[string]map[*view][]*end)
	for _, e := range d.ends {
		names := d.namesOf(e, r)
		for _, name := range names {
			waver(led, wavering, baseOf(name), e.view, e)
		}
		if r == orchestraName {
			names = append(names, d.hostsOf(e)...)
		}
		for _, name := range names {
			if root := e.area.root(); !wavering[baseOf(name)] && !slices.Contains(reached[name], root) {
				reached[name] = append(reached[name], root)
			}
		}
	}
	d.astrayNames(r, func(v *view, name string, e *end) { waver(led, wavering, name, v, e) })
	var groups [][]*area
	for _, name := range slices.Sorted(maps.Keys(reached)) {
		groups = gathered(groups, reached[name])
	}
	for _, its := range groups {
		if !slices.ContainsFunc(its, func(a *area) bool { return slices.ContainsFunc(its, a.contradicts) }) && !denied(its, led) {
			for _, a := range its[1:] {
				join(its[0].root(), a.root())
			}
		}
	}
}

// astrayNames calls a function for each name that leads to no private endpoint that is known, with each
// that has any of its addresses, and with none.
func (d *drafter) astrayNames(r role, of func(*view, string, *end)) {
	for _, f := range d.facts {
		for _, v := range d.views {
			if f.role == r && !f.public && !f.exposed() && v.has(f) && d.endOf(v, f) == nil {
				for _, e := range append(d.sharing(v, f.addrs), nil) {
					of(v, baseOf(dnsname.TrimDot(f.about)), e)
				}
			}
		}
	}
}

// waver notes to which private endpoints a name that wavers leads in a view: none, if that is not known.
func waver(led map[string]map[*view][]*end, wavering map[string]bool, name string, v *view, e *end) {
	if !wavering[name] {
		return
	}
	if led[name] == nil {
		led[name] = make(map[*view][]*end)
	}
	if e == nil || slices.Contains(led[name][v], e) {
		led[name][v] = slices.Clip(led[name][v])
		return
	}
	led[name][v] = append(led[name][v], e)
}

// gathered returns groups of areas with one more, together with those that have an area of it.
func gathered(groups [][]*area, its []*area) [][]*area {
	var others [][]*area
	for _, g := range groups {
		if !slices.ContainsFunc(g, func(a *area) bool { return slices.Contains(its, a) }) {
			others = append(others, g)
			continue
		}
		its = append(g, slices.DeleteFunc(its, func(a *area) bool { return slices.Contains(g, a) })...)
	}
	return append(others, its)
}

// contradicts reports whether no names make one region of two areas: they have private endpoints to
// different services, or are no one region anyhow.
func (a *area) contradicts(b *area) bool {
	for _, x := range a.ends {
		for _, y := range b.ends {
			if x.service() != "" && y.service() != "" && x.service() != y.service() {
				return a != b
			}
		}
	}
	return a != b && !compatible(a, b)
}

// denied reports whether a name that wavers says that areas are not one region: in one view all that it
// leads to is there, and in another one it leads elsewhere alone, if that is not known.
func denied(its []*area, led map[string]map[*view][]*end) bool {
	var ends []*end
	for _, a := range its {
		ends = append(ends, a.root().ends...)
	}
	for _, by := range led {
		for v, there := range by {
			if len(there) != 1 || !slices.Contains(ends, there[0]) {
				continue
			}
			if slices.ContainsFunc(ends, func(e *end) bool {
				its, is := by[e.view]
				return is && e.view != v && !slices.Contains(its, e)
			}) {
				return true
			}
		}
	}
	return false
}

// wavering returns the orchestras or the custom endpoints whose names lead to several private
// endpoints in one view, or astray: they say of none in which region it is.
func (d *drafter) wavering(r role) map[string]bool {
	type home struct {
		view *view
		base string
	}
	first, wavering := make(map[home]*end), make(map[string]bool)
	for _, f := range d.facts {
		for _, v := range d.views {
			if f.role != r || f.public || !v.has(f) {
				continue
			}
			base := baseOf(dnsname.TrimDot(f.about))
			e := d.endOf(v, f)
			if before, there := first[home{v, base}]; there && before != e || e == nil && !f.exposed() {
				wavering[base] = true
			}
			first[home{v, base}] = e
		}
	}
	return wavering
}
