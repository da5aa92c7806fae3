package topology

import "fmt"

// Limits on what a text asks of the YAML library, which are held before the
// library sees it. No valid topology is beyond them.
const (
	// maxNodes bounds the YAML nodes of a file: a node costs about 200 octets
	// while decoding. A topology of 1,000,000 custom endpoints has 2,000,000.
	maxNodes = 4_000_000
	// nodesFree and octetsFor2Nodes bound how dense nodes are. The names of one
	// table differ, so that all but the first 34,658 have four letters or more:
	// with its comma, such a key takes five octets and is, together with its
	// value that is left out, two nodes. Lists of names or addresses are less
	// dense. The shorter names are 14,258 nodes more than that for each table.
	nodesFree       = 40_000
	octetsFor2Nodes = 5
	// maxPending bounds the tokens that the library keeps for what may turn out
	// to be a key; each costs about 300 octets. A key of a topology is one.
	maxPending = 50_000
	// maxProperties bounds the anchors, aliases and tags. A topology has none,
	// but a file with some gets all that is wrong with it told at once.
	maxProperties = 1000
	// commentsFree is how many values of a file the library may see comments for.
	commentsFree = 1000
)

// guard counts what the YAML library would make of a text.
type guard struct {
	*scanner
	previous   tokenKind
	nodes      int
	brackets   []bracket
	properties int
	property   int // offset of the first of properties
	joins      []join
}

// bracket is one that is open.
type bracket struct {
	mapping bool
	colon   bool // whether the entry has one
}

// refusal says why the library shall not see a text, and from where on.
type refusal struct {
	code          Code
	at            int // offset
	message, hint string
}

// inspect goes through a text. It returns what the library shall see instead, or
// why it shall see nothing.
func inspect(text []byte) (*feed, *refusal) {
	g := &guard{scanner: newScanner(text)}
	for t, ok := g.next(); ok; t, ok = g.next() {
		g.nodes += g.nodesOf(t)
		g.previous = t.kind
		if r := g.exceeded(t); r != nil {
			return nil, r
		}
	}
	if g.commented > commentsFree {
		text = blankComments(text)
	}
	return newFeed(text, g.joins), nil
}

// exceeded returns which limit a token is beyond.
func (g *guard) exceeded(t token) *refusal {
	if t.kind == tokenProperty || t.kind == tokenAlias {
		if g.properties++; g.properties == 1 {
			g.property = t.at
		}
	}
	_, pending := g.pending()
	switch {
	case g.properties > maxProperties:
		return &refusal{
			CodeUnsupported, g.property,
			fmt.Sprintf("anchors, aliases and tags are not supported, and there are more than %d", maxProperties),
			"leave them out, and write each value out",
		}
	case g.nodes > maxNodes:
		return &refusal{
			CodeTooLarge, t.at, fmt.Sprintf("more than %d values", maxNodes), "split the topology",
		}
	case g.nodes > nodesFree+2*t.at/octetsFor2Nodes:
		return &refusal{
			CodeTooLarge, t.at, fmt.Sprintf("%d values up to here, which is more than a topology has in %d octets", g.nodes, t.at),
			"look for what is repeated or left empty",
		}
	case pending > maxPending && !g.join():
		first, _ := g.pending()
		return &refusal{
			CodeTooLarge, first.at, fmt.Sprintf("more than %d values and signs where a key may stand", maxPending),
			"begin a list or a mapping in the line of its key, or write an entry to a line",
		}
	}
	return nil
}

// nodesOf returns how many nodes a token brings, which may be for what is left
// out before it. Of what no topology has it may be more than there are.
func (g *guard) nodesOf(t token) int {
	missing := nodesIf(expectsNode(g.previous) && !t.rolled)
	switch t.kind {
	case tokenScalar, tokenAlias, tokenProperty:
		return 1
	case tokenSequence, tokenMapping:
		g.brackets = append(g.brackets, bracket{mapping: t.kind == tokenMapping})
		return 1
	case tokenComma, tokenEnd:
		return missing + g.endEntry(t.kind)
	case tokenDash, tokenMark:
		return missing + nodesIf(t.rolled)
	case tokenQuestionMark:
		return missing + nodesIf(t.rolled) + g.startPair() + 1
	case tokenColon:
		if t.simple {
			return nodesIf(t.rolled) + nodesIf(!t.rolled && expectsNode(t.after)) + g.startPair()
		}
		return missing + nodesIf(t.rolled) + g.startPair() + 1
	case tokenNone: // is no token
	}
	return 0
}

func nodesIf(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// expectsNode reports whether a node is behind a token, be it an empty one.
func expectsNode(kind tokenKind) bool {
	return kind == tokenColon || kind == tokenDash || kind == tokenQuestionMark || kind == tokenMark
}

// startPair notes that an entry is a pair, which in [ is a mapping of its own.
func (g *guard) startPair() int {
	if len(g.brackets) == 0 {
		return 0
	}
	last := &g.brackets[len(g.brackets)-1]
	started := last.colon
	last.colon = true
	return nodesIf(!last.mapping && !started)
}

// endEntry ends an entry of a bracket, and with a bracket that closes also the
// bracket. A key of { without a colon has a value that is left out.
func (g *guard) endEntry(kind tokenKind) int {
	if len(g.brackets) == 0 {
		return 0
	}
	last := &g.brackets[len(g.brackets)-1]
	left := last.mapping && !last.colon && g.previous != tokenComma && g.previous != tokenMapping
	last.colon = false
	if kind == tokenEnd {
		g.brackets = g.brackets[:len(g.brackets)-1]
	}
	return nodesIf(left)
}
