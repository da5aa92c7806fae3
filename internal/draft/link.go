package draft

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/inventory"
	"github.com/auralink/auralink/internal/topology"
)

// links adds the links of a view, and whether a wildcard may be planned for it.
func (d *drafter) links(v *view, vpc *VPC) {
	for _, e := range d.ends {
		if e.view != v {
			continue
		}
		if e.usable() {
			vpc.Links = append(vpc.Links, Link{Region: e.area.name, Addrs: e.link, Why: d.whyEnd(e)})
		}
		for _, l := range e.listed {
			vpc.LinkTodos = append(vpc.LinkTodos, unsure(l, e)...)
		}
		d.strange(e, vpc)
	}
	for _, e := range d.aside {
		if e.view == v {
			vpc.LinkTodos = append(vpc.LinkTodos, d.whichAddresses(e)...)
		}
	}
	slices.SortFunc(vpc.Links, func(a, b Link) int { return cmp.Compare(a.Region, b.Region) })
	vpc.Individual = d.individual(v, vpc)
}

// whyEnd returns what is known of a private endpoint, for a comment.
func (d *drafter) whyEnd(e *end) string {
	if len(e.listed) > 0 {
		return listed(e)
	}
	if f, there := d.leadingTo(e); there {
		return "as " + f.shown() + " has"
	}
	return ""
}

// listed returns what a cloud lists of a private endpoint.
func listed(e *end) string {
	var all []string
	for _, l := range e.listed {
		if e.usable() && !working(l) {
			continue
		}
		text := inventory.ShortName(l.ID)
		if l.Name != "" && l.Name != text {
			text += " (" + l.Name + ")"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

// leadingTo returns a name that leads to all addresses of a private endpoint.
func (d *drafter) leadingTo(e *end) (fact, bool) {
	at := slices.IndexFunc(d.facts, func(f fact) bool { return e.view.has(f) && slices.Equal(f.addrs, e.addrs) })
	if at < 0 {
		return fact{}, false
	}
	return d.facts[at], true
}

const whereNetwork = "Security > Network access"

// Where the clouds' consoles show the addresses and the state of a private endpoint.
var (
	whereAddresses = map[inventory.Cloud]string{
		inventory.AWS: "AWS: VPC > Endpoints > Subnets", inventory.GCP: "Google Cloud: Network services > Private Service Connect", inventory.Azure: "Azure: Private endpoints > DNS configuration",
	}
	whereState = map[inventory.Cloud]string{
		inventory.AWS: "AWS: VPC > Endpoints > Status", inventory.GCP: "Google Cloud: Network services > Private Service Connect > Status", inventory.Azure: "Azure: Private endpoints > Connection state",
	}
)

// unsure says what is not known of a private endpoint, and why it makes no link yet, if it
// does not.
func unsure(l inventory.Endpoint, e *end) []Todo {
	var todos []Todo
	region := e.area.name
	switch t, there := ofState(l, region); {
	case there && e.usable() && !working(l):
		todos = append(todos, Todo{Text: fmt.Sprintf("beside what this link has, %s leads to the same service, and is %s. Have it accepted or remove it, as is wanted.", inventory.ShortName(l.ID), saidOf(l))})
	case there:
		todos = append(todos, t)
	}
	if !working(l) {
		return todos
	}
	if t, there := ofAddresses(l, region, e.usable()); there {
		todos = append(todos, t)
	}
	if bad := l.Unsupported(); len(bad) > 0 {
		todos = append(todos, Todo{Text: fmt.Sprintf("%s has %s in %s, which Aura does not support: that is left out. Take the subnet from the endpoint, and have it in another zone.", inventory.ShortName(l.ID), texts(bad), inventory.BadZone)})
	}
	return todos
}

// ofState says that a private endpoint does not work, or that it is not known whether it
// does.
func ofState(l inventory.Endpoint, region string) (Todo, bool) {
	name := inventory.ShortName(l.ID)
	state := cmp.Or(l.Said, string(l.State))
	switch l.State {
	case inventory.Accepted:
		return Todo{}, false
	case inventory.Unsaid:
		return Todo{Text: fmt.Sprintf("whether Aura has accepted %s is not known: the list does not say its state. The cloud's console does (%s), and so does a list with all fields.", name, whereState[l.Cloud])}, true
	case inventory.Pending:
		t := Todo{Text: fmt.Sprintf("the link to %s is not accepted yet (%s is %q). Accept it in Aura's console (%s, the configuration of the region), and then take the # away.", region, name, state, whereNetwork)}
		if its, _ := byKind(l.Addrs); len(its) > 0 {
			t.Lines = []string{linkLine(region, its)}
		} else {
			t.Text = fmt.Sprintf("the link to %s is not accepted yet (%s is %q). Accept it in Aura's console (%s, the configuration of the region), and then write its addresses, which are not listed.", region, name, state, whereNetwork)
			t.Run, t.Lines = howToList(l), []string{exampleLink(region)}
		}
		return t, true
	case inventory.Rejected:
		return Todo{Text: fmt.Sprintf("the link to %s was rejected (%s is %q). Is its account among those that Aura's console allows (%s)? Make the endpoint anew after that, and run init --check.", region, name, state, whereNetwork)}, true
	case inventory.Broken:
	}
	return Todo{Text: fmt.Sprintf("the link to %s does not work (%s is %q). Make the endpoint anew, or remove it, and run init --check.", region, name, state)}, true
}

// ofAddresses asks for the addresses of a private endpoint that are in no list, for a link
// that has some of them, or none.
func ofAddresses(l inventory.Endpoint, region string, some bool) (Todo, bool) {
	name := inventory.ShortName(l.ID)
	private, others := byKind(l.Addrs)
	t := Todo{Question: addressesOf(l, region)}
	if !some {
		t.Lines = []string{exampleLink(region)}
	}
	switch {
	case len(others) > 0:
		t.Text = fmt.Sprintf("%s is listed with %s, and a private endpoint has addresses of your own network alone: no link is made of %s. Look at the endpoint in the cloud's console: %s.",
			name, texts(others), counted(len(others), "it", "them"), whereAddresses[l.Cloud])
	case len(l.Unread) > 0:
		t.Run = howToList(l)
		t.Text = fmt.Sprintf("not all addresses of %s are known: %s in no list. Give what this prints as well.", name, interfaces(l))
	case len(private) == 0:
		t.Text = fmt.Sprintf("the addresses of %s are not listed. Look at the endpoint in the cloud's console: %s.", name, whereAddresses[l.Cloud])
	}
	return t, t.Text != ""
}

// addressesOf asks for the addresses of a private endpoint, and says where it leads.
func addressesOf(l inventory.Endpoint, to string) Question {
	return Question{
		Kind: AskAddresses, About: l.ID, Where: whereAddresses[l.Cloud],
		Text: fmt.Sprintf("Which addresses does %s have, which leads to %s?", inventory.ShortName(l.ID), to),
	}
}

// mostInterfaces is how many network interfaces are named at a time.
const mostInterfaces = 6

// interfaces says which network interfaces were not read.
func interfaces(l inventory.Endpoint) string {
	var names []string
	for _, id := range l.Unread[:min(len(l.Unread), mostInterfaces)] {
		names = append(names, inventory.ShortName(id))
	}
	return fmt.Sprintf("its network %s %s %s", counted(len(l.Unread), "interface", "interfaces"), topology.Abridge(names, len(l.Unread)), counted(len(l.Unread), "is", "are"))
}

func linkLine(region string, addrs []netip.Addr) string {
	return fmt.Sprintf("%s: [%s]", key(region), quotedAddrs(addrs))
}

// exampleLink is what to write for a link of which no address is known. It is no address: one may be
// that of another region.
func exampleLink(region string) string { return key(region) + ": [10.x.x.x]" }

// howToList returns the command that lists the network interfaces that are missing, or "".
func howToList(l inventory.Endpoint) string {
	switch {
	case l.Cloud == inventory.Azure:
		return "az network nic list -o json"
	case len(l.Unread) == 0:
		return ""
	}
	ids := l.Unread[:min(len(l.Unread), mostInterfaces)]
	return "aws ec2 describe-network-interfaces --network-interface-ids " + strings.Join(ids, " ")
}

// counted returns the word for one or for several.
func counted(n int, one, several string) string {
	if n == 1 {
		return one
	}
	return several
}

// saidOf says the state of a private endpoint in words that go behind "it is".
func saidOf(l inventory.Endpoint) string {
	if l.State == inventory.Unsaid {
		return "not said whether Aura has accepted it"
	}
	return fmt.Sprintf("%s (%q)", l.State, cmp.Or(l.Said, string(l.State)))
}

// strange says what is odd about a private endpoint of which only addresses are known.
func (d *drafter) strange(e *end, vpc *VPC) {
	if e.shares != nil {
		vpc.Todos = append(vpc.Todos, Todo{Text: fmt.Sprintf("%s has an address in common with %s, which has %s: a private endpoint is in one region. One of the two is wrong, or not whole.", e.area.name, e.shares.area.name, texts(e.shares.addrs))})
	}
	if len(e.listed) > 0 || !e.usable() {
		return
	}
	network, known := d.Inventory.Network(d.networkWith(e.addrs[0]))
	if !known || !d.Inventory.Listed(network.Cloud) || d.unread(network.ID) {
		return
	}
	text := fmt.Sprintf("no private endpoint that is listed has %s, in %s", texts(e.addrs), network.Called())
	if f, there := d.leadingTo(e); there {
		text += fmt.Sprintf(", to which %s leads", f.shown())
	}
	text += ". Is the list of its account and region among what was read? If the endpoint is not there any more, this link leads nowhere: remove it"
	if others := d.listedIn(e.view); len(others) > 0 {
		text += fmt.Sprintf(". If %s was made in its place, move what is in region %s to the region of that one", strings.Join(others, " or "), e.area.name)
	}
	vpc.Todos = append(vpc.Todos, Todo{Text: text + "."})
}

// listedIn returns the names of the listed private endpoints of a view.
func (d *drafter) listedIn(v *view) []string {
	var all []string
	for _, e := range d.ends {
		if e.view == v && len(e.listed) > 0 {
			all = append(all, listed(e))
		}
	}
	return all
}

// unread reports whether a network has a private endpoint of which not all addresses are
// known.
func (d *drafter) unread(network string) bool {
	return slices.ContainsFunc(d.Inventory.Endpoints, func(l inventory.Endpoint) bool {
		private, _ := byKind(l.Addrs)
		return l.Network == network && !removed(l) && (len(l.Unread) > 0 || len(private) == 0)
	})
}
