package coredns

import (
	"io"
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
	// braces says that it has braces, and open that these are not as they should be, which
	// is told.
	braces, open bool
}

// server is a server block.
type server struct {
	zones    []string // absolute names
	listener listener
	plugins  []directive
	place    holdings.Place
	// again says that its plugins are those of another one, which has the block's other zones.
	again bool
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
	imports  int       // so far
	entries  []mounted // of ConfigMaps; nil for a file
	tokens   []token   // of the whole, with all that is imported
	at       int
	servers  []server
}

// parseCorefile reads the server blocks of a Corefile, and what it imports, as if that
// stood in it. Of one in a ConfigMap these are entries.
func parseCorefile(b *holdings.Builder, r io.Reader, in formats.Input, entries []mounted) ([]server, error) {
	all, err := tokens(r, in.Name)
	if err != nil {
		return nil, err
	}
	c := &corefile{b: b, snippets: make(map[string][]token), entries: entries}
	if err := c.expand(all, in, 0); err != nil {
		return nil, err
	}
	for c.at < len(c.tokens) {
		c.block()
	}
	return c.servers, nil
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
	c.keyed(s.place, keys)
	s.plugins = c.plugins(s.place)
	c.servers = append(c.servers, c.listening(s, keys)...)
}

// plugins reads the plugins of a server block, up to its end.
func (c *corefile) plugins(of holdings.Place) []directive {
	var all []directive
	braces := c.is("{")
	if braces {
		c.at++
	}
	for c.at < len(c.tokens) {
		if c.is("}") {
			c.at++
			return all
		}
		if c.is("{") && len(all) > 0 {
			c.b.Unread(c.tokens[c.at].place, "these braces are not read: they belong to %s, which stands before them", lines.Shown(all[len(all)-1].name))
			c.at++
			c.skip()
			continue
		}
		if d, some := c.plugin(); some {
			all = append(all, d)
		}
	}
	if braces && c.tokens[len(c.tokens)-1].text != "}" { // which would do
		c.refuse(of, "the braces of a server block are not closed")
	}
	return all
}

// plugin reads a plugin's line, and those in its braces.
func (c *corefile) plugin() (directive, bool) {
	line := c.line()
	if len(line) == 0 { // a brace without anything
		c.refuse(c.tokens[c.at].place, "a brace stands where a plugin should")
		c.at++
		c.skip()
		return directive{}, false
	}
	d := directive{name: line[0].text, args: textsOf(line[1:]), place: line[0].place}
	c.environment(line)
	if !c.is("{") {
		if c.is("}") && !c.tokens[c.at].first {
			c.refuse(d.place, "unexpected } behind %s because there is no matching opening brace", lines.Shown(d.name))
			d.open = true
		}
		return d, true
	}
	if d.open = c.tokens[c.at].first; d.open {
		c.b.Unread(d.place, "the brace of %s does not stand in its line, and is none to it", lines.Shown(d.name))
	}
	c.at++
	d.braces = true
	for c.at < len(c.tokens) && !c.is("}") {
		if c.is("{") {
			c.b.Unread(c.tokens[c.at].place, "what is in these braces is not read: no property of %s is known to have any", lines.Shown(d.name))
			c.at++
			c.skip()
			continue
		}
		line := c.line()
		c.environment(line)
		d.block = append(d.block, textsOf(line))
		if c.is("}") && !c.tokens[c.at].first {
			c.b.Unread(c.tokens[c.at].place, "a brace stands behind %s of %s in its line, and may be taken for an argument", lines.Shown(line[0].text), lines.Shown(d.name))
		}
	}
	if c.at == len(c.tokens) {
		d.open = true
		c.refuse(d.place, "the braces of %s are not closed", lines.Shown(d.name))
	}
	c.at++ // the closing brace, or the end
	if c.at < len(c.tokens) && !c.tokens[c.at].first {
		c.b.Unread(d.place, "what stands behind the braces of %s in the same line is not read", lines.Shown(d.name))
	}
	return d, true
}

// refuse says that CoreDNS does not start.
func (c *corefile) refuse(at holdings.Place, format string, args ...any) {
	c.b.NotStarted("CoreDNS", at, format, args...)
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
