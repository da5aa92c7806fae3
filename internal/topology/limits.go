package topology

import "fmt"

// Limits on what a text asks of the YAML library, which are held before the
// library sees it. No valid topology is beyond them.
const (
	// maxNodes bounds the YAML nodes of a file: a node costs about 200 octets
	// while decoding. A topology of 1,000,000 custom endpoints has 2,000,000.
	maxNodes = 4_000_000
	// nodesFree and octetsFor2Nodes bound how dense nodes are. The densest that a
	// topology can be is a table of keys whose values are left out, such as {a,b}: a
	// key and its empty value are two nodes. The keys of one table differ, and only
	// 34,658 of them can be shorter than four letters. A longer key takes five octets
	// with its comma. The shorter keys of one table are 14,258 nodes more than
	// octetsFor2Nodes allows; nodesFree has room for two such tables. Lists of names
	// or addresses are less dense.
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

// limits counts what the YAML library would make of a text.
type limits struct {
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
	l := &limits{scanner: newScanner(text)}
	for t, ok := l.next(); ok; t, ok = l.next() {
		l.nodes += l.nodesOf(t)
		l.previous = t.kind
		if r := l.exceeded(t); r != nil {
			return nil, r
		}
	}
	if l.commented > commentsFree {
		text = blankComments(text)
	}
	return newFeed(text, l.joins), nil
}

// exceeded returns which limit a token is beyond.
func (l *limits) exceeded(t token) *refusal {
	if t.kind == tokenProperty || t.kind == tokenAlias {
		if l.properties++; l.properties == 1 {
			l.property = t.at
		}
	}
	_, pending := l.pending()
	switch {
	case l.properties > maxProperties:
		return &refusal{
			CodeUnsupported, l.property,
			fmt.Sprintf("anchors, aliases and tags are not supported, and there are more than %d", maxProperties),
			"leave them out, and write each value out",
		}
	case l.nodes > maxNodes:
		return &refusal{
			CodeTooLarge, t.at, fmt.Sprintf("more than %d values", maxNodes), "split the topology",
		}
	case l.nodes > nodesFree+2*t.at/octetsFor2Nodes:
		return &refusal{
			CodeTooLarge, t.at, fmt.Sprintf("%d values up to here, which is more than a topology has in %d octets", l.nodes, t.at),
			"look for what is repeated or left empty",
		}
	case pending > maxPending && !l.join():
		first, _ := l.pending()
		return &refusal{
			CodeTooLarge, first.at, fmt.Sprintf("more than %d values and signs where a key may stand", maxPending),
			"begin a list or a mapping in the line of its key, or write an entry to a line",
		}
	}
	return nil
}

// nodesOf returns how many nodes a token brings, which may be for what is left
// out before it. Of what no topology has it may be more than there are.
func (l *limits) nodesOf(t token) int {
	missing := nodesIf(expectsNode(l.previous) && !t.rolled)
	switch t.kind {
	case tokenScalar, tokenAlias, tokenProperty:
		return 1
	case tokenSequence, tokenMapping:
		l.brackets = append(l.brackets, bracket{mapping: t.kind == tokenMapping})
		return 1
	case tokenComma, tokenEnd:
		return missing + l.endEntry(t.kind)
	case tokenDash, tokenMark:
		return missing + nodesIf(t.rolled)
	case tokenQuestionMark:
		return missing + nodesIf(t.rolled) + l.startPair() + 1
	case tokenColon:
		if t.simple {
			return nodesIf(t.rolled) + nodesIf(!t.rolled && expectsNode(t.after)) + l.startPair()
		}
		return missing + nodesIf(t.rolled) + l.startPair() + 1
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
func (l *limits) startPair() int {
	if len(l.brackets) == 0 {
		return 0
	}
	last := &l.brackets[len(l.brackets)-1]
	started := last.colon
	last.colon = true
	return nodesIf(!last.mapping && !started)
}

// endEntry ends an entry of a bracket, and with a bracket that closes also the
// bracket. A key of { without a colon has a value that is left out.
func (l *limits) endEntry(kind tokenKind) int {
	if len(l.brackets) == 0 {
		return 0
	}
	last := &l.brackets[len(l.brackets)-1]
	left := last.mapping && !last.colon && l.previous != tokenComma && l.previous != tokenMapping
	last.colon = false
	if kind == tokenEnd {
		l.brackets = l.brackets[:len(l.brackets)-1]
	}
	return nodesIf(left)
}
