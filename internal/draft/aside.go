package draft

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/inventory"
)

// setAside makes no regions of listed private endpoints without known addresses, in views
// where names lead to addresses that no cloud lists: an endpoint may be the one to which
// they belong, and would be a second region beside them. If the names of the endpoint's
// orchestra lead to such addresses, it takes them.
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

// settle has a private endpoint take the addresses to which all names of its orchestra, and none of
// another, lead, or sets it aside.
func (d *drafter) settle(e *end, unlisted []*end) {
	hosts := d.hostsOf(e)
	if len(hosts) == 0 {
		d.aside = append(d.aside, e)
		d.ends = slices.DeleteFunc(d.ends, func(other *end) bool { return other == e })
		return
	}
	var its []*end
	for _, other := range d.ends {
		if other.view == e.view && slices.ContainsFunc(d.namesOf(other, orchestraName), func(host string) bool { return slices.Contains(hosts, host) }) {
			its = append(its, other)
		}
	}
	if len(its) != 1 || !slices.Contains(unlisted, its[0]) || tooMany(e, its[0].addrs) || d.othersLeadTo(its[0], hosts) || d.leadElsewhere(its[0], hosts) || its[0].shares != nil || slices.ContainsFunc(unlisted, func(other *end) bool { return other.shares == its[0] }) {
		return
	}
	e.has(its[0].addrs, slices.ContainsFunc(e.listed, working))
	d.ends = slices.DeleteFunc(d.ends, func(other *end) bool { return other == its[0] })
}

// tooMany reports whether a private endpoint has fewer network interfaces than there are IPv4 addresses:
// each has one.
func tooMany(e *end, addrs []netip.Addr) bool {
	interfaces, four := 0, 0
	for _, l := range e.listed {
		interfaces += len(l.Unread) + len(l.Interfaces)
	}
	for _, a := range addrs {
		if a.Is4() {
			four++
		}
	}
	return interfaces > 0 && four > interfaces
}

// leadElsewhere reports whether any name of some orchestras does not lead to a private endpoint: to no one
// that is known, or to one from which it has an address too many.
func (d *drafter) leadElsewhere(e *end, hosts []string) bool {
	return slices.ContainsFunc(d.facts, func(f fact) bool {
		return f.role == orchestraName && e.view.has(f) && !f.exposed() && slices.Contains(hosts, dnsname.TrimDot(f.about)) && d.endOf(e.view, f) != e
	})
}

// othersLeadTo reports whether names of other orchestras than these lead to any address of a private
// endpoint.
func (d *drafter) othersLeadTo(e *end, hosts []string) bool {
	return slices.ContainsFunc(d.facts, func(f fact) bool {
		return f.role == orchestraName && e.view.has(f) && !apart(f.addrs, e.addrs) && !slices.Contains(hosts, dnsname.TrimDot(f.about))
	})
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
