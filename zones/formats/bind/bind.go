// Package bind reads the configuration of BIND: named.conf(5).
package bind

import (
	"io"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/internal/policy"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// Format is BIND's configuration, which is read and not written.
var Format = formats.Format{
	Name: "bind", Read: read, Detect: detect,
	Reads: "named.conf: zones, policy zones, forwarders, and of views that of the clients. include and file are followed below the options' directory.",
}

// read reads which zones a configuration has, and their files; the servers that are asked
// for others; and the policy zones that stand before both. Of several views that of all
// clients is read, or the one that the input says.
func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	return Read(b, r, in, For{Server: zonefile.BIND})
}

// For is a server that takes such a configuration.
type For struct {
	Server zonefile.Server
	zonefile.Unused
}

// Read is a [formats.Reader] for the servers that take such a configuration, BIND and
// PowerDNS.
func Read(b *holdings.Builder, r io.Reader, in formats.Input, its For) error {
	server := its.Server
	p := &parser{b: b, server: server}
	var all []statement
	err := in.Whole(b, r, func(r io.Reader, in formats.Input) error {
		more, err := p.file(r, in)
		all = append(all, more...)
		return err
	})
	if err != nil {
		return err
	}
	c := &config{b: b, in: in, dir: p.dir, server: server, unused: its.Unused}
	c.lists = listsOf(c, all)
	if server == zonefile.PowerDNS {
		c.after = formats.OriginAndOwner
	}
	view, err := c.choose(all)
	if err != nil {
		return err
	}
	if server == zonefile.BIND {
		c.check(all)
		c.start(all)
	} else {
		c.powerDNS("top", all)
	}
	c.gather(all, view)
	c.asking()
	if server == zonefile.BIND {
		c.listening()
	}
	c.add()
	return nil
}

// config gathers what a configuration says to the clients of one view.
type config struct {
	b   *holdings.Builder
	in  formats.Input
	dir string
	// server is the one that has it, and after what counts in its zone files behind an
	// included one.
	server zonefile.Server
	after  formats.After
	unused zonefile.Unused
	zones  []zone
	// policies are of response-policy, in their order; forward is the block with what
	// counts for all zones.
	policies []statement
	forward  []statement
	rules    *policy.Rules
	lists    lists
}

// zone is a zone statement.
type zone struct {
	name  string // absolute
	kind  string
	block []statement
	place holdings.Place
}

// matters says why statements could matter that are not read.
var matters = map[string]string{
	"dlz": "it has zones in a database", "dyndb": "it has zones in a database", "catalog-zones": "the zones that it lists are another server's",
	"nxdomain-redirect": "names that do not exist are asked for in another zone",
	"plugin":            "it may change answers",
	"dns64":             "it makes addresses of others",
}

// hardly says of statements that are not read what they do that no name of the server's own
// is changed by.
var hardly = map[string]string{
	"deny-answer-addresses": "such addresses are taken out of what other servers answer",
	"deny-answer-aliases":   "such aliases are taken out of what other servers answer",
}

// gather takes the zones and options of the chosen view, and the options of all.
func (c *config) gather(all []statement, v view) {
	var options []statement
	for _, s := range all {
		switch s.key() {
		case "options":
			options = append(options, s.block...)
		case "zone":
			c.zone(s)
		default:
			c.noteOf(s)
		}
	}
	for _, s := range v.block {
		if s.key() == "zone" {
			c.zone(s)
		}
	}
	c.forward = append(options, v.block...)
	for _, s := range c.forward {
		c.noteOf(s)
	}
	if s, there := find(c.forward, "response-policy"); there {
		c.policies = s.block
	}
	for i, z := range c.zones {
		if from := value(z.block, "in-view"); from != "" {
			c.inView(i, from, all)
		}
	}
}

func (c *config) noteOf(s statement) {
	if why := matters[s.key()]; why != "" {
		c.b.Unread(s.place(), "%s is not read: %s", s.key(), why)
	} else if why := hardly[s.key()]; why != "" {
		c.b.Note(s.place(), "%s is not read: %s", s.key(), why)
	}
}

// zone takes a zone statement. Its class is IN, or it is nobody's who asks for names.
func (c *config) zone(s statement) {
	if s.class() != "IN" {
		return
	}
	name, err := holdings.CanonicalName(s.arg(1))
	if err != nil {
		c.b.Unread(s.place(), "the zone is not read: %s is not a domain name", lines.Shown(s.arg(1)))
		return
	}
	c.zones = append(c.zones, zone{name: name, kind: strings.ToLower(value(s.block, "type")), block: s.block, place: s.place()})
}

// inView replaces a zone by the one that another view has.
func (c *config) inView(i int, from string, all []statement) {
	for _, s := range all {
		if s.key() != "view" || s.arg(1) != from {
			continue
		}
		for _, its := range s.block {
			name, err := holdings.CanonicalName(its.arg(1))
			if its.key() == "zone" && err == nil && name == c.zones[i].name {
				c.zones[i].kind, c.zones[i].block = strings.ToLower(value(its.block, "type")), its.block
			}
		}
	}
}
