package bind

import (
	_ "embed" // of the grammar
	"regexp"
	"slices"
	"strings"
	"sync"
)

// nodeKind says what a node of the grammar stands for.
type nodeKind int

const (
	literal  nodeKind = iota // a word as it is
	valueOf                  // a kind of value
	optional                 // what may be left out
	choice                   // one of several
	listOf                   // a block with any number of such statements
	blockOf                  // a block with the statements of a table
	datedOf                  // nothing: it says which versions have what stands before it
)

// node is a part of the grammar of a statement.
type node struct {
	kind  nodeKind
	text  string   // the literal, the kind of value, or the name of the table
	parts [][]node // of what is made of others
	dated dated
}

// rule is what the grammar says of a statement.
type rule struct {
	forms [][]node // it is like one of them
	many  bool     // it may stand several times in a block
}

// grammar is what may stand in a configuration: by the name of a block, or a zone's type, what
// statements it may have; and the kinds of values that are made of others.
type grammar struct {
	blocks map[string]map[string]*rule
	kinds  map[string][]node
}

//go:embed grammar.txt
var grammarText string

// theGrammar is that of the table, which is read once.
var theGrammar = sync.OnceValue(func() grammar { return parseGrammar(grammarText) })

// grammarTokens matches the words and marks of a line of the table.
var grammarTokens = regexp.MustCompile(`\{@[a-z0-9-]+\}|<[a-z0-9.]+>|[][{}()|]|[^][\s{}()|<]+`)

func parseGrammar(text string) grammar {
	g := grammar{blocks: make(map[string]map[string]*rule), kinds: make(map[string][]node)}
	var in []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			in = strings.Fields(strings.Trim(line, "[]"))
		default:
			name, form, _ := strings.Cut(line, " ")
			nodes, _ := sequence(grammarTokens.FindAllString(form, -1))
			g.add(in, name, nodes)
		}
	}
	return g
}

// add adds a form of a statement to some blocks.
func (g grammar) add(in []string, name string, form []node) {
	name, many := strings.CutSuffix(name, "*")
	name, d := datedName(name)
	if d != (dated{}) {
		form = slices.Concat([]node{{kind: datedOf, dated: d}}, form)
	}
	for _, table := range in {
		if table == "kinds" {
			g.kinds[name] = form
			continue
		}
		if g.blocks[table] == nil {
			g.blocks[table] = make(map[string]*rule)
		}
		if g.blocks[table][name] == nil {
			g.blocks[table][name] = new(rule)
		}
		r := g.blocks[table][name]
		r.forms, r.many = append(r.forms, form), r.many || many
	}
}

// sequence reads the nodes up to a mark that ends them, and returns what is from there.
func sequence(tokens []string) (nodes []node, rest []string) {
	for len(tokens) > 0 && !strings.Contains("])}|", tokens[0]) {
		var n node
		n, tokens = oneNode(tokens)
		nodes = append(nodes, n)
		if n.dated != (dated{}) {
			nodes = append(nodes, node{kind: datedOf, dated: n.dated})
		}
	}
	return nodes, tokens
}

func oneNode(tokens []string) (node, []string) {
	kinds := map[string]nodeKind{"[": optional, "(": choice, "{": listOf}
	first, rest := tokens[0], tokens[1:]
	if kind, is := kinds[first]; is {
		n := node{kind: kind}
		for {
			var part []node
			part, rest = sequence(rest)
			n.parts = append(n.parts, part)
			if rest[0] != "|" {
				return n, rest[1:]
			}
			rest = rest[1:]
		}
	}
	if name, is := strings.CutPrefix(first, "{@"); is {
		return node{kind: blockOf, text: strings.TrimSuffix(name, "}")}, rest
	}
	if strings.HasPrefix(first, "<") {
		return node{kind: valueOf, text: strings.Trim(first, "<>")}, rest
	}
	name, d := datedName(first)
	return node{kind: literal, text: name, dated: d}, rest
}

// knows reports whether any block may have a statement of a name.
func (g grammar) knows(name string) bool {
	for _, table := range g.blocks {
		if table[name] != nil {
			return true
		}
	}
	return name == "include"
}
