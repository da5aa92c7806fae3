package unbound

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/clauses"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// node is a range of clients, and all that is said of it. Of several ranges that have a client
// the longest counts, whatever is said of it: what it does not say of a client nothing says.
type node struct {
	clients netip.Prefix
	action  string // of access-control
	view    string
	tagged  bool                // access-control-tag says which tags it has, if any
	tags    []string            // of access-control-tag
	actions map[string]string   // of access-control-tag-action, by tag
	data    map[string][]string // of access-control-tag-data, by tag
	at      holdings.Place
}

// nodesOf returns all that is said of clients. What is said of a range without access-control
// has its clients ask. Lengths of prefixes that are negative or have letters behind them have
// Unbound start.
func nodesOf(b *holdings.Builder, list []clauses.Clause) []node {
	var all []node
	for _, key := range []string{"access-control", "access-control-view", "access-control-tag", "access-control-tag-action", "access-control-tag-data"} {
		for _, o := range allOf(list, key) {
			fields := strings.Fields(o.Value())
			if len(fields) == 0 {
				continue
			}
			prefix, err := address.ParseRange(fields[0])
			if err != nil && network(fields[0]) == "" {
				b.Unread(o.Place, "%s is not read: Unbound takes %s for a range of clients, and of which ones is not known here", key, lines.Shown(fields[0]))
			}
			if err != nil {
				continue
			}
			i := slices.IndexFunc(all, func(n node) bool { return n.clients == prefix })
			if i < 0 {
				i = len(all)
				all = append(all, node{clients: prefix, at: o.Place, actions: make(map[string]string), data: make(map[string][]string)})
			}
			all[i].say(key, fields[1:])
		}
	}
	return all
}

// say takes over what an option says of the clients. Of two that say the same thing the first
// one counts, but the last access-control, and all data of a tag.
func (n *node) say(key string, words []string) {
	switch {
	case key == "access-control-tag": // which may be none
		if !n.tagged {
			n.tagged, n.tags = true, words
		}
	case len(words) == 0:
	case key == "access-control":
		n.action = words[0]
	case key == "access-control-view":
		n.view = cmp.Or(n.view, strings.Join(words, " "))
	case key == "access-control-tag-action" && len(words) == 2:
		n.actions[words[0]] = cmp.Or(n.actions[words[0]], words[1])
	case key == "access-control-tag-data":
		n.data[words[0]] = append(n.data[words[0]], strings.Join(words[1:], " "))
	}
}

// whose returns the clients of whom something is said that is wanted.
func whose(all []node, wanted func(n node) bool) holdings.Clients {
	var c holdings.Clients
	for _, one := range all {
		c = append(c, holdings.ClientRange{Range: one.clients, Not: !wanted(one)})
	}
	return c.LongestFirst()
}

// inView returns the clients who have a view.
func (c *config) inView(name string) holdings.Clients {
	return whose(c.nodes, func(n node) bool { return n.view == name })
}

// haveTags says whether those who ask have one of the tags.
func (c *config) haveTags(tags string) formats.Membership {
	wanted := strings.Fields(tags)
	return c.in.Asking.In(whose(c.nodes, func(n node) bool {
		return slices.ContainsFunc(n.tags, func(tag string) bool { return slices.Contains(wanted, tag) })
	}))
}

// outside reports whether others than the machine itself can ask at an interface.
func outside(name string) bool { return !holdings.Loopback(name) }

// interfaces returns the first option by which others than the machine itself can ask, if
// there is one, and whether an interface-action lets them all. Of several for one interface the
// first counts.
func interfaces(list []clauses.Clause) (first clauses.Option, let bool) {
	actions, let := make(map[string]bool), true
	for _, value := range allOf(list, "interface-action") {
		fields := strings.Fields(value.Value())
		if len(fields) != 2 {
			continue
		}
		if _, said := actions[fields[0]]; !said {
			actions[fields[0]] = allows(fields[1])
		}
	}
	for _, o := range allOf(list, "interface", "ip-address") {
		if !outside(o.Value()) {
			continue
		}
		let = let && actions[o.Value()]
		if first.Key == "" {
			first = o
		}
	}
	return first, let
}

// allOf returns the options of the server with one of some keys.
func allOf(list []clauses.Clause, keys ...string) []clauses.Option {
	var all []clauses.Option
	for _, clause := range list {
		for _, o := range clause.Options {
			if clause.Kind == "server" && slices.Contains(keys, o.Key) {
				all = append(all, o)
			}
		}
	}
	return all
}

// lastOf returns the last option of the server with a key, which counts of those that have one value.
func lastOf(list []clauses.Clause, key string) (last clauses.Option, said bool) {
	all := allOf(list, key)
	if len(all) == 0 {
		return last, false
	}
	return all[len(all)-1], true
}

// allows reports whether an action answers questions.
func allows(action string) bool {
	return strings.HasPrefix(action, "allow") || strings.HasSuffix(action, "_non_local")
}

// isLocal reports whether an action answers questions for what is local alone.
func isLocal(action string) bool { return strings.HasSuffix(action, "_non_local") }

// refused notes whom the server refuses all questions. Where it says who may ask, or where
// it is asked, all others but the machine itself are refused; a file that says neither is
// part of another one.
func (c *config) refused(list []clauses.Clause) {
	all := c.nodes
	where, let := interfaces(list)
	switch {
	case where.Key != "" && let:
		for _, everyone := range everybody {
			all = append(all, node{clients: netip.MustParsePrefix(everyone), at: where.Place})
		}
	case where.Key != "" && len(all) == 0:
		c.b.Admits(holdings.OwnHost, ".", where.Place, "%s %s has no access-control: questions are refused to all clients but the machine itself", where.Key, where.Value())
		return
	}
	if len(all) > 0 {
		if i := slices.IndexFunc(all, func(n node) bool { return isLocal(n.action) }); i >= 0 {
			c.b.Recurses(append(whose(all, func(n node) bool { return !isLocal(n.action) }), holdings.AllClients...), all[i].at, "access-control "+all[i].action)
		}
		c.b.Admits(whose(all, func(n node) bool { return n.action == "" || allows(n.action) }), ".", all[0].at, "access-control refuses questions to "+holdings.SomeOrAll)
	}
}
