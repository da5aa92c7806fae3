package draft

import (
	"cmp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/inventory"
)

// nameRegions gives each area its label. If several want one label, none gets it: which of
// them is meant by it elsewhere is not known.
func (d *drafter) nameRegions() {
	d.taken = make(map[string]bool)
	slices.SortStableFunc(d.areas, func(a, b *area) int {
		return cmp.Or(cmp.Compare(a.cloudRegion(), b.cloudRegion()), slices.Compare(a.ids(), b.ids()), byRank(a.ends[0], b.ends[0]))
	})
	wanted := make(map[string]int)
	for _, a := range d.areas {
		wanted[d.wanted(a)]++
	}
	for _, a := range d.areas {
		label := d.wanted(a)
		switch {
		case label == "":
			label = a.ownLabel()
		case wanted[label] > 1:
			a.beside = label
			label += "-" + a.apart()
		}
		a.name = unique(word(label), d.taken)
		if said, answered := d.Answers.regions[a.name]; answered {
			a.named, a.name = true, unique(said, d.taken)
		}
		d.taken[a.name] = true
	}
	slices.SortFunc(d.areas, func(a, b *area) int { return cmp.Compare(a.name, b.name) })
}

// wanted returns what an area is called by its cloud or by its sources, or "".
func (d *drafter) wanted(a *area) string { return cmp.Or(a.cloudRegion(), d.regionSaid(a)) }

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
		if said := d.labelSaid(e); said != "" {
			return said
		}
	}
	return ""
}

// labelSaid returns the region of a private endpoint as its sources call it, or "".
func (d *drafter) labelSaid(e *end) string {
	for _, i := range e.view.sources {
		said := d.Sources[i].Set.Regions()
		for _, addr := range e.addrs {
			if len(said[addr]) == 1 {
				return said[addr][0]
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

// apart returns what tells an area from others in the same region of a cloud: its
// orchestra, its service or its address.
func (a *area) apart() string {
	if ids := a.ids(); len(ids) > 0 {
		return ids[0]
	}
	if services := a.why(); len(services) > 0 {
		_, name := cutLast(inventory.ShortName(services[0]), ".")
		return name
	}
	return a.ownLabel()
}

// cutLast cuts a text at the last separator; all of it is behind, if there is none.
func cutLast(text, separator string) (before, behind string) {
	at := strings.LastIndex(text, separator)
	return text[:max(at, 0)], text[at+1:]
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
