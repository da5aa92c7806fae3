package unbound

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
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
// added before its end. Of views that of all clients is read, if there is one, and
// else none.
func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	list, dir, err := dialect.Parse(b, r, in)
	if err != nil {
		return err
	}
	c := &config{b: b, in: in, dir: dir, zones: make(map[string]localZone)}
	view, views := viewOfAll(list)
	if in.View != "" {
		if _, there := views[in.View]; !there {
			return fmt.Errorf("%s: there is no view %s", in.Name, lines.Shown(in.View))
		}
		view = in.View
	}
	for _, clause := range list {
		switch clause.Kind {
		case "server":
			c.server(clause, view == "" || views[view].First("view-first") == "yes")
		case "view":
			c.view(clause, view, list)
		case "forward-zone", "stub-zone":
			c.forward(clause)
		case "auth-zone":
			c.authZone(clause)
		case "rpz":
			c.policies = append(c.policies, clause)
		}
	}
	c.start(list)
	c.add()
	c.refused(list)
	return nil
}

// dialect is what Unbound's configuration has.
var dialect = clauses.Dialect{Server: "Unbound", Kinds: map[string]bool{
	"server": true, "view": true, "auth-zone": true, "forward-zone": true, "stub-zone": true, "rpz": true, "remote-control": true,
	"python": true, "dynlib": true, "dnscrypt": true, "cachedb": true, "dnstap": true, "ipset": true,
}}

// config gathers what a configuration says.
type config struct {
	b        *holdings.Builder
	in       formats.Input
	dir      string // the working directory
	policies []clauses.Clause
	rules    *policy.Rules // of the policy zones
	zones    map[string]localZone
	data     []localData
	named    map[string]bool // by data, once all of it is there
	forwards []forward
}

// localZone is a local-zone of Unbound.
type localZone struct {
	name  string
	kind  string // such as "redirect"
	place holdings.Place
}

// localData is a local-data of Unbound.
type localData struct {
	name  string
	rr    dns.RR // nil if it is of a type that is not known
	kind  string
	place holdings.Place
}

// everybody are the ranges of all clients of a family.
var everybody = []string{"0.0.0.0/0", "::0/0", "::/0"}

// viewOfAll returns the view that all clients have, if there is one, and all views.
func viewOfAll(list []clauses.Clause) (view string, views map[string]clauses.Clause) {
	views = make(map[string]clauses.Clause)
	for _, c := range list {
		switch c.Kind {
		case "view":
			views[c.First("name")] = c
		case "server":
			for _, value := range c.All("access-control-view") {
				fields := strings.Fields(value)
				for _, all := range everybody {
					if len(fields) == 2 && fields[0] == all {
						view = fields[1]
					}
				}
			}
		}
	}
	return view, views
}

// matters says why options of the server could matter that are not read.
var matters = map[string]string{
	"local-zone-tag":      "it is for some clients alone",
	"local-zone-override": "it is for some clients alone",
	"response-ip":         "it changes answers by their addresses",
	"response-ip-data":    "it changes answers by their addresses",
}

// server reads the server's clause; its local zones only if they are for all clients.
func (c *config) server(clause clauses.Clause, local bool) {
	exempt := len(clause.All("private-domain")) > 0
	for _, o := range clause.Options {
		switch o.Key {
		case "local-zone", "local-data":
			if local {
				c.local(o)
			}
		default:
			if why := matters[o.Key]; why != "" {
				c.b.Unread(o.Place, "%s is not read: %s", o.Key, why)
			} else if o.Key == "private-address" && !exempt {
				c.b.Note(o.Place, "private-address is not read: such addresses are taken out of what other servers answer, but for names of a private-domain")
			}
		}
	}
}

// local reads a local-zone or a local-data.
func (c *config) local(o clauses.Option) {
	var err error
	if o.Key == "local-zone" {
		err = c.localZone(o)
	} else {
		err = c.localData(o)
	}
	if err != nil {
		c.b.Unread(o.Place, "%s %s is not read: %v", o.Key, lines.Shown(o.Value()), err)
	}
}

// view reads a view if it is that of all clients. Of others it is said who has them.
func (c *config) view(view clauses.Clause, all string, list []clauses.Clause) {
	name := view.First("name")
	if name == all {
		for _, o := range view.Options {
			if o.Key == "local-zone" || o.Key == "local-data" {
				c.local(o)
			}
		}
		return
	}
	var clients []string
	for _, clause := range list {
		for _, value := range clause.All("access-control-view") {
			if fields := strings.Fields(value); len(fields) == 2 && fields[1] == name {
				clients = append(clients, fields[0])
			}
		}
	}
	who := "no clients"
	if len(clients) > 0 {
		who = "the clients " + strings.Join(clients, ", ")
	}
	text := fmt.Sprintf("view %s is not read: %s have its %d local zones and records, and not what is read here (--view reads it)", lines.Shown(name), who,
		len(view.All("local-zone", "local-data")))
	c.b.Note(view.Place, "%s", text)
	if c.in.View == "" {
		c.b.UnreadOf(whose(controls(list, "access-control-view"), func(says string) bool { return says == name }), view.Place, "%s", text)
	}
}

func (c *config) localZone(o clauses.Option) error {
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
	name = holdings.LiteralName(name)
	c.zones[name] = localZone{name: name, kind: kind, place: o.Place}
	return nil
}

// localData reads a record, in the form of a zone file's line.
func (c *config) localData(o clauses.Option) error {
	read := false
	in := formats.Input{Name: o.Place.File, Origin: "."}
	_, err := zonefile.Each(nil, strings.NewReader(o.Value()+"\n"), in, func(rec zonefile.Record) error {
		read = true
		if rec.RR == nil {
			c.b.Note(o.Place, "local-data %s is not understood", lines.Shown(o.Value()))
		}
		c.data = append(c.data, localData{name: holdings.LiteralName(rec.Owner), rr: rec.RR, kind: rec.Type, place: o.Place})
		return nil
	})
	if err == nil && !read {
		err = errors.New("it is not a record")
	}
	return err
}

// forward is a zone whose names are asked of others, or are in a file.
type forward struct {
	name  string
	miss  holdings.Action
	to    holdings.Referral
	auth  bool // the names are in a zone that is answered from before others are asked
	file  string
	place holdings.Place
}

func (c *config) forward(clause clauses.Clause) {
	name, err := holdings.CanonicalName(clause.First("name"))
	if err != nil {
		c.b.Unread(clause.Place, "%s is not read: %s is not a domain name", clause.Kind, lines.Shown(clause.First("name")))
		return
	}
	f := forward{name: name, place: clause.Place}
	f.miss, f.to = asked(clause, name == ".")
	c.forwards = append(c.forwards, f)
}

func (c *config) authZone(clause clauses.Clause) {
	name, err := holdings.CanonicalName(clause.First("name"))
	if err != nil {
		c.b.Unread(clause.Place, "auth-zone is not read: %s is not a domain name", lines.Shown(clause.First("name")))
		return
	}
	f := forward{name: name, miss: holdings.Refer, auth: clause.First("for-downstream") != "no", place: clause.Place}
	switch f.file = clause.First("zonefile"); {
	case f.file != "":
		f.to.File = f.file
	default:
		f.to.Servers = strings.Join(clause.All("primary", "master", "url"), ", ")
		c.b.UnreadBelow(name, clause.Place, "auth-zone %s is not read: it is transferred from %s", dnsname.TrimDot(name), f.to.Servers)
	}
	c.forwards = append(c.forwards, f)
}
