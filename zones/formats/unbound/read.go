package unbound

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/clauses"
	"github.com/auralink/auralink/zones/formats/internal/lines"
	"github.com/auralink/auralink/zones/formats/internal/policy"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// read reads the local zones and their data from a configuration of Unbound, and
// which zones are asked of other servers or are in files of their own. A
// local zone means what it means for the file as a whole, so that nothing is
// added before its end. Of views that of the clients who ask is read, or where they are
// not known that of all, if there is one, and else none: what is local there goes before
// what is local to all, if that counts at all.
func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	list, dir, err := dialect.Parse(b, r, in)
	if err != nil {
		return err
	}
	c := &config{b: b, in: in, dir: dir, nodes: nodesOf(b, list), server: newLayer()}
	view, views, err := c.choose(list)
	if err != nil {
		return err
	}
	c.permissive = lastSays(list, "zonemd-permissive-mode", "yes")
	for _, clause := range list {
		switch clause.Kind {
		case "server":
			c.serverClause(clause)
		case "view":
			c.viewClause(clause, view)
		case "forward-zone", "stub-zone":
			c.forward(clause)
		case "auth-zone":
			c.authZone(clause)
		case "rpz":
			c.policies = append(c.policies, clause)
		}
	}
	c.start(list)
	c.tagged(list)
	c.stack(views[view], view != "")
	c.modules(list)
	c.add()
	c.refused(list)
	c.listening(list)
	return nil
}

// stack puts what is local to those who ask in the order in which it is looked for: what a
// view has, and what is local to all, if the view has nothing of its own or says view-first.
func (c *config) stack(view clauses.Clause, some bool) {
	if c.own != nil && len(c.own.zones)+len(c.own.data) > 0 {
		c.layers, c.view = append(c.layers, c.own), true
	}
	if first, _ := view.Last("view-first"); !some || !c.view || first.Value() == "yes" {
		c.layers = append(c.layers, c.server)
	}
}

// config gathers what a configuration says.
type config struct {
	b        *holdings.Builder
	in       formats.Input
	dir      string // the working directory
	policies []clauses.Clause
	rules    *policy.Rules // of the policy zones
	nodes    []node        // what is said of clients
	server   *layer        // what is local to all
	own      *layer        // what is local in the view; nil for none
	unasked  []*layer      // what is local in other views
	layers   []*layer      // those that count, that which is asked first in front
	view     bool          // the first of them is a view's
	forwards []forward
	// permissive says that zones are loaded whose digest is missing or wrong.
	permissive bool
}

// localZone is a local-zone of Unbound.
type localZone struct {
	name  string
	kind  string // such as "redirect"
	tags  []string
	place holdings.Place
}

// localData is a local-data of Unbound.
type localData struct {
	name  string
	rr    dns.RR // nil if it is of a type that is not known
	kind  string
	place holdings.Place
}

// matters says why options of the server could matter that are not read.
var matters = map[string]string{
	"response-ip":      "it changes answers by their addresses",
	"response-ip-data": "it changes answers by their addresses",
	"interface-view":   "who asks at that address has the view",
	"interface-tag":    "who asks at that address has the tags",
	"dns64-synthall":   "it makes IPv6 addresses of IPv4 addresses",
}

// serverClause reads the server's clause.
func (c *config) serverClause(clause clauses.Clause) {
	exempt := len(clause.All("private-domain")) > 0
	for _, o := range clause.Options {
		switch o.Key {
		case "local-zone", "local-data":
			c.local(c.server, o)
		default:
			if why := matters[o.Key]; why != "" {
				c.b.Unread(o.Place, "%s is not read: %s", o.Key, why)
			} else if o.Key == "private-address" && !exempt {
				c.b.Note(o.Place, "private-address is not read: such addresses are taken out of what other servers answer, but for names of a private-domain")
			}
		}
	}
}

// local reads a local-zone or a local-data of a layer.
func (c *config) local(l *layer, o clauses.Option) {
	var err error
	if o.Key == "local-zone" {
		err = c.localZone(l, o)
	} else {
		err = c.localData(l, o)
	}
	if err != nil {
		c.b.Unread(o.Place, "%s %s is not read: %v", o.Key, lines.Shown(o.Value()), err)
	}
}

func (c *config) localZone(l *layer, o clauses.Option) error {
	if len(o.Values) != 2 {
		return errors.New("it is not a name and a type")
	}
	name, err := holdings.CanonicalName(o.Values[0])
	if err != nil {
		return fmt.Errorf("%s is not a domain name", lines.Shown(o.Values[0]))
	}
	kind := strings.ToLower(o.Values[1])
	if !localZoneTypes[kind] {
		return fmt.Errorf("%s is not a type that is known here", lines.Shown(kind))
	}
	if kind == "nodefault" {
		return nil // it takes away one of Unbound's own zones, which are none of Aura's
	}
	name = holdings.LiteralName(name)
	l.zones[name] = localZone{name: name, kind: kind, place: o.Place}
	return nil
}

// localData reads a record, in the form of a zone file's line.
func (c *config) localData(l *layer, o clauses.Option) error {
	read := false
	in := formats.Input{Name: o.Place.File, Origin: "."}
	if why := misplaced(o.Value()); why != "" {
		c.b.NotStarted("Unbound", o.Place, "error parsing local-data %s: %s", lines.Shown(o.Value()), why)
	}
	_, err := zonefile.Each(nil, strings.NewReader(o.Value()+"\n"), in, func(rec zonefile.Record) error {
		read = true
		if rec.RR == nil {
			c.b.Unread(o.Place, "local-data %s is not understood", lines.Shown(o.Value()))
		}
		zonefile.Record{Owner: holdings.LiteralName(rec.Owner), Type: rec.Type, Place: o.Place}.Unjudged(c.b)
		l.data = append(l.data, localData{name: holdings.LiteralName(rec.Owner), rr: rec.RR, kind: rec.Type, place: o.Place})
		return nil
	})
	if err == nil && !read {
		err = errors.New("it is not a record")
	}
	return err
}
