package unbound

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/clauses"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// tagged makes of the local zones of the server what they are to those who ask: a zone with
// tags is there for clients that have one of them, and the first tag that both have may say
// another type and other data for it.
func (c *config) tagged(list []clauses.Clause) {
	order := definedTags(list)
	tags := make(map[string]clauses.Option)
	for _, o := range allOf(list, "local-zone-tag") {
		name, err := holdings.CanonicalName(o.Values[0])
		if name = holdings.LiteralName(name); err == nil && tags[name].Key == "" { // the first one counts
			tags[name] = o
		}
	}
	fixed := make(map[string]bool)
	for _, o := range allOf(list, "local-zone-override") {
		c.override(o, allOf(list, "local-zone-override"), fixed)
	}
	gone := make(map[string]bool)
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		zone, there := c.server.zones[name]
		if !there {
			continue
		}
		zone.tags = strings.Fields(strings.Join(tags[name].Values[1:], " "))
		slices.SortFunc(zone.tags, func(a, b string) int { return cmp.Compare(order[a], order[b]) })
		its, at, has := c.tag(zone, tags[name].Place)
		switch {
		case !has:
			gone[name] = true
		case !fixed[name]:
			c.retype(zone, its, at)
		}
	}
	c.server.drop(gone)
}

// definedTags returns the tags of define-tag by their order.
func definedTags(list []clauses.Clause) map[string]int {
	order := make(map[string]int)
	for _, o := range allOf(list, "define-tag") {
		for tag := range strings.FieldsSeq(o.Value()) {
			if _, there := order[tag]; !there {
				order[tag] = len(order)
			}
		}
	}
	return order
}

// startTags looks whether the tags that options name are defined before them.
func (c *config) startTags(list []clauses.Clause) {
	defined := make(map[string]bool)
	for _, o := range allOf(list, "define-tag", "access-control-tag", "access-control-tag-action", "access-control-tag-data", "local-zone-tag", "response-ip-tag", "interface-tag") {
		var named []string
		switch fields := strings.Fields(o.Value()); {
		case o.Key == "define-tag":
			for _, tag := range fields {
				defined[tag] = true
			}
		case len(fields) < 2:
		case slices.Contains([]string{"access-control-tag", "local-zone-tag", "response-ip-tag", "interface-tag"}, o.Key):
			named = fields[1:]
		default:
			named = fields[1:2]
		}
		for _, tag := range named {
			if !defined[tag] {
				c.stop(o.Place, "%s names the tag %s, which no define-tag before it has", o.Key, lines.Shown(tag))
				return
			}
		}
	}
}

// startTagData looks for tags that have a CNAME for some clients, and other data beside it.
func (c *config) startTagData() {
	for _, n := range c.nodes {
		for _, tag := range slices.Sorted(maps.Keys(n.data)) {
			its := n.data[tag]
			if len(its) > 1 && slices.ContainsFunc(its, isAlias) {
				c.stop(n.at, "access-control-tag-data: a CNAME is not alone in the data of %s for %s", lines.Shown(tag), n.clients)
			}
		}
	}
}

// isAlias reports whether the data of a tag is a CNAME.
func isAlias(data string) bool {
	fields := strings.Fields(strings.Trim(data, `"'`))
	if len(fields) < 2 {
		return false
	}
	kind, _ := typeOf(fields)
	return kind == "CNAME"
}

// says is what the tags of clients have of a zone.
type says struct{ tag, action, data string }

// says returns what the tags of some clients say of a zone, and whether they have one of its
// tags.
func (n node) says(zone localZone) (s says, has bool) {
	for _, tag := range zone.tags {
		if slices.Contains(n.tags, tag) {
			return says{tag, n.actions[tag], strings.Join(n.data[tag], "\n")}, true
		}
	}
	return s, false
}

// tag returns what the tags of those who ask say of a zone with tags, where that is said, and
// whether they have the zone.
func (c *config) tag(zone localZone, at holdings.Place) (s says, place holdings.Place, has bool) {
	var tried []says
	for _, n := range c.nodes {
		its, has := n.says(zone)
		if !has || slices.Contains(tried, its) {
			continue
		}
		tried = append(tried, its)
		switch c.in.Asking.In(whose(c.nodes, func(n node) bool {
			other, has := n.says(zone)
			return has && other == its
		})) {
		case formats.Member:
			return its, n.at, true
		case formats.Doubtful:
			c.b.UnreadBelow(zone.name, at, "local-zone %s is not read: it is for the clients with the tags %s alone", lines.Shown(zone.name), strings.Join(zone.tags, " "))
			return s, place, false
		case formats.Stranger:
		}
	}
	return s, place, false
}

// retype gives a zone the type and the data that the tag of those who ask has for it.
func (c *config) retype(zone localZone, s says, at holdings.Place) {
	zone.kind = cmp.Or(s.action, zone.kind)
	c.server.zones[zone.name] = zone
	if s.data == "" || !zone.covers() {
		return
	}
	replaced := make(map[string]bool)
	var added []localData
	for text := range strings.SplitSeq(s.data, "\n") {
		l := newLayer()
		o := clauses.Option{Key: "local-data", Values: []string{zone.name + " " + strings.Trim(text, `"'`)}, Place: at}
		c.local(l, o)
		for _, d := range l.data {
			replaced[d.kind] = true
			added = append(added, d)
		}
	}
	all := replaced["CNAME"] // which answers questions for any type
	c.server.data = slices.DeleteFunc(c.server.data, func(d localData) bool { return d.name == zone.name && (all || replaced[d.kind]) })
	c.server.data = append(c.server.data, added...)
}

// override gives a zone the type that it has for the clients of a range, whatever their tags
// say. It notes in fixed that it has.
func (c *config) override(o clauses.Option, all []clauses.Option, fixed map[string]bool) {
	fields := strings.Fields(o.Value())
	if len(fields) != 3 {
		return
	}
	name, err := holdings.CanonicalName(fields[0])
	prefix, errRange := address.ParseRange(fields[1])
	zone, there := c.server.zones[holdings.LiteralName(name)]
	if err != nil || errRange != nil || !there {
		return
	}
	switch c.in.Asking.In(overridden(all, o.Place, name, prefix)) {
	case formats.Member:
		zone.kind = fields[2]
		c.server.zones[zone.name], fixed[zone.name] = zone, true
	case formats.Doubtful:
		c.b.UnreadBelow(zone.name, o.Place, "local-zone-override is not read: it is for the clients %s alone", fields[1])
	case formats.Stranger:
	}
}

// overridden returns the clients of a range of whom no longer range says another type.
func overridden(all []clauses.Option, at holdings.Place, name string, prefix netip.Prefix) holdings.Clients {
	clients := holdings.Clients{{Range: prefix}}
	for _, other := range all {
		fields := strings.Fields(other.Value())
		if len(fields) != 3 || other.Place == at {
			continue
		}
		its, err := address.ParseRange(fields[1])
		if about, errName := holdings.CanonicalName(fields[0]); err == nil && errName == nil && about == name {
			clients = append(clients, holdings.ClientRange{Range: its, Not: true})
		}
	}
	return clients.LongestFirst()
}

// drop removes zones, and the data in them.
func (l *layer) drop(gone map[string]bool) {
	l.data = slices.DeleteFunc(l.data, func(d localData) bool { return gone[l.closest(d.name).name] })
	maps.DeleteFunc(l.zones, func(name string, _ localZone) bool { return gone[name] })
}
