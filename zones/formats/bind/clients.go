package bind

import (
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// maxLists is how deep lists may name others.
const maxLists = 20

// lists are the lists of clients that a configuration names, by acl.
type lists map[string][]statement

// listsOf returns the lists of a configuration.
func listsOf(all []statement) lists {
	l := make(lists)
	for _, s := range all {
		if s.key() == "acl" {
			l[s.arg(1)] = s.block
		}
	}
	return l
}

// clients returns the clients that an address match list has. A key is none of theirs; what
// depends on the server's own addresses or on a database may have any.
func (l lists) clients(block []statement) holdings.Clients { return l.list(block, false, 0) }

func (l lists) list(block []statement, not bool, depth int) holdings.Clients {
	var all holdings.Clients
	if depth > maxLists {
		return nil
	}
	for _, s := range block {
		all = append(all, l.item(s, not, depth)...)
	}
	return all
}

// item returns what one item of a list has.
func (l lists) item(s statement, not bool, depth int) holdings.Clients {
	text := s.arg(0)
	if text == "!" {
		text = s.arg(1)
		not = !not
	} else if rest, negated := strings.CutPrefix(text, "!"); negated {
		text, not = rest, !not
	}
	if s.hasBlock {
		return l.list(s.block, not, depth+1)
	}
	switch strings.ToLower(text) {
	case "any", "localnets", "geoip":
		return negated(holdings.AllClients, not && text == "any")
	case "none", "localhost", "key", "":
		return nil
	}
	if named, there := l[text]; there {
		return l.list(named, not, depth+1)
	}
	prefix, err := address.ParseRange(text)
	if err != nil {
		return nil
	}
	return holdings.Clients{{Range: prefix, Not: not}}
}

func negated(c holdings.Clients, not bool) holdings.Clients {
	all := append(holdings.Clients(nil), c...)
	for i := range all {
		all[i].Not = not
	}
	return all
}

// matched returns the clients of a view, so far as they are told by their addresses.
func (l lists) matched(block []statement) holdings.Clients {
	s, there := find(block, "match-clients")
	if !there || s.begins("key") {
		return holdings.AllClients
	}
	return l.clients(s.block)
}

// admissions notes whom a statement refuses questions for a name and those below it.
func (c *config) admissions(s statement, origin, what string) {
	c.b.Admits(c.lists.clients(s.block), origin, s.place(), "%s refuses %s to some or all of the clients", s.key(), what)
}

// asking notes whom the server refuses questions. Zones have what they say themselves of
// that, or else what is said for all; policy zones and forwarders are for those who may
// have the server ask others.
func (c *config) asking() {
	usual, said := find(c.forward, "allow-query")
	for _, z := range c.zones {
		s, own := find(z.block, "allow-query")
		if !own {
			s = usual
		}
		if (own || said) && isPrimary(z.kind) {
			c.admissions(s, z.name, "questions for zone "+dnsname.TrimDot(z.name))
		}
		on, there := find(z.block, "allow-query-on")
		if !there {
			on, there = find(c.forward, "allow-query-on")
		}
		if there && !on.begins("any") {
			c.b.UnreadBelow(z.name, on.place(), "allow-query-on is not read: it refuses questions by the address that was asked")
		}
	}
	if s, there := find(c.forward, "blackhole"); there {
		c.b.Refuses(c.lists.clients(s.block), s.place(), "blackhole answers no question of some or all of the clients")
	}
	if _, forwards := find(c.forward, "forwarders"); len(c.policies) == 0 && !forwards {
		return
	}
	for _, key := range []string{"allow-query", "allow-recursion", "allow-query-cache"} {
		if s, there := find(c.forward, key); there {
			c.admissions(s, ".", "policy zones and forwarders")
		}
	}
}
