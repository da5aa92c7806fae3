package draft

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/inventory"
)

// area is a region of Aura's while it is being found out: private endpoints of several
// views that lead to the same.
type area struct {
	name  string
	named bool // a person has said so
	ends  []*end
	into  *area           // the area that has taken this one's ends
	hosts map[string]fact // its orchestras, with what says so
}

// root returns the area that has its ends.
func (a *area) root() *area {
	for a.into != nil {
		a = a.into
	}
	return a
}

// unite finds the private endpoints that lead to the same region of Aura's: those to
// one service, and those to which an orchestra, or else a custom endpoint, leads in
// different views. Two of one view are never united by names: then one of the names is
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
	for _, r := range []role{orchestraName, endpointName} {
		d.uniteBy(func(e *end) []string { return d.namesOf(e, r) })
	}
	d.areas = slices.DeleteFunc(d.areas, func(a *area) bool { return a.into != nil })
	d.orchestras()
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

// orchestras finds out where each orchestra lives.
func (d *drafter) orchestras() {
	home := make(map[string]*area)
	for _, e := range d.ends {
		for _, host := range d.hostsOf(e) {
			home[host] = e.area
			e.area.hosts[host] = fact{}
		}
	}
	its := slices.DeleteFunc(slices.Clone(d.facts), func(f fact) bool { return f.role != orchestraName })
	slices.SortStableFunc(its, inOrder)
	for _, f := range its {
		host := dnsname.TrimDot(f.about)
		for _, v := range d.views {
			if !v.has(f) {
				continue
			}
			switch e := d.endOf(v, f); {
			case e == nil:
				d.homeless(v, f)
			case home[host] == nil:
				home[host] = e.area
				e.area.hosts[host] = f
			case home[host] != e.area:
				d.todo(Todo{Text: fmt.Sprintf("%s leads to %s (%s), and %s to another region, %s: an orchestra lives in one. Correct the record, or the line of the orchestra.",
					f.shown(), texts(f.addrs), f.at(), host, ends(home[host]))})
			default:
				if before := e.area.hosts[host]; before.name == "" {
					e.area.hosts[host] = f
				}
			}
		}
	}
}

// ends returns the addresses of an area's private endpoints in a line.
func ends(a *area) string {
	var all []netip.Addr
	for _, e := range a.ends {
		all = append(all, e.addrs...)
	}
	return texts(all)
}

// homeless says of a name of an orchestra or an endpoint that it leads to no private
// endpoint that is known.
func (d *drafter) homeless(v *view, f fact) {
	if f.public {
		return
	}
	v.homeless = true
	switch {
	case len(f.addrs) == 0:
		d.todo(Todo{Text: fmt.Sprintf("%s leads to %s (%s), and which addresses that has is not known here. Give what these print as well.",
			f.shown(), dnsname.TrimDot(f.target), f.at()), Run: "aws ec2 describe-vpc-endpoints; aws ec2 describe-network-interfaces"})
	default:
		d.todo(Todo{Text: fmt.Sprintf("%s leads to %s (%s), which are addresses of different private endpoints. It is left out: correct the record, and write down here to which region it belongs.",
			f.shown(), texts(f.addrs), f.at())})
	}
}

func (d *drafter) todo(t Todo) {
	if !slices.ContainsFunc(d.draft.Todos, func(o Todo) bool { return o.Text == t.Text }) {
		d.draft.Todos = append(d.draft.Todos, t)
	}
}

// nameRegions gives each area its label.
func (d *drafter) nameRegions() {
	d.taken = make(map[string]bool)
	slices.SortStableFunc(d.areas, func(a, b *area) int {
		return cmp.Or(cmp.Compare(a.cloudRegion(), b.cloudRegion()), slices.Compare(a.ids(), b.ids()), byRank(a.ends[0], b.ends[0]))
	})
	count := make(map[string]int)
	for _, a := range d.areas {
		count[a.cloudRegion()]++
	}
	for _, a := range d.areas {
		label := cmp.Or(a.cloudRegion(), d.regionSaid(a))
		if label != "" && count[label] > 1 && len(a.hosts) > 0 {
			label += "-" + a.ids()[0]
		}
		if label == "" {
			label = a.ownLabel()
		}
		a.name = unique(word(label), d.taken)
		if said, answered := d.Answers.regions[a.name]; answered {
			a.named, a.name = true, unique(said, d.taken)
		}
		d.taken[a.name] = true
	}
	slices.SortFunc(d.areas, func(a, b *area) int { return cmp.Compare(a.name, b.name) })
}

func (a *area) cloudRegion() string {
	for _, e := range a.ends {
		if region := e.cloudRegion(); region != "" {
			return region
		}
	}
	return ""
}

// regionSaid returns the region of an area as its sources call it, if they do.
func (d *drafter) regionSaid(a *area) string {
	for _, e := range a.ends {
		for _, i := range e.view.sources {
			said := d.Sources[i].Set.Regions()
			for _, addr := range e.addrs {
				if len(said[addr]) == 1 {
					return said[addr][0]
				}
			}
		}
	}
	return ""
}

// ids returns the orchestras of an area, sorted, by their ids.
func (a *area) ids() []string {
	var ids []string
	for host := range a.hosts {
		ids = append(ids, orchestraID(host))
	}
	slices.Sort(ids)
	return ids
}

// orchestraID returns how the topology writes an orchestra: by its id, if it is one of
// production.
func orchestraID(host string) string {
	id, production := strings.CutPrefix(host, "production-orch-")
	id, ours := strings.CutSuffix(id, ".neo4j.io")
	if production && ours && id != "" && !strings.Contains(id, ".") {
		return id
	}
	return host
}

// ownLabel returns a label for an area of which nobody says what it is called.
func (a *area) ownLabel() string {
	if ids := a.ids(); len(ids) > 0 {
		id, _, _ := strings.Cut(ids[0], ".")
		return "orch-" + id
	}
	for _, e := range a.ends {
		if len(e.addrs) > 0 {
			return "at-" + strings.NewReplacer(".", "-", ":", "-").Replace(e.addrs[0].String())
		}
	}
	return "region"
}
