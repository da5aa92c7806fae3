package draft

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/hint"
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
}

// usable reports whether the link can be written.
func (e *end) usable() bool { return len(e.link) > 0 }

// takes adds a private endpoint that a cloud lists. A public address is none by which
// Aura is reached.
func (e *end) takes(l inventory.Endpoint) {
	e.listed = append(e.listed, l)
	its, _ := byKind(l.Addrs)
	e.has(its, working(l))
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

// takesLink reports whether another name than Aura's is one that takes a link: that is
// said of all names of a plan, and seen from where others lead.
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

// sharing returns the private endpoints of a view that have any of the addresses.
func (d *drafter) sharing(v *view, addrs []netip.Addr) []*end {
	var ends []*end
	for _, e := range d.ends {
		if e.view == v && !apart(addrs, e.addrs) {
			ends = append(ends, e)
		}
	}
	return ends
}

// addUnlisted adds the private endpoints to which facts lead that no cloud lists. Names
// that lead to two at once are told later, and make none.
func (d *drafter) addUnlisted(v *view, which func(fact) bool) {
	var its []fact
	for _, f := range d.facts {
		if v.has(f) && len(f.addrs) > 0 && !f.exposed() && which(f) {
			its = append(its, f)
		}
	}
	slices.SortFunc(its, inOrder)
	for _, f := range its {
		if d.endWith(v, f.addrs) != nil {
			continue
		}
		switch sharing := d.sharing(v, f.addrs); len(sharing) {
		case 0:
			d.ends = append(d.ends, &end{view: v, addrs: f.addrs, link: f.addrs})
		case 1:
			if len(sharing[0].listed) == 0 {
				d.ends = append(d.ends, &end{view: v, addrs: f.addrs, link: f.addrs, shares: sharing[0]})
			}
		}
	}
}

// oneOrTwo returns an error for a private endpoint that no cloud lists, of whose addresses
// some names have these and some those, and one has them all: whether that one is wrong,
// or it is one endpoint, cannot be told.
func (d *drafter) oneOrTwo() error {
	for _, e := range d.ends {
		if len(e.listed) > 0 || len(e.addrs) < 2 {
			continue
		}
		parts := d.partsOf(e)
		whole := parts[slices.IndexFunc(parts, func(f fact) bool { return len(f.addrs) == len(e.addrs) })]
		for i, f := range parts {
			other := slices.IndexFunc(parts[i+1:], func(g fact) bool { return apart(f.addrs, g.addrs) })
			if other < 0 {
				continue
			}
			g := parts[i+1+other]
			return hint.Add(fmt.Errorf("%s leads to %s (%s), %s to %s (%s), and %s to both (%s): whether these are addresses of one private endpoint or of two cannot be told",
				f.shown(), texts(f.addrs), f.at(), g.shown(), texts(g.addrs), g.at(), whole.shown(), whole.at()),
				"correct the record that is wrong, or give what the cloud lists of private endpoints as well: auralink help init")
		}
	}
	return nil
}

// partsOf returns, for each set of addresses of a private endpoint that any name has, the
// first name that has it. A private endpoint that no cloud lists is made of one of them.
func (d *drafter) partsOf(e *end) []fact {
	var parts []fact
	seen := make(map[string]bool)
	for _, f := range d.facts {
		set := texts(f.addrs)
		if set == "" || seen[set] || !e.view.has(f) || d.endWith(e.view, f.addrs) != e {
			continue
		}
		seen[set] = true
		parts = append(parts, f)
	}
	return parts
}

// apart reports whether two lists have no address in common.
func apart(some, others []netip.Addr) bool {
	return !slices.ContainsFunc(some, func(a netip.Addr) bool { return slices.Contains(others, a) })
}

// byRank orders ends so that the result does not depend on the order of the input.
func byRank(a, b *end) int {
	return cmp.Or(cmp.Compare(a.view.name, b.view.name), cmp.Compare(a.service(), b.service()), cmp.Compare(texts(a.addrs), texts(b.addrs)))
}
