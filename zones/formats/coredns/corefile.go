package coredns

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// directive is a plugin of a server block: its line, and those in its braces.
type directive struct {
	name  string
	args  []string
	block [][]string
	place holdings.Place
}

// server is a server block.
type server struct {
	zones   []string // absolute names
	port    string
	plugins []directive
	place   holdings.Place
}

// all returns the directives of a plugin.
func (s server) all(name string) []directive {
	var found []directive
	for _, d := range s.plugins {
		if d.name == name {
			found = append(found, d)
		}
	}
	return found
}

// root is the directory to which the paths of plugins are relative, or "".
func (s server) root() string {
	for _, d := range s.all("root") {
		if len(d.args) > 0 {
			return d.args[0]
		}
	}
	return ""
}

// corefile is a Corefile that is being read.
type corefile struct {
	b        *holdings.Builder
	snippets map[string][]token
	tokens   []token // of the whole, with all that is imported
	at       int
	servers  []server
}

// parseCorefile reads the server blocks of a Corefile, and what it imports, as if that
// stood in it.
func parseCorefile(b *holdings.Builder, r io.Reader, in formats.Input) ([]server, error) {
	all, err := tokens(r, in.Name)
	if err != nil {
		return nil, err
	}
	c := &corefile{b: b, snippets: make(map[string][]token)}
	if err := c.expand(all, in, 0); err != nil {
		return nil, err
	}
	for c.at < len(c.tokens) {
		c.block()
	}
	return c.servers, nil
}

// maxSnippets is how deep snippets may import others.
const maxSnippets = 50

var errSnippets = fmt.Errorf("snippets import each other more than %d deep", maxSnippets)

// expand adds tokens, and in the place of an import what it imports. It keeps snippets,
// which say nothing by themselves.
func (c *corefile) expand(all []token, in formats.Input, depth int) error {
	if depth > maxSnippets {
		return holdings.Place{File: in.Name}.Errorf("%w", errSnippets)
	}
	braces, behind := 0, false
	for i := 0; i < len(all); i++ {
		t := all[i]
		t.first = t.first || behind
		behind = false
		if name, rest, is := snippet(all[i:]); is && braces == 0 && t.first {
			c.snippets[name] = rest
			i += len(rest) + 2 // the name, and both braces but for the one that is next
			continue
		}
		if t.text == "import" && (t.first || i > 0 && all[i-1].text == "{") && i+1 < len(all) {
			if err := c.imported(all[i+1].text, t.place, in, depth); err != nil {
				return err
			}
			i++
			behind = true
			continue
		}
		braces += nesting(t.text)
		if len(c.tokens) >= maxTokens {
			return t.place.Errorf("%w", errManyTokens)
		}
		c.tokens = append(c.tokens, t)
	}
	return nil
}

// nesting is by how much a word changes how deep those behind it are in braces.
func nesting(text string) int {
	switch text {
	case "{":
		return 1
	case "}":
		return -1
	default:
		return 0
	}
}

// snippet returns the name and the tokens of a snippet that tokens begin with.
func snippet(all []token) (name string, inside []token, is bool) {
	if len(all) < 2 || len(all[0].text) < 3 || all[0].text[0] != '(' || !strings.HasSuffix(all[0].text, ")") || all[1].text != "{" {
		return "", nil, false
	}
	braces := 0
	for i, t := range all[1:] {
		if braces += nesting(t.text); braces == 0 {
			return strings.Trim(all[0].text, "()"), all[2 : 1+i], true
		}
	}
	return "", nil, false
}

// imported adds a snippet, or the files that match a pattern.
func (c *corefile) imported(what string, at holdings.Place, in formats.Input, depth int) error {
	if inside, there := c.snippets[what]; there {
		return c.expand(marked(inside), in, depth+1)
	}
	var stop error
	in.Follow(c.b, formats.Mention{
		What: "import", Path: what, Kind: formats.Pattern, Beside: true, Place: at, Consequence: ", and CoreDNS does not start without it",
	}, func(_ *holdings.Builder, r io.Reader, in formats.Input) error {
		all, err := tokens(r, in.Name)
		if err == nil {
			err = c.expand(marked(all), in, depth+1)
		}
		stop = errors.Join(stop, err)
		return nil
	})
	return stop
}

// marked returns tokens of which the first begins a line.
func marked(all []token) []token {
	if all = slices.Clone(all); len(all) > 0 {
		all[0].first = true
	}
	return all
}

// line returns the tokens up to the end of a line, of which the first is the next token.
// A brace ends it as well.
func (c *corefile) line() []token {
	start := c.at
	for c.at < len(c.tokens) {
		t := c.tokens[c.at]
		if c.at > start && t.first || t.text == "{" || t.text == "}" {
			break
		}
		c.at++
	}
	return c.tokens[start:c.at]
}

// is reports whether the next token is a text.
func (c *corefile) is(text string) bool { return c.at < len(c.tokens) && c.tokens[c.at].text == text }

// block reads a server block: its keys, of which a comma at the end says that there are
// more in the next line, and its plugins. Without braces all that follows are plugins.
func (c *corefile) block() {
	s := server{place: c.tokens[c.at].place}
	var keys []token
	for {
		line := c.line()
		keys = append(keys, line...)
		if len(line) == 0 || !strings.HasSuffix(line[len(line)-1].text, ",") {
			break
		}
	}
	for _, key := range keys {
		zone, port, ok := zoneOf(key.text)
		if !ok {
			c.b.Unread(key.place, "%s is not read: it is no zone", lines.Shown(key.text))
			continue
		}
		s.zones = append(s.zones, zone)
		s.port = port
	}
	braces := c.is("{")
	if braces {
		c.at++
	}
	for c.at < len(c.tokens) {
		if c.is("}") {
			c.at++
			if braces || len(s.plugins) == 0 {
				break
			}
			continue
		}
		if d, some := c.plugin(); some {
			s.plugins = append(s.plugins, d)
		}
	}
	if len(keys) > 0 {
		c.servers = append(c.servers, s)
	}
}

// plugin reads a plugin's line, and those in its braces.
func (c *corefile) plugin() (directive, bool) {
	line := c.line()
	if len(line) == 0 { // a brace without anything
		c.at++
		c.skip()
		return directive{}, false
	}
	d := directive{name: line[0].text, args: textsOf(line[1:]), place: line[0].place}
	c.environment(line)
	if !c.is("{") {
		return d, true
	}
	c.at++
	for c.at < len(c.tokens) && !c.is("}") {
		if c.is("{") {
			c.at++
			c.skip()
			continue
		}
		line := c.line()
		c.environment(line)
		d.block = append(d.block, textsOf(line))
	}
	c.at++ // the closing brace, or the end
	return d, true
}

// skip goes behind the brace that closes one that was read.
func (c *corefile) skip() {
	for braces := 1; c.at < len(c.tokens) && braces > 0; c.at++ {
		braces += nesting(c.tokens[c.at].text)
	}
}

// environment notes what only the environment of the server says.
func (c *corefile) environment(line []token) {
	for _, t := range line {
		if strings.Contains(t.text, "{$") || strings.Contains(t.text, "{%") {
			c.b.Unread(t.place, "%s is taken as it stands: what it is, is in the environment of the server", lines.Shown(t.text))
		}
	}
}

func textsOf(all []token) []string {
	var texts []string
	for _, t := range all {
		texts = append(texts, t.text)
	}
	return texts
}

// zoneOf returns the zone and the port of a key such as dns://example.org:53.
func zoneOf(key string) (zone, port string, ok bool) {
	scheme, rest, found := strings.Cut(strings.TrimSuffix(key, ","), "://")
	if !found {
		scheme, rest = "dns", scheme
	}
	port = ports[scheme]
	if at := strings.LastIndexByte(rest, ':'); at >= 0 {
		rest, port = rest[:at], rest[at+1:]
	}
	if rest == "" {
		rest = "."
	}
	zone, err := holdings.CanonicalName(rest)
	return zone, port, err == nil && port != ""
}

// ports are those on which servers listen whose keys have none.
var ports = map[string]string{"dns": "53", "tls": "853", "https": "443", "https3": "443", "quic": "853", "grpc": "443"}
