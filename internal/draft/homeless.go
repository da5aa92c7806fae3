package draft

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/inventory"
	"github.com/auralink/auralink/internal/topology"
)

// astray are names of one orchestra or custom endpoint that lead to the same addresses, and
// to no private endpoint that is known.
type astray struct {
	view  *view
	about string
	facts []fact
}

// homeless notes a name that leads to no private endpoint that is known: [drafter.tellAstray]
// says so of all names that belong together at once.
func (d *drafter) homeless(v *view, f fact) {
	if f.public {
		return
	}
	v.homeless = true
	about := cmp.Or(f.about, f.name)
	if _, base := topology.BaseLabels(f.about); f.role == endpointName && base != "" {
		about = base
	}
	is := func(a *astray) bool {
		first := a.facts[0]
		return a.view == v && a.about == about && first.role == f.role && first.target == f.target && slices.Equal(first.addrs, f.addrs)
	}
	at := slices.IndexFunc(d.astray, is)
	if at < 0 {
		d.astray = append(d.astray, &astray{view: v, about: about, facts: []fact{f}})
		return
	}
	its := d.astray[at]
	if !slices.ContainsFunc(its.facts, func(other fact) bool { return other.name == f.name && other.source == f.source }) {
		its.facts = append(its.facts, f)
	}
}

// tellAstray says of the names that lead to no private endpoint which they are, where they
// lead, and what to do.
func (d *drafter) tellAstray() {
	for _, a := range d.astray {
		slices.SortStableFunc(a.facts, inOrder)
		f := a.facts[0]
		_, others := byKind(f.addrs)
		switch {
		case len(f.addrs) == 0:
			d.todo(d.noAddresses(a))
		case len(others) > 0:
			d.todo(Todo{Text: fmt.Sprintf("%s to %s, and %s no address of a private endpoint: those are of your own network. No link is made of it. %s",
				a.lead(), texts(f.addrs), theyAre(others, f), afterwards(f))})
		default:
			d.todo(Todo{Text: fmt.Sprintf("%s to %s, which are not the addresses of one private endpoint: %s. %s left out. Correct the %s. %s",
				a.lead(), texts(f.addrs), strings.Join(d.whose(a.view, f.addrs), ", "), counted(len(a.facts), "It is", "They are"),
				counted(len(a.facts), "record", "records"), afterwards(f)), Run: d.listing(a.view, f.addrs)})
		}
	}
}

// lead returns the names, each with its place, and the verb.
func (a *astray) lead() string {
	var names []string
	for _, f := range a.facts {
		names = append(names, fmt.Sprintf("%s (%s)", f.shown(), f.at()))
	}
	return topology.Abridge(names, len(names)) + counted(len(names), " leads", " lead")
}

// theyAre says which of a name's addresses are meant, in words that go before "no address".
func theyAre(others []netip.Addr, f fact) string {
	switch {
	case len(others) < len(f.addrs):
		return texts(others) + counted(len(others), " is", " are")
	case len(others) == 1:
		return "that is"
	default:
		return "these are"
	}
}

// afterwards says what to write of a name, once it is known where it leads.
func afterwards(f fact) string {
	switch f.role {
	case orchestraName:
		return fmt.Sprintf("If a region of yours has the orchestra, write %q into its orchestras.", orchestraID(dnsname.TrimDot(f.about)))
	case endpointName:
		return fmt.Sprintf("If %s is a custom endpoint, write it down with its region: the name does not resolve before that, where there are individual records.", f.about)
	case extraName:
		return "If it is one that takes a link, write it into the extra_names of its region."
	default:
		return "No wildcard is made of it."
	}
}

// whose says for each address which private endpoint has it.
func (d *drafter) whose(v *view, addrs []netip.Addr) []string {
	var all []string
	for _, a := range addrs {
		its := d.sharing(v, []netip.Addr{a})
		switch {
		case len(its) == 0:
			all = append(all, a.String()+" is of none that is known")
		case len(its[0].listed) > 0:
			all = append(all, fmt.Sprintf("%s is of %s", a, listed(its[0])))
		default:
			all = append(all, fmt.Sprintf("%s is of the one with %s", a, texts(its[0].addrs)))
		}
	}
	return all
}

// listing returns the command that lists the addresses still missing of a private endpoint
// that has some of these; or "".
func (d *drafter) listing(v *view, addrs []netip.Addr) string {
	for _, e := range d.sharing(v, addrs) {
		if at := slices.IndexFunc(e.listed, func(l inventory.Endpoint) bool { return len(l.Unread) > 0 }); at >= 0 {
			return howToList(e.listed[at])
		}
	}
	return ""
}
