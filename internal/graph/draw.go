package graph

import (
	"fmt"
	"slices"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/spell"
)

// draw makes boxes and edges of what is compared.
func (c *comparison) draw() *Picture {
	rows, all := c.rows(), c.regions()
	if c.scope.VPC != "" {
		rows = slices.DeleteFunc(rows, func(r row) bool { return r.name != c.scope.VPC && r.was != c.scope.VPC })
	}
	if c.scope.Changes {
		rows = slices.DeleteFunc(rows, func(r row) bool { return !r.changes() })
		all = slices.DeleteFunc(all, func(r *region) bool { return !r.changes() && !linked(rows, r.name) })
	}
	all = folded(all, rows)
	rows = grouped(rows)
	p := &painter{picture: &Picture{Compared: c.compared}, regions: make(map[string]int)}
	vpcs := p.vpcs(rows)
	p.links(rows, vpcs, all, c.wildcards())
	p.picture.Sentences = c.sentences()
	return p.picture
}

// sentences says which guards are tripped, the first few of them.
func (c *comparison) sentences() []string {
	var all []string
	for _, v := range c.judgement.Violations {
		if c.scope.VPC == "" || c.scope.VPC == v.VPC {
			all = append(all, v.String())
		}
	}
	if more := len(all) - 2*maxLines; more > 0 {
		all = append(all[:2*maxLines], "and "+spell.Count(more, "more guard")+" tripped")
	}
	return all
}

// linked reports whether any row has a link to a region.
func linked(rows []row, name string) bool {
	return slices.ContainsFunc(rows, func(r row) bool {
		return slices.ContainsFunc(r.links, func(l link) bool { return l.region == name })
	})
}

// painter makes a picture.
type painter struct {
	picture *Picture
	regions map[string]int // the box of each region
}

func (p *painter) box(b Box) int {
	p.picture.Boxes = append(p.picture.Boxes, b)
	return len(p.picture.Boxes) - 1
}

func (p *painter) edge(from, to int, change Change) {
	p.picture.Edges = append(p.picture.Edges, Edge{From: from, To: to, Change: change})
}

// vpcs paints clients and VPCs, and returns the boxes of the VPCs.
func (p *painter) vpcs(rows []row) []int {
	for i := range rows {
		p.box(clientBox(&rows[i]))
	}
	boxes := make([]int, len(rows))
	for i := range rows {
		r := &rows[i]
		boxes[i] = p.box(Box{Layer: VPCs, Title: r.name, Lines: r.decisions, Change: r.change, Why: r.why, Stands: r.vpcs})
		p.edge(i, boxes[i], whole(r.change))
	}
	return boxes
}

// clientBox returns the box of a row's clients.
func clientBox(r *row) Box {
	b := Box{Layer: Clients, Title: spell.Count(r.ranges, clientRange), Change: whole(r.change), Lines: r.clients, Stands: max(r.ranges, 1)}
	if r.ranges == 0 {
		b.Title = "clients"
	}
	var list listing
	for _, l := range r.clients {
		list.add(l)
		if b.Change == Same && l.Change != Same {
			b.Change = Changed
		}
	}
	b.Lines = list.lines(maxLines, clientRange)
	return b
}

// whole is the change of what comes or goes with its box.
func whole(c Change) Change {
	if c == Added || c == Removed {
		return c
	}
	return Same
}

// links paints links, regions and names.
func (p *painter) links(rows []row, vpcs []int, all []*region, wildcards map[string][2]int) {
	type end struct {
		box, region int
		change      Change
	}
	var ends []end
	at := make(map[string]int, len(all))
	for i, r := range all {
		at[r.name] = i
	}
	for i := range rows {
		for _, l := range rows[i].links {
			box := p.box(linkBox(l, rows[i].vpcs))
			p.edge(vpcs[i], box, whole(l.change))
			ends = append(ends, end{box: box, region: at[l.region], change: whole(l.change)})
		}
	}
	first := len(p.picture.Boxes)
	for _, r := range all {
		title := r.name
		if r.stands > 1 {
			title = fmt.Sprintf("%d %s", r.stands, r.name)
		}
		p.box(Box{Layer: Regions, Title: title, Change: r.change, Stands: r.stands})
	}
	for _, e := range ends {
		p.edge(e.box, first+e.region, e.change)
	}
	most := maxLines
	if len(all) > maxTall {
		most = maxShort
	}
	for i, r := range all {
		b := nameBox(r, wildcards[r.name], most)
		if len(b.Lines) > 0 {
			p.edge(first+i, p.box(b), whole(r.change))
		}
	}
}

// linkBox returns the box of a link.
func linkBox(l link, vpcs int) Box {
	b := Box{Layer: Links, Title: "to " + l.region, Change: l.change, Lines: l.addresses, Stands: l.vpcs}
	if vpcs > 1 && l.vpcs < vpcs {
		b.Title += fmt.Sprintf(", of %d in %d VPCs", l.vpcs, vpcs)
	}
	b.Lines = counted(b.Lines, "address")
	return b
}

// nameBox returns the box of a region's names, with at most so many of each kind; the
// wildcard of custom endpoints leads there in so many VPCs, before and after.
func nameBox(r *region, wildcard [2]int, most int) Box {
	b := Box{Layer: Names, Title: spell.Count(r.endpoints.total, "custom endpoint"), Change: r.change, Stands: r.endpoints.total + len(r.names)}
	if r.stands > 1 || r.endpoints.total == 0 {
		b.Title = spell.Count(r.endpoints.total+len(r.names), "name")
	}
	var names listing
	for _, l := range r.names {
		names.add(l)
	}
	b.Lines = names.lines(most, "name")
	if wildcard != [2]int{} {
		l := Line{Mark: Wildcard, Text: "*.endpoints.neo4j.io, in " + spell.Count(wildcard[1], "VPC"), Change: changeOf(wildcard[0] > 0, wildcard[1] > 0)}
		if l.Change == Removed {
			l.Text = "*.endpoints.neo4j.io"
		}
		b.Lines = append(b.Lines, l)
	}
	b.Lines = append(b.Lines, r.endpoints.lines(most, "name")...)
	if b.Change == Same && slices.ContainsFunc(b.Lines, func(l Line) bool { return l.Change != Same }) {
		b.Change = Changed
	}
	return b
}

// wildcards counts for each region the VPCs in which the wildcard of custom endpoints
// leads there, before and after.
func (c *comparison) wildcards() map[string][2]int {
	counts := make(map[string][2]int)
	for side, p := range []*plan.Plan{c.before, c.after} {
		for i := range p.VPCs {
			d := p.VPCs[i].Endpoints
			if d.Mode != plan.Wildcard {
				continue
			}
			for _, region := range d.Regions {
				n := counts[region]
				n[side]++
				counts[region] = n
			}
		}
	}
	return counts
}
