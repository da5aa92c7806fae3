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
	var addresses []string
	var open [2]bool // as usual, for nothing is said of a family
	for family, key := range []string{"listen-on", "listen-on-v6"} {
		said, opens := false, false
		for _, s := range c.forward {
			if s.key() == key {
				said, opens, at = true, opens || c.lists.opens(s.block, make(map[string]bool)), s.place()
				addresses = c.lists.addresses(addresses, s.block, make(map[string]bool))
			}
		}
		if said && !opens {
			closed = append(closed, holdings.AllClients[family])
		}
		open[family] = !said
	}
	if len(closed) > 0 {
		c.b.Unasked(closed, at, "listen-on has no address at which "+holdings.SomeOrAll+" can ask BIND")
	}
	switch {
	case open[0]:
	case open[1]:
		c.b.Listens(at, "BIND, by IPv4,", addresses...)
	default:
		c.b.Listens(at, "BIND", addresses...)
	}
}

// addresses adds the addresses and ranges of a list to listen at, and of the lists that it names.
// Those that were looked at are in seen.
func (l lists) addresses(all []string, block []statement, seen map[string]bool) []string {
	for _, s := range block {
		w, not := s.element()
		text := strings.ToLower(w.text)
		named, isNamed := l.named[text]
		prefix, isNetwork := networkOf(w)
		switch {
		case not, text == "none", seen[text], len(seen) > maxLists:
		case s.hasBlock:
			all = l.addresses(all, s.block, seen)
		case isNetwork && !prefix.IsSingleIP():
			all = append(all, prefix.String())
		case isNamed && !isNetwork:
			seen[text] = true
			all = l.addresses(all, named.block, seen)
		default:
			all = append(all, text)
		}
	}
	return all
}

// opens reports whether a list of addresses to listen at has any. Of the lists that it names
// closed are those that were looked at, which have none, or name themselves.
func (l lists) opens(block []statement, closed map[string]bool) bool {
	for _, s := range block {
		w, not := s.element()
		text := strings.ToLower(w.text)
		named, isNamed := l.named[text]
		switch {
		case not && text == "any":
			return false
		case not, text == "none", closed[text], len(closed) > maxLists:
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
