package draft

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/topology"
)

const whereExtra = "Write it into the extra_names of its region: Aura's console shows each instance with its region."

// extraNames returns the further names that take the link of an area. A name that leads to several is
// left out, for it lives in one; a wildcard may stand in several.
func (d *drafter) extraNames() map[*area][]Item {
	extra := make(map[*area][]Item)
	for _, its := range d.extraHomes() {
		areas := (&claim{led: its}).areas()
		doubtful := slices.IndexFunc(its, func(l led) bool { return len(l.end.doubts()) > 0 })
		switch {
		case len(areas) > 1 && !its[0].fact.wildcard():
			d.todo(Todo{Text: fmt.Sprintf("%s, and a name lives in one region: it is left out. %s", leading(its), whereExtra)})
		case doubtful >= 0:
			d.todo(Todo{Text: fmt.Sprintf("%s, and so do names of %s: its record may be as old as theirs, or right. It is left out. %s",
				leading(its), its[doubtful].end.doubtful(), whereExtra)})
		case slices.ContainsFunc(its, d.inPart):
			d.todo(Todo{Text: fmt.Sprintf("%s, and one name alone has further addresses beside these: whether they are of one private endpoint or of two is not known. It is left out. %s", leading(its), whereExtra)})
		default:
			for _, a := range areas {
				at := slices.IndexFunc(its, func(l led) bool { return l.area() == a })
				extra[a] = append(extra[a], Item{Text: its[at].fact.shown(), Why: why(its[at].fact)})
			}
		}
	}
	for _, items := range extra {
		slices.SortFunc(items, func(a, b Item) int { return dnsname.Compare(a.Text, b.Text) })
	}
	return extra
}

// inPart reports whether a name leads to some addresses of a private endpoint that no cloud lists, and one
// other name alone has all of them: they may be those of two.
func (d *drafter) inPart(l led) bool {
	if len(l.end.listed) > 0 || len(l.fact.addrs) == 0 || slices.Equal(l.fact.addrs, l.end.addrs) {
		return false
	}
	whole := 0
	for _, f := range d.facts {
		if l.end.view.has(f) && slices.Equal(f.addrs, l.end.addrs) {
			whole++
		}
	}
	return whole < 2
}

// extraHomes returns for each further name the private endpoints to which it leads.
func (d *drafter) extraHomes() map[string][]led {
	homes := make(map[string][]led)
	for _, f := range d.facts {
		if f.role != extraName || f.public {
			continue
		}
		for _, v := range d.views {
			switch {
			case !v.has(f):
				continue
			case !d.Sources[f.source].Ours && d.endOf(v, f) == nil:
				d.elsewhere(f)
				continue
			}
			if e := d.homeOfExtra(v, f); e != nil && !slices.ContainsFunc(homes[f.name], func(l led) bool { return l.end == e }) {
				homes[f.name] = append(homes[f.name], led{f, e})
			}
		}
	}
	return homes
}

// elsewhere notes a name that has nothing to do with a private endpoint, as far as is known.
func (d *drafter) elsewhere(f fact) {
	if d.others == nil {
		d.others = make(map[int][]string)
	}
	if !slices.Contains(d.others[f.source], f.shown()) {
		d.others[f.source] = append(d.others[f.source], f.shown())
	}
}

// maxOthers is how many names are listed that are not in the topology.
const maxOthers = 10

// tellOthers says which names lead to no private endpoint.
func (d *drafter) tellOthers() {
	for i, s := range d.Sources {
		if its := d.others[i]; len(its) > 0 {
			d.notef("%s: %s to no private endpoint of Aura's that is known, and %s left out: %s", s.Name,
				counted(len(its), "one name leads", fmt.Sprintf("%d names lead", len(its))), counted(len(its), "is", "are"), topology.Abridge(its[:min(len(its), maxOthers)], len(its)))
		}
	}
}

// homeOfExtra returns the private endpoint to which a further name leads, if it can be declared
// for its region.
func (d *drafter) homeOfExtra(v *view, f fact) *end {
	name := strings.TrimPrefix(f.name, "*.")
	e := d.endOf(v, f)
	switch {
	case e == nil:
		d.homeless(v, f)
		return nil
	case f.wildcard() && slices.ContainsFunc(topology.SharedNames(), func(s string) bool { return dnsname.AtOrBelow(name, s) }):
		d.todo(Todo{Text: fmt.Sprintf("%s (%s) sends the instances of all regions to %s: it is left out. List those of this region one by one under its extra_names.", f.shown(), f.at(), e.area.name)})
		return nil
	case !isHost(name):
		d.notef("%s is not the name of a host, and left out (%s)", f.shown(), f.at())
		return nil
	}
	for _, a := range d.areas {
		for host := range a.hosts {
			if !dnsname.AtOrBelow(name, host+".") {
				continue
			}
			if a != e.area {
				d.todo(Todo{Text: fmt.Sprintf("%s (%s) leads to %s, but it is below %s in %s: it is left out.", f.shown(), f.at(), e.area.name, host, a.name)})
			}
			return nil // the orchestra has it
		}
	}
	return e
}
