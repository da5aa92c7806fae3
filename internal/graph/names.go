package graph

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// region is a region with the names that live there.
type region struct {
	name      string
	stands    int // for how many it stands
	change    Change
	names     []Line // but for those of custom endpoints
	endpoints listing
}

// listing is the first few lines of many, those that change first.
type listing struct {
	changed, same []Line
	total         int
	changes       bool
}

// add adds a line.
func (l *listing) add(line Line) {
	l.total++
	into := &l.same
	if line.Change != Same {
		into, l.changes = &l.changed, true
	}
	if len(*into) < maxLines {
		*into = append(*into, line)
	}
}

// lines returns the first lines, at most so many, and how many more there are.
func (l *listing) lines(most int, thing string) []Line {
	lines := slices.Concat(l.changed, l.same)
	lines = lines[:min(len(lines), most)]
	if more := l.total - len(lines); more > 0 {
		lines = append(lines, Line{Text: "and " + spell.Count(more, "more "+thing)})
	}
	return lines
}

// changes reports whether anything of the region does.
func (r *region) changes() bool {
	return r.change != Same || r.endpoints.changes || slices.ContainsFunc(r.names, func(l Line) bool { return l.Change != Same })
}

// regions returns all regions of both plans, by name.
func (c *comparison) regions() []*region {
	var all []*region
	byName := make(map[string]*region)
	homes := [2]map[string]string{homesOf(c.before), homesOf(c.after)}
	w := writtenIn(c.after)
	compare := func(a, b topology.Region) int { return strings.Compare(a.Name, b.Name) }
	pairs(c.before.Regions, c.after.Regions, compare, func(r topology.Region, change Change) {
		out := &region{name: r.Name, stands: 1, change: change}
		byName[r.Name] = out
		all = append(all, out)
		old, now := regionNamed(c.before, r.Name), regionNamed(c.after, r.Name)
		pairs(old.Orchestras, now.Orchestras, strings.Compare, func(name string, change Change) {
			before, after := homes[0][name], homes[1][name]
			text := "*." + dnsname.TrimDot(name)
			switch {
			case change == Removed && after != "":
				return // is in the box of its new region
			case change == Added && before != "":
				text, change = text+" from "+before, Moved
			}
			out.names = append(out.names, Line{Mark: w.orchestra(r.Name), Text: text, Change: change})
		})
		pairs(old.ExtraNames, now.ExtraNames, strings.Compare, func(name string, change Change) {
			mark, text := w.extra(r.Name, name)
			out.names = append(out.names, Line{Mark: mark, Text: text, Change: change})
		})
	})
	c.endpoints(byName, w)
	return all
}

// homesOf returns the region of each orchestra.
func homesOf(p *plan.Plan) map[string]string {
	homes := make(map[string]string)
	for _, r := range p.Regions {
		for _, name := range r.Orchestras {
			homes[name] = r.Name
		}
	}
	return homes
}

func regionNamed(p *plan.Plan, name string) topology.Region {
	at, found := slices.BinarySearchFunc(p.Regions, name, func(r topology.Region, name string) int { return strings.Compare(r.Name, name) })
	if !found {
		return topology.Region{}
	}
	return p.Regions[at]
}

// endpoints adds the custom endpoints of both tables to their regions.
func (c *comparison) endpoints(byName map[string]*region, w *written) {
	in := func(p *plan.Plan, e zones.Endpoint) *region { return byName[p.Regions[e.Region].Name] }
	before := c.before.Table.Endpoints
	compare := func(a, b zones.Endpoint) int { return strings.Compare(a.Label, b.Label) }
	pairs(before, c.after.Table.Endpoints, compare, func(e zones.Endpoint, change Change) {
		line := Line{Text: e.Label, Change: change}
		if change == Removed {
			home := in(c.before, e)
			line.Mark = w.endpoint(home.name)
			home.endpoints.add(line)
			return
		}
		home := in(c.after, e)
		line.Mark = w.endpoint(home.name)
		if change == Same && c.compared {
			at, _ := slices.BinarySearchFunc(before, e, compare)
			if was := in(c.before, before[at]); was != home {
				line.Text, line.Change = line.Text+" from "+was.name, Moved
			}
		}
		home.endpoints.add(line)
	})
}
