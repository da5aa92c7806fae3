package draft

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/inventory"
)

// homeless says of a name that it leads to no private endpoint that is known.
func (d *drafter) homeless(v *view, f fact) {
	if f.public {
		return
	}
	v.homeless = true
	_, others := byKind(f.addrs)
	switch {
	case len(f.addrs) == 0:
		d.todo(Todo{Text: fmt.Sprintf("%s leads to %s (%s), and which addresses that has is not known here. Give what these print as well.",
			f.shown(), dnsname.TrimDot(f.target), f.at()), Run: "aws ec2 describe-vpc-endpoints; aws ec2 describe-network-interfaces"})
	case len(others) > 0:
		d.todo(Todo{Text: fmt.Sprintf("%s leads to %s (%s), and %s no address of a private endpoint: those are of your own network. No link is made of it. %s",
			f.shown(), texts(f.addrs), f.at(), theyAre(others, f), afterwards(f))})
	default:
		d.todo(Todo{Text: fmt.Sprintf("%s leads to %s (%s), which are not the addresses of one private endpoint: %s. It is left out. Correct the record. %s",
			f.shown(), texts(f.addrs), f.at(), strings.Join(d.whose(v, f.addrs), ", "), afterwards(f)), Run: d.listing(v, f.addrs)})
	}
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

// whose says of addresses whose each is.
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

// listing returns the command that lists what a private endpoint lacks that has some of
// the addresses, or "".
func (d *drafter) listing(v *view, addrs []netip.Addr) string {
	for _, e := range d.sharing(v, addrs) {
		if at := slices.IndexFunc(e.listed, func(l inventory.Endpoint) bool { return len(l.Unread) > 0 }); at >= 0 {
			return howToList(e.listed[at])
		}
	}
	return ""
}
