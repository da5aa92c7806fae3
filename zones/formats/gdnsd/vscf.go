package gdnsd

import (
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// kind is what a value is.
type kind uint8

const (
	simple kind = iota
	array
	hash
	unknown // that of a file that is not read
)

// value is a value of a configuration.
type value struct {
	kind  kind
	text  string  // of a simple one, without escapes
	items []entry // of an array and a hash
	// partial says that files belong to it that were not read.
	partial bool
	place   holdings.Place
}

// entry is a value of an array, or one of a hash with its key.
type entry struct {
	key   string
	value *value
	place holdings.Place // of the key
}

// get returns the value of a key, or nil.
func (v *value) get(key string) *value {
	if v == nil || v.kind != hash {
		return nil
	}
	for _, item := range v.items {
		if item.key == key {
			return item.value
		}
	}
	return nil
}

// syntaxError is why a file is none of gdnsd.
type syntaxError struct {
	place holdings.Place
	why   string
}

func (e *syntaxError) Error() string { return e.place.Errorf("%s", e.why).Error() }

// parser reads one file in gdnsd's syntax for configurations, vscf.
type parser struct {
	b     *holdings.Builder
	in    formats.Input
	text  string
	at    int
	line  int
	depth int
}

// maxText is the longest file that is read, in octets.
const maxText = 8 << 20

var errLong = fmt.Errorf("the configuration is longer than %d octets", maxText)

// maxDepth is how deep values may stand in each other.
const maxDepth = 200

// parse reads a file: it is a hash without braces, or an array.
func parse(b *holdings.Builder, r io.Reader, in formats.Input) (*value, error) {
	in.Plain(b, "gdnsd")
	all, err := io.ReadAll(io.LimitReader(r, maxText+1))
	if err == nil && len(all) > maxText {
		err = errLong
	}
	if err != nil {
		return nil, holdings.Place{File: in.Name, Line: 1}.Errorf("%w", err)
	}
	p := &parser{b: b, in: in, text: string(all), line: 1}
	if err := p.space(); err != nil {
		return nil, err
	}
	if p.take("[") {
		v, err := p.values()
		if err == nil {
			err = p.space()
		}
		if err == nil && p.at < len(p.text) {
			err = p.wrong("%s behind the array", p.next())
		}
		return v, err
	}
	return p.assigns(false)
}

func (p *parser) place() holdings.Place { return holdings.Place{File: p.in.Name, Line: p.line} }

func (p *parser) wrong(format string, args ...any) error {
	return &syntaxError{p.place(), fmt.Sprintf(format, args...)}
}

// next is what stands there, as messages have it.
func (p *parser) next() string {
	if p.at >= len(p.text) {
		return "the end of the file"
	}
	rest, _, _ := strings.Cut(p.text[p.at:], "\n")
	return lines.Shown(rest)
}

// take skips a text if it stands there.
func (p *parser) take(text string) bool {
	if !strings.HasPrefix(p.text[p.at:], text) {
		return false
	}
	p.at += len(text)
	return true
}

// space skips white space and comments, each of which ends with a line.
func (p *parser) space() error {
	for ; p.at < len(p.text); p.at++ {
		switch p.text[p.at] {
		case ' ', '\t':
		case '\n':
			p.line++
		case ';', '#':
			end := strings.IndexByte(p.text[p.at:], '\n')
			if end < 0 {
				return p.wrong("a comment at the end of the file lacks the end of its line")
			}
			p.at += end
			p.line++
		default:
			return nil
		}
	}
	return nil
}

// separate skips what may stand behind an entry.
func (p *parser) separate() error {
	if err := p.space(); err != nil || !p.take(",") {
		return err
	}
	return p.space()
}

// assigns reads the entries of a hash, up to its brace or the end of the file.
func (p *parser) assigns(braces bool) (*value, error) {
	v := &value{kind: hash, place: p.place()}
	err := p.space()
	for err == nil {
		switch {
		case p.at >= len(p.text) && braces:
			return nil, &syntaxError{v.place, "a { is not closed"}
		case p.at >= len(p.text) || braces && p.take("}"):
			return v, nil
		case p.take("$include{"):
			err = p.merge(v)
		default:
			err = p.assign(v)
		}
		if err == nil {
			err = p.separate()
		}
	}
	return nil, err
}

// assign reads a key and its value.
func (p *parser) assign(into *value) error {
	place := p.place()
	key, err := p.word()
	if err == nil {
		err = p.space()
	}
	if err != nil {
		return err
	}
	if !p.take("=") {
		return p.wrong("%s where => is expected behind %s", p.next(), lines.Shown(key))
	}
	p.take(">")
	if err := p.space(); err != nil {
		return err
	}
	its, err := p.value()
	if err != nil || its == nil {
		return err
	}
	return into.add(entry{key, its, place})
}

// add adds an entry with a key that a hash does not have.
func (v *value) add(e entry) error {
	if v.get(e.key) != nil {
		return &syntaxError{e.place, fmt.Sprintf("%s stands twice", lines.Shown(e.key))}
	}
	v.items = append(v.items, e)
	return nil
}

// values reads those of an array, up to its bracket.
func (p *parser) values() (*value, error) {
	v := &value{kind: array, place: p.place()}
	err := p.space()
	for err == nil {
		switch {
		case p.at >= len(p.text):
			return nil, &syntaxError{v.place, "a [ is not closed"}
		case p.take("]"):
			return v, nil
		}
		var its *value
		if its, err = p.value(); its != nil {
			v.items = append(v.items, entry{value: its, place: its.place})
			v.partial = v.partial || its.kind == unknown
		}
		if err == nil {
			err = p.separate()
		}
	}
	return nil, err
}

// value reads one value.
func (p *parser) value() (*value, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.place().Errorf("values stand in each other more than %d deep", maxDepth)
	}
	defer func() { p.depth-- }()
	switch {
	case p.take("{"):
		return p.assigns(true)
	case p.take("["):
		return p.values()
	case p.take("$include{"):
		return p.included()
	}
	place := p.place()
	text, err := p.word()
	return &value{kind: simple, text: text, place: place}, err
}

// word reads a key or a simple value.
func (p *parser) word() (string, error) {
	raw, err := p.raw()
	if err != nil || !strings.Contains(raw, `\`) {
		return raw, err
	}
	return unescaped(raw), nil
}

// raw reads a word with its escapes.
func (p *parser) raw() (string, error) {
	if p.take(`"`) {
		place, start := p.place(), p.at
		for ; p.at < len(p.text); p.at++ {
			switch p.text[p.at] {
			case '"':
				p.at++
				return p.text[start : p.at-1], nil
			case '\\':
				if err := p.escape(); err != nil {
					return "", err
				}
			case '\n':
				p.line++
			}
		}
		return "", &syntaxError{place, "a quote is not closed"}
	}
	start := p.at
	for ; p.at < len(p.text) && !strings.ContainsRune("}{[];# \t\n,\"=", rune(p.text[p.at])); p.at++ {
		switch {
		case p.text[p.at] == '$' && p.at == start:
			return "", p.wrong("%s where a word is expected", p.next())
		case p.text[p.at] == '\\':
			if err := p.escape(); err != nil {
				return "", err
			}
		}
	}
	if p.at == start {
		return "", p.wrong("%s where a word is expected", p.next())
	}
	return p.text[start:p.at], nil
}

// escape goes to the last octet of an escape: three digits or one character.
func (p *parser) escape() error {
	rest := p.text[p.at+1:]
	switch {
	case rest == "":
		return p.wrong(`a \ at the end of the file`)
	case rest[0] < '0' || rest[0] > '9':
		if p.at++; rest[0] == '\n' {
			p.line++
		}
		return nil
	}
	if _, err := strconv.ParseUint(rest[:min(len(rest), 3)], 10, 8); err != nil || len(rest) < 3 {
		return p.wrong(`%s: a \ with digits has three, up to 255`, p.next())
	}
	p.at += 3
	return nil
}

// unescaped is a word without its escapes, which are right.
func unescaped(raw string) string {
	var out strings.Builder
	for i := 0; i < len(raw); i++ {
		switch {
		case raw[i] != '\\':
			out.WriteByte(raw[i])
		case raw[i+1] >= '0' && raw[i+1] <= '9':
			n, _ := strconv.ParseUint(raw[i+1:i+4], 10, 8) // it is checked
			out.WriteByte(byte(n))
			i += 3
		default:
			i++
			out.WriteByte(raw[i])
		}
	}
	return out.String()
}

// merge reads the files of $include where a key may stand: their entries are those of the hash.
func (p *parser) merge(into *value) error {
	place := p.place()
	all, whole, err := p.files(place)
	into.partial = into.partial || !whole
	for _, its := range all {
		if its.kind == array {
			return &syntaxError{place, "an included file is an array where none may stand"}
		}
		into.partial = into.partial || its.partial
		for _, e := range its.items {
			if err == nil {
				err = into.add(e)
			}
		}
	}
	return err
}

// included reads the file of $include where a value may stand; nil for none.
func (p *parser) included() (*value, error) {
	place := p.place()
	all, whole, err := p.files(place)
	switch {
	case err != nil:
		return nil, err
	case !whole:
		return &value{kind: unknown, place: place}, nil
	case len(all) > 1:
		return nil, &syntaxError{place, "several files are included where one value stands"}
	case len(all) == 0:
		return nil, nil // a directory without files is no value
	}
	return all[0], nil
}

// files reads the files of $include, and reports whether it has read all.
func (p *parser) files(place holdings.Place) (all []*value, whole bool, err error) {
	if err := p.space(); err != nil {
		return nil, false, err
	}
	name, err := p.raw()
	if err == nil {
		err = p.space()
	}
	if err != nil {
		return nil, false, err
	}
	if !p.take("}") {
		return nil, false, p.wrong("%s where } is expected", p.next())
	}
	m := formats.Mention{
		What: "$include", Path: name, Kind: formats.Either, Beside: true, Place: place, InPlace: true, Wanted: true,
		Consequence: ", and gdnsd does not start without it",
		Skip:        func(file string) bool { return hidden(file) && base(file) != path.Base(name) },
	}
	if strings.ContainsAny(name, "*?[") {
		m.Kind = formats.Pattern
	}
	whole = p.in.Follow(p.b, m, func(b *holdings.Builder, r io.Reader, in formats.Input) error {
		its, wrong := parse(b, r, in)
		if wrong != nil && err == nil {
			err = wrong
		}
		if its != nil {
			all = append(all, its)
		}
		return nil
	})
	return all, whole, err
}
