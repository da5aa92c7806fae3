// Package clauses reads the configurations of Unbound and NSD: options by clauses, such as
// "server:" and "zone:", whose lines mean nothing.
package clauses

import (
	"cmp"
	"errors"
	"io"
	"regexp"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// Option is an option of a configuration, such as "name:", and its values.
type Option struct {
	Key    string
	Values []string
	Place  holdings.Place
}

// Value returns the values as one.
func (o Option) Value() string { return strings.Join(o.Values, " ") }

// Clause is a part of a configuration, such as "server:".
type Clause struct {
	Kind    string
	Options []Option
	Place   holdings.Place
}

// First returns the value of the first option with that key, or "".
func (c Clause) First(key string) string {
	for _, o := range c.Options {
		if o.Key == key {
			return o.Value()
		}
	}
	return ""
}

// Last returns the last option with that key, and whether there is one.
func (c Clause) Last(key string) (o Option, there bool) {
	for _, its := range c.Options {
		if its.Key == key {
			o, there = its, true
		}
	}
	return o, there
}

// All returns the values of all options with one of the keys.
func (c Clause) All(keys ...string) []string {
	var values []string
	for _, o := range c.Options {
		for _, key := range keys {
			if o.Key == key {
				values = append(values, o.Value())
			}
		}
	}
	return values
}

// Dialect is what one server's configuration has.
type Dialect struct {
	// Server is what the server is called, and Kinds are its clauses. What stands before
	// the first one is of the clause "server".
	Server  string
	Kinds   map[string]bool
	Grammar *Grammar
	// Quotes are the marks that values may stand in.
	Quotes string
	// Counted says that an option takes as many values as it has, whatever they are.
	Counted bool
	// AnyCase says that capitals count as small letters do in clauses and options.
	AnyCase bool
	// Once are the options that clauses of some kinds must have, and Single says that they
	// have them once; AtMost are those that some need not have.
	Once   map[string][]string
	AtMost map[string][]string
	Single bool
}

// Key matches an option's name. Options may stand several in a line.
var Key = regexp.MustCompile(`^[a-z][a-z0-9-]*:$`)

// errJunk is the error of a file that has no option where it should have many.
var errJunk = errors.New("no line up to here has an option")

// maxJunk is after how many words that are none a file without options is given up.
const maxJunk = 1000

// parser reads the clauses of a configuration, whose lines mean nothing.
type parser struct {
	Dialect
	b       *holdings.Builder
	in      formats.Input
	dir     string // the working directory
	clauses []Clause
	missing int // how many values the last option lacks; -1 where there may be any number
	options int
	junk    int
}

// Parse reads the clauses of a configuration, and those of the files that it includes, as
// if they stood in it. It returns the working directory as well. What the server does not start
// with is noted.
func (d Dialect) Parse(b *holdings.Builder, r io.Reader, in formats.Input) (clauses []Clause, dir string, err error) {
	p := &parser{Dialect: d, b: b, in: in, clauses: []Clause{{Kind: "server", Place: holdings.Place{File: in.Name, Line: 1}}}}
	err = in.Whole(b, r, p.file)
	p.check()
	return p.clauses, p.dir, err
}

// file reads one file.
func (p *parser) file(r io.Reader, in formats.Input) error {
	outer := p.in
	p.in = in
	defer func() { p.in = outer }()
	in.Plain(p.b, p.Server)
	return lines.Each(r, in.Name, func(line string, at holdings.Place) error {
		l := lexer{parser: p, at: at}
		if err := l.line(line); err != nil {
			return err
		}
		if p.options == 0 && p.junk >= maxJunk {
			return at.Errorf("%w", errJunk)
		}
		return nil
	})
}

// Word is a word of a line; one in quotes is never an option.
type Word struct {
	Text   string
	Quoted bool
}

// Words splits a line. A comment begins at a word's start.
func Words(line string) []Word {
	var all []Word
	for line = strings.TrimLeft(line, " \t"); line != "" && line[0] != '#'; line = strings.TrimLeft(line, " \t") {
		if quote := line[0]; quote == '"' || quote == '\'' {
			if end := closing(line[1:], quote); end >= 0 {
				text := line[1 : end+1]
				if quote == '"' {
					text = unescaped.Replace(text)
				}
				all, line = append(all, Word{text, true}), line[end+2:]
				continue
			}
		}
		end := strings.IndexAny(line, " \t")
		if end < 0 {
			end = len(line)
		}
		// An option's value may stand right behind it.
		if colon := strings.IndexAny(line[:end], `"'`); colon > 0 && line[colon-1] == ':' {
			end = colon
		}
		all, line = append(all, Word{line[:end], false}), line[end:]
	}
	return all
}

// unescaped takes back what is written for a quote within quotes.
var unescaped = strings.NewReplacer(`\"`, `"`)

// closing returns where a quote is closed, or -1.
func closing(text string, quote byte) int {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case quote:
			return i
		}
	}
	return -1
}

// take adds a word: a clause, an option, or a value of the option before. It reports whether
// the word is any of these.
func (p *parser) take(w Word, at holdings.Place) (taken bool, err error) {
	if p.AnyCase && !w.Quoted && p.opens(Word{Text: strings.ToLower(w.Text)}) {
		w.Text = strings.ToLower(w.Text)
	}
	if p.opens(w) {
		p.open(strings.TrimSuffix(w.Text, ":"), at)
		return true, nil
	}
	last := &p.clauses[len(p.clauses)-1]
	if p.missing == 0 || len(last.Options) == 0 {
		p.junk++
		return false, nil
	}
	p.missing = max(p.missing-1, -1)
	o := &last.Options[len(last.Options)-1]
	o.Values = append(o.Values, w.Text)
	switch o.Key {
	case "include", "include-toplevel":
		return true, p.include(o.Key, w.Text, at)
	case "directory":
		p.dir = cmp.Or(w.Text, p.dir) // the server has changed into the one before
	}
	return true, nil
}

// opens reports whether a word is a clause or an option. One that is not known is where no value
// is missing.
func (p *parser) opens(w Word) bool {
	name, colon := strings.CutSuffix(w.Text, ":")
	switch {
	case w.Quoted || !colon || p.Counted && p.missing > 0:
		return false
	case p.Kinds[name] || p.Grammar.knows(name):
		return true
	default:
		return p.missing <= 0 && Key.MatchString(w.Text)
	}
}

// open adds a clause or an option.
func (p *parser) open(name string, at holdings.Place) {
	p.options++
	if p.Kinds[name] {
		p.clauses = append(p.clauses, Clause{Kind: name, Place: at})
		p.missing = 0
		return
	}
	last := &p.clauses[len(p.clauses)-1]
	last.Options = append(last.Options, Option{Key: name, Place: at})
	p.missing = p.Grammar.values(last.Kind, name)
}

// include reads the files that an option names, in its place.
func (p *parser) include(key, path string, at holdings.Place) error {
	return p.in.Include(p.b, formats.Mention{
		What: key, Path: path, Dir: p.dir, Kind: formats.Pattern, Place: at, Consequence: ", and " + p.Server + " does not start without it",
	}, p.file)
}
