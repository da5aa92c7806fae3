package coredns

import (
	"io"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
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

// corefile is a Corefile that is being read.
type corefile struct {
	b       *holdings.Builder
	servers []server
	depth   int
	skip    bool // a snippet, or what is not understood
	keys    []string
}

// parseCorefile reads the server blocks of a Corefile. Nothing is imported.
func parseCorefile(b *holdings.Builder, r io.Reader, file string) ([]server, error) {
	c := &corefile{b: b}
	err := lines.Each(r, file, func(line string, at holdings.Place) error {
		c.line(tokens(line), at)
		return nil
	})
	return c.servers, err
}

// tokens splits a line as Caddy does: a comment begins at a word's start.
func tokens(line string) []string {
	var all []string
	for line = strings.TrimLeft(line, " \t"); line != "" && line[0] != '#'; line = strings.TrimLeft(line, " \t") {
		if line[0] == '"' || line[0] == '`' {
			if end := closing(line[1:], line[0]); end >= 0 {
				all, line = append(all, strings.ReplaceAll(line[1:end+1], `\"`, `"`)), line[end+2:]
				continue
			}
		}
		end := strings.IndexAny(line, " \t")
		if end < 0 {
			end = len(line)
		}
		all, line = append(all, line[:end]), line[end:]
	}
	return all
}

// closing returns where a quote is closed, or -1.
func closing(text string, quote byte) int {
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quote == '"':
			i++
		case text[i] == quote:
			return i
		}
	}
	return -1
}

// line reads a line: a server's keys, a plugin, or an option of one.
func (c *corefile) line(words []string, at holdings.Place) {
	if len(words) == 0 {
		return
	}
	opens := words[len(words)-1] == "{"
	if opens {
		words = words[:len(words)-1]
	}
	switch {
	case len(words) == 1 && words[0] == "}":
		c.depth = max(c.depth-1, 0)
		c.skip = c.skip && c.depth > 0
		return
	case c.depth == 0:
		c.open(words, opens, at)
	case c.depth == 1 && !c.skip && len(words) > 0:
		s := &c.servers[len(c.servers)-1]
		s.plugins = append(s.plugins, directive{name: words[0], args: words[1:], place: at})
	case c.depth == 2 && !c.skip && len(words) > 0:
		s := &c.servers[len(c.servers)-1]
		if last := len(s.plugins) - 1; last >= 0 {
			s.plugins[last].block = append(s.plugins[last].block, words)
		}
	}
	if opens {
		c.depth++
	}
}

// open reads the keys of a server block, which may stand in several lines.
func (c *corefile) open(words []string, opens bool, at holdings.Place) {
	c.keys = append(c.keys, words...)
	if !opens {
		if len(words) > 0 && words[0] == "import" {
			c.b.Note(at, "import %s is not followed: give that file as well", strings.Join(words[1:], " "))
			c.keys = nil
		}
		return
	}
	s := server{place: at}
	for _, key := range c.keys {
		if strings.HasPrefix(key, "(") {
			c.b.Note(at, "the snippet %s is not read", lines.Shown(key))
			c.skip = true
			break
		}
		zone, ok := zoneOf(key)
		if !ok {
			c.b.Note(at, "%s is not read: it is no zone", lines.Shown(key))
			continue
		}
		s.zones = append(s.zones, zone)
	}
	c.keys = nil
	if !c.skip {
		c.servers = append(c.servers, s)
	}
}

// zoneOf returns the zone of a key such as dns://example.org:53.
func zoneOf(key string) (string, bool) {
	key = strings.TrimSuffix(key, ",")
	scheme, rest, found := strings.Cut(key, "://")
	if !found {
		rest = scheme
	}
	if host, _, port := strings.Cut(rest, ":"); port {
		rest = host
	}
	if rest == "" {
		rest = "."
	}
	name, err := holdings.CanonicalName(rest)
	return name, err == nil
}
