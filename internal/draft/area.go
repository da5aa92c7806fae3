package draft

import (
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/inventory"
	"github.com/auralink/auralink/internal/topology"
)

// area is a region of Aura's while it is being found out: private endpoints of several
// views that lead to the same.
type area struct {
	name  string
	named bool // a person has said so
	// beside is what it would be called if no other were called the same.
	beside string
	ends   []*end
	into   *area           // the area that has taken this one's ends
	hosts  map[string]fact // its orchestras, with what says so
}

// root returns the area that has its ends.
func (a *area) root() *area {
	for a.into != nil {
		a = a.into
	}
	return a
}

// unite finds the private endpoints that lead to the same region of Aura's: those to
// one service, those to which an orchestra, or else a custom endpoint, leads in different
// views, and those that their sources call the same. Two of one view are never united by names: then one of the names is
// wrong.
func (d *drafter) unite() {
	slices.SortFunc(d.ends, byRank)
	for _, e := range d.ends {
		e.area = &area{hosts: make(map[string]fact)}
		e.area.ends = []*end{e}
		d.areas = append(d.areas, e.area)
	}
	d.uniteBy(func(e *end) []string { return []string{e.service()} })
	d.uniteBy(d.hostsOf)
	d.uniteByNames(orchestraName)
	d.uniteByNames(endpointName)
	d.uniteBy(func(e *end) []string { return []string{d.labelSaid(e)} })
	d.areas = slices.DeleteFunc(d.areas, func(a *area) bool { return a.into != nil })
	d.orchestras()
}

// baseOf returns the label of the custom endpoint whose further name a label may be, or what
// it is given.
func baseOf(label string) string {
	if _, base := topology.BaseLabels(label); base != "" {
		return base
	}
	return label
}

// uniteBy unites the areas of ends that have a key in common.
func (d *drafter) uniteBy(keys func(*end) []string) {
	first := make(map[string]*end)
	for _, e := range d.ends {
		for _, key := range keys(e) {
			if key == "" {
				continue
			}
			if other, there := first[key]; there {
				join(other.area.root(), e.area.root())
			} else {
				first[key] = e
			}
		}
	}
}

// join has the first area take the ends of the second, unless that would make one
// region of two.
func join(a, b *area) {
	if a == b || !compatible(a, b) {
		return
	}
	a.ends = append(a.ends, b.ends...)
	b.into = a
	for _, e := range b.ends {
		e.area = a
	}
}

// compatible reports whether two areas may be the same region.
func compatible(a, b *area) bool {
	for _, x := range a.ends {
		for _, y := range b.ends {
			if x.view == y.view || x.cloudRegion() != "" && y.cloudRegion() != "" && x.cloudRegion() != y.cloudRegion() {
				return false
			}
		}
	}
	return true
}

// cloudRegion returns what the region is called by its cloud, such as "aws-us-east-1",
// or "".
func (e *end) cloudRegion() string {
	for _, l := range e.listed {
		if l.ServiceRegion != "" {
			return inventory.RegionLabel(l.Cloud, l.ServiceRegion)
		}
	}
	return ""
}

// hostsOf returns the orchestras that a cloud says a private endpoint leads to.
func (d *drafter) hostsOf(e *end) []string {
	var hosts []string
	for _, l := range e.listed {
		hosts = append(hosts, l.Orchestras...)
	}
	return hosts
}

// namesOf returns the orchestras or the labels of which names lead to a private
// endpoint.
func (d *drafter) namesOf(e *end, r role) []string {
	var names []string
	for _, f := range d.facts {
		if f.role == r && e.view.has(f) && d.endOf(e.view, f) == e {
			names = append(names, dnsname.TrimDot(f.about))
		}
	}
	return names
}

// ends returns the addresses of an area's private endpoints in a line.
func ends(a *area) string {
	var all []netip.Addr
	for _, e := range a.ends {
		all = append(all, e.addrs...)
	}
	return texts(all)
}

func (d *drafter) todo(t Todo) {
	if !slices.ContainsFunc(d.draft.Todos, func(o Todo) bool { return o.Text == t.Text }) {
		d.draft.Todos = append(d.draft.Todos, t)
	}
}
