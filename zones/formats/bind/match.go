package bind

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// matcher compares a statement with a form of the grammar.
type matcher struct {
	g grammar
	// left is how many items were left at the place up to which any form is right, and
	// wanted what could have stood there.
	left   int
	wanted []string
	found  string // what stands there
	// within are the blocks whose statements a table has, and named what is named that has
	// to be there.
	within []within
	named  []named
	// dated is what only some versions have.
	dated []dated
}

// within is a block whose statements are those of a table.
type within struct {
	table string
	block []statement
}

// named is a word that has to be the name of something.
type named struct {
	kind string
	word word
}

// matches reports whether items are like one of some forms.
func (m *matcher) matches(forms [][]node, items []item) bool {
	m.left = len(items) + 1
	return slices.ContainsFunc(forms, func(form []node) bool {
		m.within, m.named, m.dated = nil, nil, nil
		return m.sequence(form, items, func(rest []item) bool {
			return len(rest) == 0 || m.miss(rest, "a semicolon")
		})
	})
}

// miss notes what could have stood where something else does, and returns false.
func (m *matcher) miss(items []item, wanted string) bool {
	if len(items) < m.left {
		m.left, m.wanted, m.found = len(items), nil, near(items)
	}
	if len(items) == m.left && !slices.Contains(m.wanted, wanted) {
		m.wanted = append(m.wanted, wanted)
	}
	return false
}

// sequence matches nodes, and has then do the rest.
func (m *matcher) sequence(nodes []node, items []item, then func([]item) bool) bool {
	if len(nodes) == 0 {
		return then(items)
	}
	if nodes[0].kind == optional {
		return m.optionals(nodes, items, then)
	}
	return m.one(nodes[0], items, func(rest []item) bool { return m.sequence(nodes[1:], rest, then) })
}

// optionals matches those that nodes begin with, in any order.
func (m *matcher) optionals(nodes []node, items []item, then func([]item) bool) bool {
	for i, n := range nodes {
		if n.kind != optional {
			break
		}
		others := slices.Delete(slices.Clone(nodes), i, i+1)
		for _, part := range n.parts {
			if m.sequence(part, items, func(rest []item) bool { return len(rest) < len(items) && m.sequence(others, rest, then) }) {
				return true
			}
		}
	}
	for len(nodes) > 0 && nodes[0].kind == optional {
		nodes = nodes[1:]
	}
	return m.sequence(nodes, items, then)
}

// one matches a node.
func (m *matcher) one(n node, items []item, then func([]item) bool) bool {
	switch n.kind {
	case choice:
		return slices.ContainsFunc(n.parts, func(part []node) bool { return m.sequence(part, items, then) })
	case valueOf:
		return m.value(n.text, items, then)
	case listOf, blockOf:
		if len(items) == 0 || !items[0].isBlock {
			return m.miss(items, "a block")
		}
		if n.kind == listOf && !m.list(n, items[0].block) {
			m.left = len(items) // which what is in the block does not count in
			return false
		}
		if n.kind == blockOf {
			m.within = append(m.within, within{n.text, items[0].block})
		}
		return then(items[1:])
	case datedOf:
		return m.date(n.dated, items, then)
	default:
		if len(items) == 0 || items[0].isBlock || items[0].quoted || !strings.EqualFold(items[0].text, n.text) {
			return m.miss(items, n.text)
		}
		return then(items[1:])
	}
}

// date notes that only some versions have what stands before, if the rest matches.
func (m *matcher) date(d dated, items []item, then func([]item) bool) bool {
	kept := len(m.dated)
	m.dated = append(m.dated, d)
	if then(items) {
		return true
	}
	m.dated = m.dated[:kept]
	return false
}

// value matches a kind of value.
func (m *matcher) value(kind string, items []item, then func([]item) bool) bool {
	if form, is := m.g.kinds[kind]; is {
		return m.sequence(form, items, then)
	}
	k := kindOf(kind)
	switch {
	case kind == "anything":
		return then(nil)
	case len(items) == 0 || items[0].isBlock || !k.is(items[0].word):
		return m.miss(items, k.what)
	}
	kept := len(m.named)
	if nouns[kind] != "" {
		m.named = append(m.named, named{kind, items[0].word})
	}
	if then(items[1:]) {
		return true
	}
	m.named = m.named[:kept]
	return false
}

// list reports whether all statements in braces are like the list's.
func (m *matcher) list(n node, statements []statement) bool {
	for _, s := range statements {
		inner := &matcher{g: m.g}
		if !inner.matches(n.parts, s.items) {
			m.wanted, m.found = inner.wanted, inner.found
			return false
		}
		m.named, m.dated = append(m.named, inner.named...), append(m.dated, inner.dated...)
	}
	return true
}

// near says where a statement is not as it should be.
func near(items []item) string {
	switch {
	case len(items) == 0:
		return "at the end"
	case items[0].isBlock:
		return "near {"
	default:
		return "near " + lines.Shown(items[0].text)
	}
}
