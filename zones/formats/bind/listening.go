package bind

import (
	"strings"

	"github.com/auralink/auralink/internal/holdings"
)

// listening notes the clients of a family in which the server listens at no address. Where nothing
// is said it listens at all.
func (c *config) listening() {
	var closed holdings.Clients
	var at holdings.Place
	for family, key := range []string{"listen-on", "listen-on-v6"} {
		said, open := false, false
		for _, s := range c.forward {
			if s.key() == key {
				said, open, at = true, open || c.lists.opens(s.block, make(map[string]bool)), s.place()
			}
		}
		if said && !open {
			closed = append(closed, holdings.AllClients[family])
		}
	}
	if len(closed) > 0 {
		c.b.Unasked(closed, at, "listen-on has no address at which "+holdings.SomeOrAll+" can ask BIND")
	}
}

// opens reports whether a list of addresses to listen at has any. Of the lists that it names
// closed are those that were looked at, which have none, or name themselves.
func (l lists) opens(block []statement, closed map[string]bool) bool {
	for _, s := range block {
		text := strings.ToLower(s.arg(0))
		named, isNamed := l.named[text]
		switch {
		case text == "!" && strings.EqualFold(s.arg(1), "any"), text == "!any":
			return false
		case strings.HasPrefix(text, "!"), text == "none", closed[text], len(closed) > maxLists:
			continue
		case isNamed:
			closed[text] = true
		}
		if s.hasBlock && !l.opens(s.block, closed) || isNamed && !l.opens(named.block, closed) {
			continue
		}
		return true
	}
	return false
}
