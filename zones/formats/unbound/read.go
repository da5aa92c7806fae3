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
	clauses, dir, err := parse(b, r, in)
	if err != nil {
		return err
	}
	c := &config{b: b, in: in, dir: dir, zones: make(map[string]localZone)}
	view, views := viewOfAll(clauses)
	if in.View != "" {
		if _, there := views[in.View]; !there {
			return fmt.Errorf("%s: there is no view %s", in.Name, lines.Shown(in.View))
		}
		view = in.View
	}
	for _, clause := range clauses {
		switch clause.kind {
		case "server":
			c.server(clause, view == "" || views[view].first("view-first") == "yes")
		case "view":
			c.view(clause, view, clauses)
		case "forward-zone", "stub-zone":
			c.forward(clause)
		case "auth-zone":
			c.authZone(clause)
		case "rpz":
			c.policies = append(c.policies, clause)
		}
	}
	c.add()
	return nil
}

// config gathers what a configuration says.
type config struct {
	b        *holdings.Builder
	in       formats.Input
	dir      string // the working directory
	policies []clause
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
func viewOfAll(clauses []clause) (view string, views map[string]clause) {
	views = make(map[string]clause)
	for _, c := range clauses {
		switch c.kind {
		case "view":
			views[c.first("name")] = c
		case "server":
			for _, value := range c.all("access-control-view") {
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
	"private-address":     "such addresses are taken out of what other servers answer, but for names of a private-domain",
}

// server reads the server's clause; its local zones only if they are for all clients.
func (c *config) server(clause clause, local bool) {
	exempt := len(clause.all("private-domain")) > 0
	for _, o := range clause.options {
		switch o.key {
		case "local-zone", "local-data":
			if local {
				c.local(o)
			}
		default:
			if why := matters[o.key]; why != "" && (!exempt || o.key != "private-address") {
				c.b.Note(o.place, "%s is not read: %s", o.key, why)
			}
		}
	}
}

// local reads a local-zone or a local-data.
func (c *config) local(o option) {
	var err error
	if o.key == "local-zone" {
		err = c.localZone(o)
	} else {
		err = c.localData(o)
	}
	if err != nil {
		c.b.Note(o.place, "%s %s is not read: %v", o.key, lines.Shown(o.value()), err)
	}
}

// view reads a view if it is that of all clients. Of others it is said who has them.
func (c *config) view(view clause, all string, clauses []clause) {
	name := view.first("name")
	if name == all {
		for _, o := range view.options {
			if o.key == "local-zone" || o.key == "local-data" {
				c.local(o)
			}
		}
		return
	}
	var clients []string
	for _, clause := range clauses {
		for _, value := range clause.all("access-control-view") {
			if fields := strings.Fields(value); len(fields) == 2 && fields[1] == name {
				clients = append(clients, fields[0])
			}
		}
	}
	who := "no clients"
	if len(clients) > 0 {
		who = "the clients " + strings.Join(clients, ", ")
	}
	c.b.Note(view.place, "view %s is not read: %s have its %d local zones and records, and not what is read here (--view reads it)", lines.Shown(name), who,
		len(view.all("local-zone", "local-data")))
}

func (c *config) localZone(o option) error {
	if len(o.values) != 2 {
		return errors.New("it is not a name and a type")
	}
	name, err := holdings.CanonicalName(o.values[0])
	if err != nil {
		return fmt.Errorf("%s is not a domain name", lines.Shown(o.values[0]))
	}
	kind := strings.ToLower(o.values[1])
	if !localZoneTypes[kind] {
		return fmt.Errorf("%s is not a type that is known here", lines.Shown(kind))
	}
	name = holdings.LiteralName(name)
	c.zones[name] = localZone{name: name, kind: kind, place: o.place}
	return nil
}

// localData reads a record, in the form of a zone file's line.
func (c *config) localData(o option) error {
	read := false
	in := formats.Input{Name: o.place.File, Origin: "."}
	_, err := zonefile.Each(nil, strings.NewReader(o.value()+"\n"), in, func(rec zonefile.Record) error {
		read = true
		if rec.RR == nil {
			c.b.Note(o.place, "local-data %s is not understood", lines.Shown(o.value()))
		}
		c.data = append(c.data, localData{name: holdings.LiteralName(rec.Owner), rr: rec.RR, kind: rec.Type, place: o.place})
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

func (c *config) forward(clause clause) {
	name, err := holdings.CanonicalName(clause.first("name"))
	if err != nil {
		c.b.Note(clause.place, "%s is not read: %s is not a domain name", clause.kind, lines.Shown(clause.first("name")))
		return
	}
	f := forward{name: name, place: clause.place}
	f.miss, f.to = asked(clause, name == ".")
	c.forwards = append(c.forwards, f)
}

func (c *config) authZone(clause clause) {
	name, err := holdings.CanonicalName(clause.first("name"))
	if err != nil {
		c.b.Note(clause.place, "auth-zone is not read: %s is not a domain name", lines.Shown(clause.first("name")))
		return
	}
	f := forward{name: name, miss: holdings.Refer, auth: clause.first("for-downstream") != "no", place: clause.place}
	switch f.file = clause.first("zonefile"); {
	case f.file != "":
		f.to.File = f.file
	default:
		f.to.Servers = strings.Join(clause.all("primary", "master", "url"), ", ")
		c.b.Note(clause.place, "auth-zone %s is not read: it is transferred from %s", dnsname.TrimDot(name), f.to.Servers)
	}
	c.forwards = append(c.forwards, f)
}
