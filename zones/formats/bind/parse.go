package bind

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// statement is what stands up to a semicolon: words, and maybe a block.
type statement struct {
	words    []word
	block    []statement
	hasBlock bool
	items    []item // both, in the order in which they stand
}

// item is a word of a statement, or a block.
type item struct {
	word
	isBlock bool
	block   []statement
}

// key is the first word, in lower case, or "".
func (s statement) key() string {
	if len(s.words) == 0 || s.words[0].quoted {
		return ""
	}
	return strings.ToLower(s.words[0].text)
}

// arg returns the word at that place, or "".
func (s statement) arg(i int) string {
	if i < len(s.words) {
		return s.words[i].text
	}
	return ""
}

// class is that of a zone statement.
func (s statement) class() string { return strings.ToUpper(cmp.Or(s.arg(2), "IN")) }

// place is where the statement begins.
func (s statement) place() holdings.Place {
	if len(s.words) == 0 {
		return holdings.Place{}
	}
	return s.words[0].place
}

// find returns the last statement of a block that has a key; of several that counts.
func find(block []statement, key string) (statement, bool) {
	for i := len(block) - 1; i >= 0; i-- {
		if block[i].key() == key {
			return block[i], true
		}
	}
	return statement{}, false
}

// value returns the first argument of a statement in a block, or "".
func value(block []statement, key string) string {
	s, _ := find(block, key)
	return s.arg(1)
}

const (
	// maxDepth is how deep blocks may be in each other; maxStatements is how many
	// statements a configuration may have, with all that it includes.
	maxDepth      = 50
	maxStatements = 1 << 20
)

var (
	errDepth      = fmt.Errorf("blocks are more than %d deep in each other", maxDepth)
	errStatements = fmt.Errorf("there are more than %d statements", maxStatements)
	errOpen       = errors.New("a block is not closed")
)

// parser reads statements, with those of the files that are included.
type parser struct {
	b      *holdings.Builder
	server zonefile.Server
	dir    string // the server's directory
	count  int
	free   int // in how many blocks of plugins the parser is
}

// file reads the statements of a file.
func (p *parser) file(r io.Reader, in formats.Input) ([]statement, error) {
	in.Plain(p.b, string(p.server))
	return p.statements(newLexer(r, in.Name), in, 0)
}

// statements reads up to the closing bracket of a block, or at the depth 0 to the end.
func (p *parser) statements(l *lexer, in formats.Input, depth int) ([]statement, error) {
	if depth > maxDepth {
		return nil, errDepth
	}
	var all []statement
	var s statement
	for {
		w, err := p.next(l)
		if errors.Is(err, io.EOF) && depth == 0 {
			p.closes(word{place: holdings.Place{File: in.Name, Line: l.line}}, s, "the end")
			return p.ended(all, s, in)
		}
		if errors.Is(err, io.EOF) {
			err = holdings.Place{File: in.Name, Line: l.line}.Errorf("%w", errOpen)
		}
		switch {
		case err != nil:
		case w.is("{"):
			err = p.inside(&s, w, l, in, depth)
		case w.is("}") && depth > 0:
			p.closes(w, s, "this }")
			return p.ended(all, s, in)
		case w.is(";"):
			p.has(w, s)
			all, err = p.ended(all, s, in)
			s = statement{}
		case w.is("}"):
			p.refuse(w, "there is no block that this } could end")
		default:
			s.add(w)
		}
		if err != nil {
			return nil, err
		}
	}
}

// next returns the next word. PowerDNS does not see empty quotes.
func (p *parser) next(l *lexer) (word, error) {
	w, err := l.next()
	for err == nil && w.quoted && w.text == "" && p.server == zonefile.PowerDNS {
		w, err = l.next()
	}
	return w, err
}

// add adds a word. Around the slash of a prefix there may be blanks.
func (s *statement) add(w word) {
	if n, m := len(s.words), len(s.items); n > 0 && !s.items[m-1].isBlock && isSplit(s.items[m-1].word, w) {
		s.words[n-1].text += w.text
		s.items[m-1].text += w.text
		return
	}
	s.words = append(s.words, w)
	s.items = append(s.items, items(w)...)
}

// isSplit reports whether two words are parts of a prefix.
func isSplit(w, next word) bool {
	text, slash := strings.CutSuffix(w.text, "/")
	_, err := netip.ParseAddr(whole(text))
	return err == nil && !w.quoted && !next.quoted && slash != strings.HasPrefix(next.text, "/")
}

// inside reads a block of a statement. What plugins have in theirs follows no grammar.
func (p *parser) inside(s *statement, begin word, l *lexer, in formats.Input, depth int) error {
	if free[s.key()] {
		p.free++
		defer func() { p.free-- }()
	}
	block, err := p.statements(l, in, depth+1)
	s.block, s.hasBlock = append(s.block, block...), true
	s.items = append(s.items, item{word: begin, isBlock: true, block: block})
	return err
}

// free are the statements whose blocks follow no grammar.
var free = map[string]bool{"dyndb": true, "plugin": true, "dnsrps-options": true}

// closes looks at what stands before the end of a block, or of a file.
func (p *parser) closes(end word, s statement, what string) {
	if len(s.items) > 0 {
		p.refuse(end, "a semicolon is missing before "+what)
	}
}

// has looks whether there is something before a semicolon.
func (p *parser) has(end word, s statement) {
	if len(s.items) == 0 && p.server == zonefile.BIND {
		p.refuse(end, "there is nothing before this semicolon")
	}
}

// refuse says that the server does not start with a mark that stands wrong.
func (p *parser) refuse(mark word, why string) {
	if p.free == 0 {
		p.b.NotStarted(string(p.server), mark.place, "%s", why)
	}
}

// items returns what a word is to the grammar: an exclamation mark in front stands by itself.
func items(w word) []item {
	if rest, not := strings.CutPrefix(w.text, "!"); not && rest != "" && !w.quoted {
		return []item{{word: word{text: "!", place: w.place}}, {word: word{text: rest, place: w.place}}}
	}
	return []item{{word: w}}
}

// ended adds a statement, or those of a file that it includes. The server changes into its
// directory as soon as it reads which one that is.
func (p *parser) ended(all []statement, s statement, in formats.Input) ([]statement, error) {
	if len(s.words) == 0 && !s.hasBlock {
		return all, nil
	}
	if p.count++; p.count > maxStatements {
		return nil, s.place().Errorf("%w", errStatements)
	}
	switch s.key() {
	case "directory":
		p.dir = s.arg(1)
	case "include":
		return p.include(all, s, in)
	}
	return append(all, s), nil
}

func (p *parser) include(all []statement, s statement, in formats.Input) ([]statement, error) {
	var stop error
	in.Follow(p.b, formats.Mention{
		InPlace: true, What: "include", Path: s.arg(1), Dir: p.dir, Kind: formats.Pattern, Wanted: true, Place: s.place(), Consequence: ", and BIND does not start without it",
	}, func(_ *holdings.Builder, r io.Reader, in formats.Input) error {
		more, err := p.file(r, in)
		all = append(all, more...)
		stop = errors.Join(stop, err)
		return nil
	})
	return all, stop
}
