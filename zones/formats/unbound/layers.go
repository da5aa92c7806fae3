package unbound

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
)

// layer is what is local together: that of a view, or that of the server.
type layer struct {
	zones map[string]localZone
	data  []localData
	types map[string]int  // where the last data of a type and a name stands, from 1
	named map[string]bool // names with data
	held  map[string]bool // those, and the names above them in their zones
	// implicit is the zone that Unbound makes for data without: the name that is at or above
	// all of it.
	implicit string
}

func newLayer() *layer { return &layer{zones: make(map[string]localZone)} }

// closest returns the local zone at or above a name that has the longest name.
func (l *layer) closest(name string) localZone {
	for at := range holdings.UpToRoot(name) {
		if zone, there := l.zones[at]; there {
			return zone
		}
	}
	return localZone{kind: "transparent"} // Unbound makes one for data without
}

// index notes which names exist. It is called once all of the layer is there.
func (l *layer) index() {
	l.types, l.named, l.held = make(map[string]int), make(map[string]bool), make(map[string]bool)
	l.implicit = ""
	for _, d := range l.data {
		if l.closest(d.name).name == "" {
			l.implicit = common(l.implicit, d.name)
		}
	}
	for i, d := range l.data {
		l.types[d.kind+" "+d.name] = i + 1
		l.named[d.name], l.held[d.name] = true, true
		for above := range l.above(d.name) {
			l.held[above] = true
		}
	}
}

// has reports whether a name has an answer to questions for a type: a CNAME is one to all.
func (l *layer) has(kind, name string) bool { return l.types[kind+" "+name]+l.types["CNAME "+name] > 0 }

// shadowed reports whether a CNAME is answered in the place of some data: of both, those come
// first whose last record does.
func (l *layer) shadowed(d localData) bool {
	alias := l.types["CNAME "+d.name]
	return d.kind != "CNAME" && alias > 0 && alias < l.types[d.kind+" "+d.name]
}

// above yields the names above one with data, up to that of its local zone.
func (l *layer) above(name string) func(yield func(string) bool) {
	zone := cmp.Or(l.closest(name).name, l.implicit)
	return func(yield func(string) bool) {
		for at := range holdings.UpToRoot(name) {
			if at != name && !yield(at) || at == zone {
				return
			}
		}
	}
}

// common returns the longest name that is at or above two; "" stands for none yet.
func common(one, two string) string {
	if one == "" {
		return two
	}
	for at := range holdings.UpToRoot(one) {
		if within(two, at) {
			return at
		}
	}
	return "."
}

// settles reports whether a layer that has a next one keeps a name, or one of its types, from
// that: by data, where it lets pass what it lacks.
func (l *layer) settles(name, kind string) bool {
	switch zone := l.closest(name); zone.kind {
	case "transparent", "inform":
		return l.held[name]
	case "typetransparent":
		return l.has(kind, name)
	default:
		return false
	}
}

// leaving are local zones of a view that leave what they lack to those of the server, where
// the view says view-first.
var leaving = map[string]bool{
	"transparent": true, "typetransparent": true, "inform": true, "always_transparent": true, "block_a": true, "noview": true,
}

// inert makes of the zones of a view that do nothing there what they are: they leave to others
// whatever they have.
func (l *layer) inert() {
	for name, zone := range l.zones {
		if zone.kind == "noview" || zone.kind == "block_a" {
			zone.kind = "always_transparent"
			l.zones[name] = zone
		}
	}
}

// effective returns the local zone by which a name is answered that no data has, of the
// layers from one on, and its layer. The first layer counts that does not leave it to the next.
func (c *config) effective(name string, from int) (at int, zone localZone) {
	for at = from; ; at++ {
		zone = c.layers[at].closest(name)
		if at == len(c.layers)-1 || zone.name != "" && !leaving[zone.kind] {
			return at, zone
		}
	}
}

// addLocal adds what is local: what becomes of names that have no data where a zone of any
// layer begins, and then the data.
func (c *config) addLocal() {
	apexes := make(map[string]bool)
	for _, l := range c.layers {
		l.index()
		for name := range l.zones {
			apexes[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(apexes)) {
		c.addLocalZone(name)
	}
}

// addAllData adds the data of all layers.
func (c *config) addAllData() {
	for i, l := range c.layers {
		for _, d := range l.data {
			if c.counts(i, d.name, d.kind) {
				c.addLocalData(i, d)
			}
		}
	}
}

// counts reports whether no layer before one keeps a name, or one of its types, from it.
func (c *config) counts(i int, name, kind string) bool {
	at, _ := c.effective(name, 0)
	return at >= i && !c.settled(i, name, kind)
}

// settled reports whether data of a layer before one keeps a name, or one of its types, from it.
func (c *config) settled(i int, name, kind string) bool {
	return slices.ContainsFunc(c.layers[:i], func(l *layer) bool { return l.settles(name, kind) })
}

// decides reports whether what is local says what becomes of a name.
func (c *config) decides(name string) bool {
	for _, l := range c.layers {
		if l.named[name] {
			return true
		}
	}
	_, zone := c.effective(name, 0)
	return zone.name != "" && !passing[zone.kind]
}

// addHollow adds the names of a layer that exist only because of data below them: they are
// asked of others, and not looked for in the next layer.
func (c *config) addHollow(i int, d localData) {
	l := c.layers[i]
	if zone := l.closest(d.name); i == len(c.layers)-1 || zone.kind != "transparent" && zone.kind != "inform" {
		return
	}
	for above := range l.above(d.name) {
		if !l.named[above] && c.counts(i, above, "") {
			action, to := c.others(above)
			c.b.Add(above, holdings.Data{Action: action, Referral: to, TTL: holdings.NoTTL}, d.place)
		}
	}
}

// below returns the wildcard below a name.
func below(name string) string { return "*." + strings.TrimPrefix(name, ".") }
