package draft

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/inventory"
)

// end is a private endpoint as a view has it: one that a cloud lists, or one of which
// nothing but its addresses is known.
type end struct {
	view   *view
	addrs  []netip.Addr         // all that are known, whether it works or not
	link   []netip.Addr         // those by which Aura is reached
	listed []inventory.Endpoint // several, if they lead to one service
	area   *area
	shares *end // another one that has some of the addresses
	stale  []stale
}

// stale is an orchestra whose names lead to a private endpoint that is not its, or may not be: their
// records may be older than the endpoint, and so may all others that lead there.
type stale struct {
	orchestra *claim
	areas     []*area // to which it may belong
}

// doubts returns the regions of which it may be as well that names lead to a private endpoint.
func (e *end) doubts() []string {
	var all []*area
	for _, s := range e.stale {
		if s.orchestra.home != nil {
			all = append(all, s.orchestra.home)
		} else {
			all = append(all, s.areas...)
		}
	}
	return labels(slices.DeleteFunc(all, func(a *area) bool { return a == e.area }))
}

// doubtful says which orchestras make it doubtful where names belong that lead to a private endpoint.
func (e *end) doubtful() string {
	var ids []string
	for _, s := range e.stale {
		if id := orchestraID(s.orchestra.host); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return fmt.Sprintf("%s %s", counted(len(ids), "orchestra", "orchestras"), strings.Join(ids, ", "))
}

// usable reports whether the link can be written.
func (e *end) usable() bool { return len(e.link) > 0 }

// takes adds a private endpoint that a cloud lists. A public address is none by which
// Aura is reached, and neither is one in a zone that Aura does not support.
func (e *end) takes(l inventory.Endpoint) {
	e.listed = append(e.listed, l)
	its, _ := byKind(l.Addrs)
	bad := l.Unsupported()
	e.has(slices.DeleteFunc(slices.Clone(its), func(a netip.Addr) bool { return slices.Contains(bad, a) }), working(l))
	e.has(its, false)
}

// has adds addresses.
func (e *end) has(addrs []netip.Addr, works bool) {
	e.addrs = holdings.SortedAddrs(append(slices.Clone(e.addrs), addrs...))
	if works {
		e.link = holdings.SortedAddrs(append(slices.Clone(e.link), addrs...))
	}
}

// byKind tells addresses that a private endpoint can have from all others.
func byKind(addrs []netip.Addr) (private, others []netip.Addr) {
	for _, a := range addrs {
		if address.PrivateAmong(a, addrs) {
			private = append(private, a)
		} else {
			others = append(others, a)
		}
	}
	return private, others
}

// service returns what identifies the service to which it leads, or "".
func (e *end) service() string {
	if len(e.listed) == 0 {
		return ""
	}
	return e.listed[0].Service
}

// endpoints finds the private endpoints of each view.
func (d *drafter) endpoints() {
	if d.Inventory != nil {
		for _, e := range d.Inventory.Endpoints {
			d.addListed(e)
		}
	}
	for _, v := range d.views {
		for _, r := range []role{orchestraName, endpointName, allEndpoints} {
			d.addUnlisted(v, func(f fact) bool { return f.role == r })
		}
		d.addUnlisted(v, func(f fact) bool { return f.role == extraName && d.takesLink(v, f) })
	}
}

// addListed adds a private endpoint that a cloud lists, if it is known to be Aura's.
func (d *drafter) addListed(e inventory.Endpoint) {
	v := d.viewOf(e)
	if v == nil || !d.isAura(v, e) {
		return
	}
	for _, other := range d.ends {
		if other.view == v && len(other.listed) > 0 && other.service() == e.Service {
			other.takes(e)
			return
		}
	}
	its := &end{view: v}
	its.takes(e)
	d.ends = append(d.ends, its)
}

// working reports whether a private endpoint carries traffic.
func working(e inventory.Endpoint) bool {
	return e.State == inventory.Accepted || e.State == inventory.Unsaid
}

// isAura reports whether a private endpoint is known to lead to Aura: by the cloud, by
// its name, by somebody's word, or because Aura's names lead to it.
func (d *drafter) isAura(v *view, e inventory.Endpoint) bool {
	return e.Evidence >= inventory.Likely || d.saidAura(e) || d.ledTo(v, e)
}

// ledTo reports whether Aura's names lead to a private endpoint.
func (d *drafter) ledTo(v *view, e inventory.Endpoint) bool {
	return slices.ContainsFunc(d.facts, func(f fact) bool {
		if !v.has(f) || f.role == extraName && !d.Sources[f.source].Ours {
			return false
		}
		return !apart(f.addrs, e.Addrs) || leadsTo(f.target, e)
	})
}

// leadsTo reports whether a name is one that AWS has for a private endpoint.
func leadsTo(target string, e inventory.Endpoint) bool {
	target = dnsname.TrimDot(target)
	if target == "" {
		return false
	}
	if slices.Contains(e.DNSNames, target) {
		return true
	}
	label, _, _ := strings.Cut(target, ".vpce-svc-")
	for part := range strings.SplitSeq(label, ".") { // the zone's name may stand in front
		if part == e.ID || strings.HasPrefix(part, e.ID+"-") {
			return true
		}
	}
	return false
}

// takesLink reports whether another name than Aura's takes a link: a plan's own names do,
// and others if they lead where a private endpoint is known.
func (d *drafter) takesLink(v *view, f fact) bool {
	if len(f.addrs) == 0 || f.exposed() {
		return false
	}
	return d.Sources[f.source].Ours || d.endWith(v, f.addrs) != nil
}

// endWith returns the private endpoint of a view that has all of the addresses, or nil. One
// that works comes before one that was removed, whose addresses it may have now.
func (d *drafter) endWith(v *view, addrs []netip.Addr) *end {
	var other *end
	for _, e := range d.ends {
		switch {
		case e.view != v || len(addrs) == 0:
		case hasAll(e.link, addrs):
			return e
		case other == nil && hasAll(e.addrs, addrs):
			other = e
		}
	}
	return other
}

// hasAll reports whether all of some addresses are among others.
func hasAll(all, some []netip.Addr) bool {
	return !slices.ContainsFunc(some, func(a netip.Addr) bool { return !slices.Contains(all, a) })
}

// endOf returns the private endpoint to which a fact leads, or nil.
func (d *drafter) endOf(v *view, f fact) *end {
	switch {
	case f.exposed():
		return nil
	case len(f.addrs) > 0:
		return d.endWith(v, f.addrs)
	}
	for _, e := range d.ends {
		if e.view == v && slices.ContainsFunc(e.listed, func(l inventory.Endpoint) bool { return leadsTo(f.target, l) }) {
			return e
		}
	}
	return nil
}
