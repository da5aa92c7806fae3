package unbound

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/clauses"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// choose returns the view that is read, "" for none, and all views.
func (c *config) choose(list []clauses.Clause) (view string, views map[string]clauses.Clause, err error) {
	view, views = c.viewOfAll(list)
	switch {
	case c.in.View != "":
		view = c.in.View
		if _, there := views[view]; !there {
			return "", nil, fmt.Errorf("%s: there is no view %s", c.in.Name, lines.Shown(view))
		}
		c.in.SeeView(view)
	case len(views) == 0:
	case c.in.Known():
		err = c.in.Asking.CheckViews(func(yield func(holdings.Clients) bool) {
			for _, name := range slices.Sorted(maps.Keys(views)) {
				if !yield(c.inView(name)) {
					return
				}
			}
		})
		if err == nil {
			view = c.chooseFor(views)
		}
	default:
		c.in.Asking.In(nil)
	}
	return view, views, err
}

// chooseFor returns the view of those who ask: of several ranges that have a client the
// longest counts.
func (c *config) chooseFor(views map[string]clauses.Clause) string {
	for _, name := range slices.Sorted(maps.Keys(views)) {
		if c.in.Asking.In(c.inView(name)) == formats.Member {
			c.in.NoteView(c.b, lines.Shown(name), views[name].Place)
			return name
		}
	}
	return ""
}

// viewOfAll returns the view that all clients have, if there is one, and all views.
func (c *config) viewOfAll(list []clauses.Clause) (view string, views map[string]clauses.Clause) {
	views = make(map[string]clauses.Clause)
	for _, clause := range list {
		if clause.Kind == "view" {
			views[clause.First("name")] = clause
		}
	}
	for _, n := range c.nodes {
		if n.view != "" && n.clients.Bits() == 0 {
			view = n.view
		}
		if _, there := views[n.view]; n.view != "" && !there {
			c.stop(n.at, "access-control-view names %s, and there is no such view", lines.Shown(n.view))
		}
	}
	return view, views
}

// viewClause reads a view if it is the one that is chosen. Of others it is said who has them,
// where it is not known who asks.
func (c *config) viewClause(view clauses.Clause, chosen string) {
	name := view.First("name")
	if name == chosen {
		c.own = newLayer()
		for _, o := range view.Options {
			if o.Key == "local-zone" || o.Key == "local-data" {
				c.local(c.own, o)
			} else if why := matters[o.Key]; why != "" {
				c.b.Unread(o.Place, "%s is not read: %s", o.Key, why)
			}
		}
		c.own.inert()
		return
	}
	c.unasked = append(c.unasked, c.layerOf(view))
	if c.in.Known() {
		return // those who ask have another one
	}
	var clients []string
	for _, n := range c.nodes {
		if n.view == name {
			clients = append(clients, n.clients.String())
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
		c.b.UnreadOf(c.inView(name), view.Place, "%s", text)
	}
}

// layerOf returns what is local in a view that is not read, for Unbound looks at all of them
// before it starts.
func (c *config) layerOf(view clauses.Clause) *layer {
	quiet := *c
	quiet.b = holdings.NewIdler()
	l := newLayer()
	for _, o := range view.Options {
		switch o.Key {
		case "local-zone":
			quiet.local(l, o)
		case "local-data":
			if err := quiet.localData(l, o); err != nil {
				c.stop(o.Place, "local-data %s: %v", lines.Shown(o.Value()), err)
			} else if why := misplaced(o.Value()); why != "" {
				c.stop(o.Place, "error parsing local-data %s: %s", lines.Shown(o.Value()), why)
			}
		}
	}
	return l
}

// everybody are the ranges of all clients of a family.
var everybody = []string{"0.0.0.0/0", "::/0"}
