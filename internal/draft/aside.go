package draft

import (
	"fmt"
	"slices"

	"github.com/auralink/auralink/internal/inventory"
)

// setAside takes out of what becomes regions the private endpoints that a cloud lists, and
// of which no address is known, in views where names lead to addresses that no cloud
// lists: each may be one of these, and would be a second region beside it. Where its
// orchestra is known, and the names of that lead to such addresses, it is the one.
func (d *drafter) setAside() {
	for _, v := range d.views {
		var open, unlisted []*end
		for _, e := range d.ends {
			switch {
			case e.view != v:
			case len(e.listed) == 0:
				unlisted = append(unlisted, e)
			case len(e.addrs) == 0:
				open = append(open, e)
			}
		}
		if len(unlisted) == 0 {
			continue
		}
		for _, e := range open {
			d.settle(e, unlisted)
		}
	}
}

// settle has a private endpoint take the addresses to which the names of its orchestra
// lead, or sets it aside.
func (d *drafter) settle(e *end, unlisted []*end) {
	hosts := d.hostsOf(e)
	if len(hosts) == 0 {
		d.aside = append(d.aside, e)
		d.ends = slices.DeleteFunc(d.ends, func(other *end) bool { return other == e })
		return
	}
	var its []*end
	for _, other := range unlisted {
		if slices.ContainsFunc(d.namesOf(other, orchestraName), func(host string) bool { return slices.Contains(hosts, host) }) {
			its = append(its, other)
		}
	}
	if len(its) != 1 || its[0].shares != nil || slices.ContainsFunc(unlisted, func(other *end) bool { return other.shares == its[0] }) {
		return
	}
	e.has(its[0].addrs, slices.ContainsFunc(e.listed, working))
	d.ends = slices.DeleteFunc(d.ends, func(other *end) bool { return other == its[0] })
}

// whichAddresses asks for the addresses of a private endpoint that was set aside.
func (d *drafter) whichAddresses(e *end) []Todo {
	var todos []Todo
	for _, l := range e.listed {
		name := inventory.ShortName(l.ID)
		text := fmt.Sprintf("%s leads to %s, and which addresses it has is in no list: whether it has some of those below, to which names lead, is not known.", name, l.Service)
		if l.State != inventory.Accepted {
			text += fmt.Sprintf(" It is %s.", saidOf(l))
		}
		if _, others := byKind(l.Addrs); len(others) > 0 {
			text += fmt.Sprintf(" It is listed with %s, and a private endpoint has addresses of your own network alone.", texts(others))
		}
		run := howToList(l)
		if run != "" {
			text += " Give what this prints as well."
		} else {
			text += " Look at the endpoint in the cloud's console: " + whereAddresses[l.Cloud] + "."
		}
		todos = append(todos, Todo{Text: text, Run: run, Question: addressesOf(l, l.Service)})
	}
	return todos
}
