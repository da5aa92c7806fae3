package draft

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/inventory"
)

// networkOf returns the one network in which all addresses of a source are that are in
// any, or "".
func (d *drafter) networkOf(source int) string {
	found := make(map[string]bool)
	for _, f := range d.facts {
		if f.source != source || f.role == extraName {
			continue
		}
		for _, network := range d.networksOf(f) {
			found[network] = true
		}
	}
	if len(found) != 1 {
		return ""
	}
	return slices.Collect(maps.Keys(found))[0]
}

// networkWith returns the network in which an address is: that of the private endpoint
// that has it, or the only one with a range that has it; else "".
func (d *drafter) networkWith(addr netip.Addr) string {
	if d.Inventory == nil {
		return ""
	}
	if its := d.endpointsWith(addr); len(its) == 1 {
		return its[0]
	} else if len(its) > 1 {
		return ""
	}
	in := ""
	for _, n := range d.Inventory.Networks {
		if !slices.ContainsFunc(n.Ranges, func(p netip.Prefix) bool { return p.Contains(addr) }) {
			continue
		}
		if in != "" {
			return ""
		}
		in = n.ID
	}
	return in
}

// endpointsWith returns the networks in which a private endpoint has an address. They are
// several where networks overlap.
func (d *drafter) endpointsWith(addr netip.Addr) []string {
	var networks []string
	for _, e := range d.Inventory.Endpoints {
		if e.Network != "" && slices.Contains(e.Addrs, addr) && !slices.Contains(networks, e.Network) {
			networks = append(networks, e.Network)
		}
	}
	return networks
}

// overlapping returns an error for a source of which nobody says for which network it is,
// with an address that private endpoints have in several.
func (d *drafter) overlapping(unnamed []int) error {
	if d.Inventory == nil || d.VPC != "" {
		return nil
	}
	for _, f := range d.facts {
		if !slices.Contains(unnamed, f.source) || f.network != "" {
			continue
		}
		for _, addr := range f.addrs {
			if its := d.endpointsWith(addr); len(its) > 1 {
				err := fmt.Errorf("%s leads to %s (%s), which private endpoints have in several networks: %s", f.shown(), addr, f.at(), strings.Join(its, ", "))
				return hint.Add(err, fmt.Sprintf("say for which VPC that DNS is, by a label of yours: --from apps=%s", d.Sources[f.source].Name))
			}
		}
	}
	return nil
}

// placeViews finds the networks to which each DNS leads. If several views lead to one
// network, the view with more of its addresses gets it.
func (d *drafter) placeViews() {
	type hit struct{ count, view int }
	best := make(map[string]hit)
	for i, v := range d.views {
		counts := make(map[string]int)
		for _, f := range d.facts {
			if !v.has(f) || f.role == extraName && !d.Sources[f.source].Ours {
				continue
			}
			for _, network := range d.networksOf(f) {
				counts[network]++
			}
		}
		for network, n := range counts {
			if n > best[network].count {
				best[network] = hit{n, i}
			}
		}
	}
	for _, network := range slices.Sorted(maps.Keys(best)) {
		v := d.views[best[network].view]
		if !slices.Contains(v.networks, network) {
			v.networks = append(v.networks, network)
		}
	}
}

// viewsOfNetworks adds the networks whose private endpoints no DNS has.
func (d *drafter) viewsOfNetworks() {
	if d.Inventory == nil {
		return
	}
	for _, e := range d.Inventory.Endpoints {
		if e.Evidence < inventory.Likely && !d.saidAura(e) {
			continue
		}
		if d.viewOf(e) == nil {
			d.views = append(d.views, &view{networks: []string{e.Network}})
		}
	}
}

// placeSaid gives the views their networks that people have called by the network's ID, or
// by its name.
func (d *drafter) placeSaid() {
	if d.Inventory == nil {
		return
	}
	for _, v := range d.views {
		v.networks = append(v.networks, d.networksCalled(v.name)...)
	}
}

// networksCalled returns the network with a label that people have said; none, if there are
// several.
func (d *drafter) networksCalled(label string) []string {
	var its []string
	if label == "" {
		return nil
	}
	add := func(id, name string) {
		if (label == word(inventory.ShortName(id)) || label == word(name)) && !slices.Contains(its, id) {
			its = append(its, id)
		}
	}
	for _, n := range d.Inventory.Networks {
		add(n.ID, n.Called())
	}
	for _, e := range d.Inventory.Endpoints {
		if e.Network != "" {
			n, _ := d.Inventory.Network(e.Network)
			add(e.Network, n.Called())
		}
	}
	if len(its) > 1 {
		return nil
	}
	return its
}

// assume joins two things: the one network of which nothing is known but private endpoints
// without addresses, and the one DNS that leads to no known network. Apart they would make
// two of each region. A Todo says that this is assumed.
func (d *drafter) assume() {
	open := d.openNetworks()
	var without []*view
	for _, v := range d.views {
		if len(v.networks) == 0 {
			without = append(without, v)
		}
	}
	if len(open) == 1 && len(without) == 1 {
		without[0].networks, without[0].assumed = open, true
	}
}

// openNetworks returns the networks with private endpoints of Aura's, but without
// addresses and ranges, that are of no view.
func (d *drafter) openNetworks() []string {
	if d.Inventory == nil {
		return nil
	}
	var open []string
	for _, e := range d.Inventory.Endpoints {
		n, _ := d.Inventory.Network(e.Network)
		switch {
		case e.Network == "" || slices.Contains(open, e.Network) || e.Evidence < inventory.Likely && !d.saidAura(e):
		case len(n.Ranges) > 0 || d.viewOf(e) != nil || d.addressed(e.Network):
		default:
			open = append(open, e.Network)
		}
	}
	return open
}

// addressed reports whether an address of a private endpoint of a network is known.
func (d *drafter) addressed(network string) bool {
	return slices.ContainsFunc(d.Inventory.Endpoints, func(e inventory.Endpoint) bool { return e.Network == network && len(e.Addrs) > 0 })
}

// whichNetwork says of a view that its network is assumed.
func (d *drafter) whichNetwork(v *view) Todo {
	var names []string
	for _, i := range v.sources {
		names = append(names, d.Sources[i].Name)
	}
	return Todo{Text: fmt.Sprintf("whether %s is the DNS of %s is not known: no address of a private endpoint there is in a list. If it is that of another network, run init again with --from apps=%s, and with what lists the addresses.",
		strings.Join(names, ", "), inventory.ShortName(v.networks[0]), names[0])}
}
