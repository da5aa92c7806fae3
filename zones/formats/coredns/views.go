package coredns

import (
	"regexp"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// view returns the name of the view of a server block, or "".
func (s server) view() string {
	for _, d := range s.all("view") {
		if len(d.args) > 0 {
			return d.args[0]
		}
	}
	return ""
}

// clients returns the clients for whom a server block is, which all of its expressions have.
func (s server) clients() holdings.Clients {
	all := holdings.AllClients
	for _, d := range s.all("view") {
		for _, option := range d.block {
			if option[0] == "expr" {
				all = both(all, clientsIn(strings.Join(option[1:], " ")))
			}
		}
	}
	return all
}

// has reports whether those who ask have a server block, if none before it is theirs.
func (s server) has(b *holdings.Builder, in formats.Input) bool {
	name := s.view()
	in.SeeView(name)
	switch {
	case name == "", name == in.View:
		return true
	case in.View != "":
		return false
	}
	switch in.Asking.In(s.clients()) {
	case formats.Member:
		in.NoteView(b, lines.Shown(name), s.place)
		return true
	case formats.Doubtful:
		for _, zone := range s.zones {
			b.UnreadBelow(zone, s.place, "view %s is not read: it is for some clients alone, and --view chooses it", lines.Shown(name))
		}
	case formats.Stranger:
	}
	return false
}

// words finds the words of an expression: a test of the client's address, a mark, or
// anything else.
var words = regexp.MustCompile(`incidr\(\s*client_ip\(\)\s*,\s*'([^']*)'\s*\)|client_ip\(\)\s*([=!])=\s*'([^']*)'|'[^']*'|&&|\|\||!=|[!()]|[^\s!()'&|]+|\S`)

// condition is an expression of the plugin view that is being read.
type condition struct{ words [][]string }

// clientsIn returns the clients for which an expression is true. Of what asks for anything
// but the client's address it is not known.
func clientsIn(expr string) holdings.Clients {
	c := &condition{words.FindAllStringSubmatch(expr, -1)}
	all := c.any()
	if len(c.words) > 0 {
		return holdings.SomeClients
	}
	return all
}

// next returns the next word, or "".
func (c *condition) next() string {
	if len(c.words) == 0 {
		return ""
	}
	return c.words[0][0]
}

// take goes behind the next word if it is one of some.
func (c *condition) take(wanted ...string) bool {
	for _, word := range wanted {
		if c.next() == word {
			c.words = c.words[1:]
			return true
		}
	}
	return false
}

// any reads alternatives.
func (c *condition) any() holdings.Clients {
	all := c.every()
	for c.take("||", "or") {
		all = holdings.Clients{all.Item(false), c.every().Item(false)}
	}
	return all
}

// every reads what must all be true.
func (c *condition) every() holdings.Clients {
	all := c.one()
	for c.take("&&", "and") {
		all = both(all, c.one())
	}
	return all
}

// one reads a test, or what stands in brackets.
func (c *condition) one() holdings.Clients {
	switch {
	case c.take("!", "not"):
		return not(c.one())
	case c.take("("):
		all := c.any()
		if !c.take(")") {
			return holdings.SomeClients
		}
		return c.compared(all)
	case len(c.words) == 0:
		return holdings.SomeClients
	}
	word := c.words[0]
	prefix, err := address.ParseRange(word[1] + word[3])
	if err != nil || word[2] != "" && prefix.Bits() != prefix.Addr().BitLen() {
		return c.other()
	}
	c.words = c.words[1:]
	its := holdings.Clients{{Range: prefix}}
	if word[2] == "!" {
		its = not(its)
	}
	return c.compared(its)
}

// compared returns clients, or where the test goes on, that it is not known which.
func (c *condition) compared(all holdings.Clients) holdings.Clients {
	switch c.next() {
	case "", ")", "&&", "||", "and", "or":
		return all
	default:
		return c.other()
	}
}

// other goes behind a test that is not known.
func (c *condition) other() holdings.Clients {
	for open := 0; len(c.words) > 0; c.words = c.words[1:] {
		switch c.next() {
		case "(":
			open++
		case ")":
			if open--; open < 0 {
				return holdings.SomeClients
			}
		case "&&", "||", "and", "or":
			if open == 0 {
				return holdings.SomeClients
			}
		}
	}
	return holdings.SomeClients
}

// not returns all clients but some.
func not(c holdings.Clients) holdings.Clients {
	return append(holdings.Clients{c.Item(true)}, holdings.AllClients...)
}

// both returns the clients that two lists have.
func both(one, two holdings.Clients) holdings.Clients {
	return not(holdings.Clients{not(one).Item(false), not(two).Item(false)})
}
