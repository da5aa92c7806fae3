package unbound

import (
	"errors"
	"io"
	"regexp"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// option is an option of a configuration, such as "name:", and its values.
type option struct {
	key    string
	values []string
	place  holdings.Place
}

// value returns the values as one.
func (o option) value() string { return strings.Join(o.values, " ") }

// clause is a part of a configuration, such as "server:".
type clause struct {
	kind    string
	options []option
	place   holdings.Place
}

// first returns the value of the first option with that key, or "".
func (c clause) first(key string) string {
	for _, o := range c.options {
		if o.key == key {
			return o.value()
		}
	}
	return ""
}

// all returns the values of all options with one of the keys.
func (c clause) all(keys ...string) []string {
	var values []string
	for _, o := range c.options {
		for _, key := range keys {
			if o.key == key {
				values = append(values, o.value())
			}
		}
	}
	return values
}

// kinds are the clauses. What stands before the first one is of the server.
var kinds = map[string]bool{
	"server": true, "view": true, "auth-zone": true, "forward-zone": true, "stub-zone": true, "rpz": true, "remote-control": true,
	"python": true, "dynlib": true, "dnscrypt": true, "cachedb": true, "dnstap": true, "ipset": true,
}

// key is an option's name. Options may stand several in a line.
var key = regexp.MustCompile(`^[a-z][a-z0-9-]*:$`)

// errJunk is the error of a file that has no option where it should have many.
var errJunk = errors.New("no line up to here has an option of Unbound")

// maxJunk is after how many words that are none a file without options is given up.
const maxJunk = 1000

// parser reads the clauses of a configuration, whose lines mean nothing.
type parser struct {
	b       *holdings.Builder
	in      formats.Input
	dir     string // the working directory
	clauses []clause
	options int
	junk    int
}

// parse reads the clauses of a configuration, and those of the files that it includes, as
// if they stood in it. It returns the working directory as well.
func parse(b *holdings.Builder, r io.Reader, in formats.Input) (clauses []clause, dir string, err error) {
	p := &parser{b: b, in: in, clauses: []clause{{kind: "server", place: holdings.Place{File: in.Name, Line: 1}}}}
	err = p.file(r, in)
	return p.clauses, p.dir, err
}

// file reads one file.
func (p *parser) file(r io.Reader, in formats.Input) error {
	outer := p.in
	p.in = in
	defer func() { p.in = outer }()
	return lines.Each(r, in.Name, func(line string, at holdings.Place) error {
		for _, w := range words(line) {
			if err := p.take(w, at); err != nil {
				return err
			}
		}
		if p.options == 0 && p.junk >= maxJunk {
			return at.Errorf("%w", errJunk)
		}
		return nil
	})
}

// word is a word of a line; one in quotes is never an option.
type word struct {
	text   string
	quoted bool
}

// words splits a line. A comment begins at a word's start.
func words(line string) []word {
	var all []word
	for line = strings.TrimLeft(line, " \t"); line != "" && line[0] != '#'; line = strings.TrimLeft(line, " \t") {
		if quote := line[0]; quote == '"' || quote == '\'' {
			if end := closing(line[1:], quote); end >= 0 {
				text := line[1 : end+1]
				if quote == '"' {
					text = unescaped.Replace(text)
				}
				all, line = append(all, word{text, true}), line[end+2:]
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
		all, line = append(all, word{line[:end], false}), line[end:]
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

// take adds a word: a clause, an option, or a value of the option before.
func (p *parser) take(w word, at holdings.Place) error {
	last := &p.clauses[len(p.clauses)-1]
	if !w.quoted && key.MatchString(w.text) {
		p.options++
		name := strings.TrimSuffix(w.text, ":")
		if kinds[name] {
			p.clauses = append(p.clauses, clause{kind: name, place: at})
			return nil
		}
		last.options = append(last.options, option{key: name, place: at})
		return nil
	}
	if len(last.options) == 0 {
		p.junk++
		p.b.Note(at, "%s is not read: it is no option of Unbound", lines.Shown(w.text))
		return nil
	}
	o := &last.options[len(last.options)-1]
	o.values = append(o.values, w.text)
	switch o.key {
	case "include", "include-toplevel":
		return p.include(o.key, w.text, at)
	case "directory":
		p.dir = w.text
	}
	return nil
}

// include reads the files that an option names, in its place.
func (p *parser) include(key, path string, at holdings.Place) error {
	var stop error
	p.in.Follow(p.b, formats.Mention{
		What: key, Path: path, Dir: p.dir, Kind: formats.Pattern, Place: at, Consequence: ", and Unbound does not start without it",
	}, func(_ *holdings.Builder, r io.Reader, in formats.Input) error {
		if stop == nil {
			stop = p.file(r, in)
		}
		return nil
	})
	return stop
}
