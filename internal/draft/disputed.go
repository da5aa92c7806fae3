package draft

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/topology"
)

// tellOrchestras says which names of orchestras lead to a region that is not theirs, or may not be.
// Where they lead other names may as well be as old, or as wrong.
func (d *drafter) tellOrchestras() {
	for _, c := range d.claims {
		all := append(slices.Clone(c.said), c.areas()...)
		for _, l := range c.led {
			if l.end != nil && l.end.area != c.home {
				l.end.stale = append(l.end.stale, stale{c, all})
			}
		}
		elsewhere := slices.DeleteFunc(slices.Clone(c.led), func(l led) bool { return l.end == nil || l.end.area == c.home })
		switch {
		case c.home == nil && len(elsewhere)+len(c.said) > 0:
			d.todo(d.whereLives(c))
		case c.home != nil && len(elsewhere) > 0:
			d.todo(Todo{Text: fmt.Sprintf("%s, and orchestra %s is in %s, %s. Correct %s%s.", leading(elsewhere),
				orchestraID(c.host), c.home.name, c.why, counted(len(elsewhere), "the record", "the records"), c.unless(elsewhere))})
		}
	}
}

// unless says of which private endpoint of its region the names of an orchestra may have the addresses,
// for no list has them.
func (c *claim) unless(elsewhere []led) string {
	for _, l := range elsewhere {
		for _, e := range c.home.ends {
			if e.view == l.end.view && len(e.addrs) == 0 {
				return fmt.Sprintf(", unless %s has these addresses: which it has is in no list", listed(e))
			}
		}
	}
	return ""
}

// whereLives asks for the region of an orchestra whose names disagree.
func (d *drafter) whereLives(c *claim) Todo {
	id := orchestraID(c.host)
	text := fmt.Sprintf("the names of orchestra %s disagree, and it lives in one region: %s.", id, leading(c.led))
	if c.doubt != nil {
		text = fmt.Sprintf("%s, and so do names of orchestra %s, which is in %s, as the cloud says: all of these records may be old.", leading(c.led), orchestraID(c.doubt.host), c.doubt.home.name)
	}
	if len(c.said) > 0 {
		text = fmt.Sprintf("the cloud says of private endpoints of several regions that they lead to orchestra %s, and it lives in one: %s.", id, strings.Join(labels(c.said), ", "))
	}
	if c.unlisted() > 1 {
		text += " Are these addresses of one private endpoint? AWS gives it one in each zone: then run init again, with what the cloud lists of it as well."
	}
	return Todo{Text: text + fmt.Sprintf(" In which region %s is they do not say, and none has it here. Aura's console shows its instances with their region (Instances; production-orch-%s stands in their Private URI). Write %q into the orchestras of that region alone, and then correct the records that lead elsewhere.", id, id, id)}
}

// unlisted returns how many private endpoints there are that no cloud lists, and to which names lead.
func (c *claim) unlisted() int {
	var its []*end
	for _, l := range c.led {
		if l.end != nil && len(l.end.listed) == 0 && !slices.Contains(its, l.end) {
			its = append(its, l.end)
		}
	}
	return len(its)
}

// leading says of names where they lead, those together that lead to the same.
func leading(all []led) string {
	var places []string
	names := make(map[string][]string)
	for _, l := range all {
		to := "no one private endpoint that is known"
		if l.end != nil {
			to = fmt.Sprintf("%s (%s)", l.end.area.name, cmp.Or(texts(l.fact.addrs), dnsname.TrimDot(l.fact.target)))
		}
		if _, there := names[to]; !there {
			places = append(places, to)
		}
		names[to] = append(names[to], fmt.Sprintf("%s (%s)", l.fact.shown(), l.fact.at()))
	}
	for i, to := range places {
		its := slices.Compact(names[to])
		places[i] = fmt.Sprintf("%s %s to %s", topology.Abridge(its[:min(len(its), maxOthers)], len(its)), counted(len(its), "leads", "lead"), to)
	}
	return strings.Join(places, ", and ")
}

// labels returns what regions are called, without those that lead astray, sorted.
func labels(areas []*area) []string {
	var all []string
	for _, a := range areas {
		if a != nil && !slices.Contains(all, a.name) {
			all = append(all, a.name)
		}
	}
	slices.Sort(all)
	return all
}
