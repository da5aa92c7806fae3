package draft

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/inventory"
)

const whereClients = "AWS: VPC > Your VPCs > CIDRs (aws ec2 describe-vpcs); Google Cloud: VPC network > Subnets (gcloud compute networks subnets list); " +
	"Azure: the virtual network > Address space (az network vnet list); and the pools of the VPNs that end there"

// writeVPCs makes the VPCs of the views.
func (d *drafter) writeVPCs() {
	owner := make(map[netip.Prefix]string)
	for _, v := range d.views {
		vpc := VPC{Name: v.name, Why: d.whyView(v)}
		if v.assumed {
			vpc.Todos = append(vpc.Todos, d.whichNetwork(v))
		}
		d.clients(v, &vpc, owner)
		d.links(v, &vpc)
		d.possible(v, &vpc)
		d.draft.VPCs = append(d.draft.VPCs, vpc)
	}
	d.overlaps()
	d.catchAlls()
}

// whyView returns what is known of a view.
func (d *drafter) whyView(v *view) []string {
	var all []string
	for _, id := range v.networks {
		n, known := d.Inventory.Network(id)
		switch {
		case !known && id != "":
			all = append(all, inventory.ShortName(id))
		case known && n.Account != "":
			all = append(all, fmt.Sprintf("%s in %s", inventory.ShortName(n.ID), n.Account))
		case known:
			all = append(all, inventory.ShortName(n.ID))
		}
	}
	for _, i := range v.sources {
		all = append(all, d.Sources[i].Name)
	}
	return all
}

// clients finds out from where the view is asked.
func (d *drafter) clients(v *view, vpc *VPC, owner map[netip.Prefix]string) {
	add := func(p netip.Prefix, why string) {
		p = p.Masked()
		text := p.String()
		switch other, taken := owner[p]; {
		case taken && other == v.name:
		case taken: // the plan refuses it: it would answer clients of one as those of the other
			vpc.Clients = append(vpc.Clients, Item{Text: text, Why: why})
			vpc.Todos = append(vpc.Todos, Todo{
				Missing: true,
				Text:    fmt.Sprintf("%s is a range of VPC %s as well: by its address alone, it cannot be told in which of them a client is. Give such VPCs servers of their own (option vpc of the plugin), each with a topology without the other VPC.", text, other),
			})
		default:
			owner[p] = v.name
			vpc.Clients = append(vpc.Clients, Item{Text: text, Why: why})
		}
	}
	for _, id := range v.networks {
		n, _ := d.Inventory.Network(id)
		for _, p := range n.Ranges {
			add(p, "of "+n.Called())
		}
	}
	for _, i := range v.sources {
		its, _ := d.Sources[i].Set.Clients()
		for _, p := range its {
			add(p, "as "+d.Sources[i].Name+" says")
		}
	}
	for _, p := range d.Answers.clients[v.name] {
		add(p, answered)
	}
}

// overlaps finds ranges of VPCs that are within ranges of others: the longer prefix wins.
// That is as it should be where somebody has said so. Where both are what clouds list, each
// network has the addresses: then both get the smaller range, which the plan refuses, for it
// would answer clients of one as those of the other.
func (d *drafter) overlaps() {
	listed := d.listedRanges()
	for i := range d.draft.VPCs {
		for j := range d.draft.VPCs {
			if i != j {
				listed.within(&d.draft.VPCs[i], &d.draft.VPCs[j])
			}
		}
	}
}

const ownServers = "give such VPCs servers of their own (option vpc of the plugin)"

// within finds the ranges of a VPC that are within one of another's.
func (l listedRanges) within(inner, outer *VPC) {
	for _, c := range inner.Clients {
		p := netip.MustParsePrefix(c.Text)
		at := slices.IndexFunc(outer.Clients, func(o Item) bool {
			around := netip.MustParsePrefix(o.Text)
			return around.Bits() < p.Bits() && around.Overlaps(p)
		})
		if at < 0 || slices.ContainsFunc(outer.Clients, func(o Item) bool { return o.Text == c.Text }) {
			continue
		}
		around := outer.Clients[at].Text
		if !l[inner.Name][p] || !l[outer.Name][netip.MustParsePrefix(around)] {
			inner.Todos = append(inner.Todos, Todo{Text: fmt.Sprintf("%s is within %s of VPC %s: the longer prefix wins. If both networks have hosts in it, it cannot be told in which of them a client is: %s.", c.Text, around, outer.Name, ownServers)})
			continue
		}
		outer.Clients = append(outer.Clients, Item{Text: c.Text, Why: "within " + around + ", and a range of VPC " + inner.Name + " as well"})
		outer.Todos = append(outer.Todos, Todo{
			Missing: true,
			Text: fmt.Sprintf("%s of VPC %s is within %s: both networks have these addresses, and by its address alone it cannot be told in which of them a client is. If no client of this VPC has any of them, take %s away here. Else %s, each with a topology without the other VPC.",
				c.Text, inner.Name, around, c.Text, ownServers),
		})
	}
}

// listedRanges are the ranges that clouds list of the networks of VPCs, by their names.
type listedRanges map[string]map[netip.Prefix]bool

func (d *drafter) listedRanges() listedRanges {
	all := make(listedRanges)
	for _, v := range d.views {
		if all[v.name] == nil {
			all[v.name] = make(map[netip.Prefix]bool)
		}
		for _, id := range v.networks {
			n, _ := d.Inventory.Network(id)
			for _, p := range n.Ranges {
				all[v.name][p.Masked()] = true
			}
		}
	}
	return all
}

// catchAlls says of the VPCs without clients what that means: one of them has all other
// clients, several cannot be told apart.
func (d *drafter) catchAlls() {
	var without []*VPC
	for i := range d.draft.VPCs {
		if len(d.draft.VPCs[i].Clients) == 0 {
			without = append(without, &d.draft.VPCs[i])
		}
	}
	if len(without) == 1 {
		without[0].CatchAll = "no clients: it has all clients that are in no other VPC"
		return
	}
	for _, vpc := range without {
		vpc.Todos = append(vpc.Todos, Todo{
			Text:    "the address ranges of its clients are not known, and one VPC alone may go without. " + whereClients + ".",
			Lines:   []string{"clients: [10.0.0.0/16]"},
			Missing: true,
			Question: Question{
				Kind: AskClients, About: vpc.Name, Where: whereClients,
				Text: fmt.Sprintf("Which address ranges do the clients of VPC %s ask from?", vpc.Name),
			},
		})
	}
}

// possible adds the private endpoints of which it is not known whose service they lead
// to.
func (d *drafter) possible(v *view, vpc *VPC) {
	for _, l := range d.unknown {
		if d.viewOf(l) != v {
			continue
		}
		vpc.LinkTodos = append(vpc.LinkTodos, d.isItAura(l))
	}
}

// unknownEndpoints returns the private endpoints that may lead to Aura or to anybody else.
func (d *drafter) unknownEndpoints() []inventory.Endpoint {
	if d.Inventory == nil {
		return nil
	}
	var all []inventory.Endpoint
	for _, l := range d.Inventory.Endpoints {
		if v := d.viewOf(l); l.Evidence == inventory.Possible && !d.saidAura(l) && (v == nil || !d.ledTo(v, l)) {
			all = append(all, l)
		}
	}
	return all
}

// isItAura asks whether a private endpoint leads to Aura.
func (d *drafter) isItAura(l inventory.Endpoint) Todo {
	name := inventory.ShortName(l.ID)
	where := "Aura's console shows the name of its service (Security > Network access, the configuration of the region)"
	text := fmt.Sprintf("%s leads to %s: whose service that is, the list does not say. %s. If it is the same, run init again with --service %s.", name, l.Service, where, name)
	t := Todo{Text: text, Question: Question{Kind: AskService, About: l.ID, Where: where, Text: fmt.Sprintf("%s leads to %s: is that Aura's?", name, l.Service)}}
	return t
}

// quoted returns an address or a range as YAML has it.
func quoted(text string) string {
	if strings.Contains(text, ":") {
		return `"` + text + `"`
	}
	return text
}

func quotedAddrs(addrs []netip.Addr) string {
	all := make([]string, len(addrs))
	for i, a := range addrs {
		all[i] = quoted(a.String())
	}
	return strings.Join(all, ", ")
}
