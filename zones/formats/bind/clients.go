package bind

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

const (
	// maxLists is how deep lists may name others.
	maxLists = 1000
	// maxItems is how many items a list may have with those of the lists that it names.
	maxItems = 1 << 16
)

// lists are the lists of clients that a configuration names, by acl.
type lists struct {
	c        *config
	named    map[string]statement
	resolved map[string]*resolved
}

// resolved is what a list has, which is found out once however many others name it.
type resolved struct {
	clients holdings.Clients
	items   int  // with those of the lists that it names
	done    bool // else it is being found out
}

// listsOf returns the lists of a configuration.
func listsOf(c *config, all []statement) lists {
	l := lists{c, make(map[string]statement), make(map[string]*resolved)}
	for _, s := range all {
		if s.key() == "acl" {
			l.named[strings.ToLower(s.arg(1))] = s
		}
	}
	return l
}

// clients returns the clients that an address match list has. A key is none of theirs, and
// the server itself is none of them; what depends on its own networks or on a database may
// have any.
func (l lists) clients(block []statement) holdings.Clients {
	r := &resolved{}
	l.resolve(r, block, 0)
	if r.items > maxItems {
		l.c.b.Unread(block[0].place(), "the list is not read: it has more than %d items with those of the lists that it names", maxItems)
		return holdings.SomeClients
	}
	return r.clients
}

// resolve finds out what a list has. Who has one with too many items is not known.
func (l lists) resolve(r *resolved, block []statement, depth int) {
	for _, s := range block {
		l.item(r, s, depth)
		if r.items > maxItems {
			r.clients = nil
			break
		}
	}
	r.done = true
}

// item adds what one item of a list has, if it can have clients at all. Who is none of a
// list that is an item is looked for in the next one.
func (l lists) item(r *resolved, s statement, depth int) {
	w, not := s.element()
	text := strings.ToLower(w.text)
	r.items++
	if s.hasBlock {
		inner := &resolved{}
		l.resolve(inner, s.block, depth+1)
		r.add(inner, not)
		return
	}
	prefix, isNetwork := networkOf(w)
	named, isNamed := l.named[text]
	switch {
	case text == "any":
		r.clients = append(r.clients, holdings.AllClients.Item(not))
	case text == "none":
		r.clients = append(r.clients, holdings.AllClients.Item(!not))
	case text == "localhost", text == "key" && !w.quoted, text == "":
	case isNetwork:
		r.clients = append(r.clients, holdings.ClientRange{Range: prefix, Not: not})
	case isNamed && (w.quoted || text != "geoip"):
		r.add(l.acl(text, named, depth+1), not)
	default: // its own networks, a country, and what BIND does not start with
		r.clients = append(r.clients, holdings.SomeClients.Item(not))
	}
}

// element returns the first word of an item of a list, without the exclamation mark that may stand
// before it.
func (s statement) element() (w word, not bool) {
	if len(s.words) == 0 {
		return word{}, false
	}
	w = s.words[0]
	rest, not := strings.CutPrefix(w.text, "!")
	switch {
	case w.quoted || !not:
		return w, false
	case rest == "" && len(s.words) > 1:
		return s.words[1], true
	}
	w.text = rest
	return w, true
}

// add adds a list that is an item of another one.
func (r *resolved) add(inner *resolved, not bool) {
	r.items += inner.items
	r.clients = append(r.clients, holdings.ClientRange{Of: &inner.clients, Not: not})
}

// acl returns what a list with a name has.
func (l lists) acl(name string, s statement, depth int) *resolved {
	r := l.resolved[name]
	switch {
	case r != nil && !r.done:
		l.c.b.NotStarted(string(l.c.server), s.place(), "acl loop detected: %s", lines.Shown(name))
		return &resolved{}
	case r != nil:
		return r
	case depth > maxLists:
		l.c.b.Unread(s.place(), "acl %s is not read: lists name each other more than %d deep", lines.Shown(name), maxLists)
		return &resolved{clients: holdings.SomeClients}
	}
	r = &resolved{}
	l.resolved[name] = r
	l.resolve(r, s.block, depth)
	return r
}

// everyAddress reports whether a list has each address that the server can be asked at.
func (l lists) everyAddress(block []statement) bool {
	if len(block) > 0 && strings.EqualFold(block[0].arg(0), "localhost") { // which are all of its own
		return true
	}
	return l.clients(block).Everybody()
}

// matched returns the clients of a view, so far as they are told by their addresses.
func (l lists) matched(block []statement) holdings.Clients {
	s, there := find(block, "match-clients")
	if !there {
		return holdings.AllClients
	}
	return l.clients(s.block)
}

// admissions notes whom a statement refuses questions for a name and those below it.
func (c *config) admissions(s statement, origin, what string) {
	c.b.Admits(c.lists.clients(s.block), origin, s.place(), "%s refuses %s to "+holdings.SomeOrAll, s.key(), what)
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
		if there && !c.lists.everyAddress(on.block) {
			c.b.UnreadBelow(z.name, on.place(), "allow-query-on is not read: it refuses questions by the address that was asked")
		}
	}
	if s, there := find(c.forward, "blackhole"); there {
		c.b.Refuses(c.lists.clients(s.block), s.place(), "blackhole answers no question of "+holdings.SomeOrAll)
	}
	c.crosses()
	if _, forwards := find(c.forward, "forwarders"); len(c.policies) == 0 && !forwards {
		c.recurses()
		return
	}
	c.askingOthers()
}

// askingOthers notes whom the server refuses policy zones and forwarders.
func (c *config) askingOthers() {
	said := false
	for _, key := range []string{"allow-query", "allow-recursion", "allow-query-cache"} {
		if s, there := find(c.forward, key); there {
			said = true
			c.admissions(s, ".", "policy zones and forwarders")
		}
	}
	for _, key := range []string{"allow-recursion-on", "allow-query-cache-on"} {
		if on, there := find(c.forward, key); there && !c.lists.everyAddress(on.block) {
			c.b.Unread(on.place(), "%s is not read: it refuses policy zones and forwarders by the address that was asked", key)
		}
	}
	if len(c.policies) > 0 {
		c.recursion(said)
	}
}

// recurses notes whom the server refuses names that are in none of its zones. Where nothing says
// that, its own networks have them, which are not known here.
func (c *config) recurses() {
	if c.server != zonefile.BIND {
		return
	}
	if s, _ := find(c.forward, "recursion"); isNo(s.arg(1)) {
		c.b.Recurses(nil, s.place(), "recursion "+s.arg(1))
		return
	}
	for _, key := range []string{"allow-recursion", "allow-query-cache"} {
		if s, there := find(c.forward, key); there {
			c.b.Recurses(c.lists.clients(s.block), s.place(), key)
		}
	}
}

// crosses notes for whom BIND goes on where a CNAME leads from a zone into another of its own: for
// those who may have it ask others.
func (c *config) crosses() {
	if c.server != zonefile.BIND {
		return
	}
	const goesOn = " has BIND not go on where a CNAME leads from a zone into another one, and leave out its address, for " + holdings.SomeOrAll
	if s, _ := find(c.forward, "recursion"); isNo(s.arg(1)) {
		c.b.Crosses(nil, s.place(), "recursion %s"+goesOn, s.arg(1))
		return
	}
	for _, keys := range [][]string{{"allow-recursion", "allow-query-cache", "allow-query"}, {"allow-query-cache", "allow-recursion", "allow-query"}} {
		s, said := c.firstOf(keys)
		if !said {
			c.b.Crosses(holdings.SomeClients, s.place(), "allow-recursion is not said, which"+goesOn)
			return
		}
		c.b.Crosses(c.lists.clients(s.block), s.place(), "%s"+goesOn, s.key())
	}
	for _, key := range []string{"allow-recursion-on", "allow-query-cache-on"} {
		if on, there := find(c.forward, key); there && !c.lists.everyAddress(on.block) {
			c.b.Crosses(holdings.SomeClients, on.place(), "%s"+goesOn, key)
		}
	}
}

// firstOf returns what is said for all zones by the first of some statements that is there.
func (c *config) firstOf(keys []string) (statement, bool) {
	for _, key := range keys {
		if s, there := find(c.forward, key); there {
			return s, true
		}
	}
	return statement{}, false
}

// isNo reports whether a word says no.
func isNo(word string) bool {
	return slices.Contains([]string{"no", "false", "0"}, strings.ToLower(word))
}

// recursion notes whom policy zones are refused by what is said of recursion, or is not said.
func (c *config) recursion(said bool) {
	if s, _ := find(c.forward, "recursion"); isNo(s.arg(1)) {
		c.b.Admits(nil, ".", s.place(), "recursion %s has policy zones count for nobody: it refuses what they are for to all clients", s.arg(1))
		return
	}
	if !said {
		c.b.Admits(holdings.SomeClients, ".", c.policies[0].place(), "allow-recursion is not said, and refuses policy zones to "+holdings.SomeOrAll)
	}
}
