package graph

import (
	"cmp"
	"slices"
)

// Sizes of a drawing, in pixels. The font is monospaced, so that a text's width is known
// without one: advance is that of a character of 13 pixels, rounded up.
const (
	advance  = 8
	lineHigh = 18
	padding  = 10
	markWide = 18
	gapWide  = 44  // between layers, for the edges; more where there are many
	bandHigh = 240 // of regions
	gapHigh  = 14  // between boxes
	margin   = 20
	headHigh = 30   // the layers' headings
	maxCells = 56   // the longest text, in characters; longer ones are cut in their middle
	minCells = 16   // the shortest line, in characters
	maxWide  = 1200 // of a drawing, if shorter lines can have it so: what windows and pages show
)

// placed is a box with its place in a drawing.
type placed struct {
	*Box
	x, y, width, height int
	title               []string
	lines               []placedLine
}

// placedLine is a line of a drawing: that of a box, or what goes on below it where it is
// too long for one.
type placedLine struct {
	Line
	goesOn bool
}

// drawing is a picture with all places.
type drawing struct {
	picture       *Picture
	boxes         []placed
	columns       [layers]int // x of each layer
	width, height int
}

// arranged places the boxes of a picture. Where it would be too wide, lines are shorter,
// and there are more of them.
func arranged(p *Picture) *drawing {
	for cells := maxCells; ; cells -= 2 {
		if d := arrangedIn(p, cells); d.width <= maxWide || cells <= minCells {
			return d
		}
	}
}

// arrangedIn places the boxes of a picture with lines of at most so many characters: what
// is left of a box decides how high it is placed, so that edges cross little.
func arrangedIn(p *Picture, cells int) *drawing {
	d := &drawing{picture: p, boxes: make([]placed, len(p.Boxes))}
	for i := range p.Boxes {
		d.boxes[i] = measured(&p.Boxes[i], cells)
	}
	x := margin
	for l := range layers {
		in := p.In(l)
		width := 0
		for _, i := range in {
			width = max(width, d.boxes[i].width)
		}
		if len(in) == 0 {
			continue
		}
		if l > Clients {
			x += gapWide + min(3*d.edgesTo(l), 4*gapWide)
		}
		d.columns[l] = x
		for _, i := range in {
			d.boxes[i].x, d.boxes[i].width = x, width
		}
		x += width
	}
	d.width = max(x+margin, minWide)
	d.rows()
	d.follow(Regions, bandHigh)
	d.follow(Names, 1)
	d.align()
	for _, b := range d.boxes {
		d.height = max(d.height, b.y+b.height)
	}
	d.height += margin
	return d
}

// edgesTo counts the edges that lead to the boxes of a layer.
func (d *drawing) edgesTo(l Layer) int {
	n := 0
	for _, e := range d.picture.Edges {
		if d.picture.Boxes[e.To].Layer == l {
			n++
		}
	}
	return n
}

// minWide is room for the legend.
const minWide = 560

// measured cuts the texts of a box into lines of at most so many characters, their signs
// included, and says how large it is.
func measured(b *Box, most int) placed {
	lead := indent(Line{Change: b.Change})
	m := placed{Box: b, title: folds(fitting(b.Title), most-lead/advance)}
	widest := 0
	for _, text := range m.title {
		widest = max(widest, cells(text)*advance+lead)
	}
	for _, l := range b.Lines {
		for i, text := range folds(fitting(l.Text), most-indent(l)/advance) {
			l.Text = text
			widest = max(widest, cells(text)*advance+indent(l))
			m.lines = append(m.lines, placedLine{Line: l, goesOn: i > 0})
		}
	}
	m.width = widest + 2*padding
	m.height = 2*padding + lineHigh*(len(m.title)+len(m.lines))
	return m
}

// indent is the room for the signs ahead of a line.
func indent(l Line) int {
	n := 0
	if l.Change != Same {
		n += markWide
	}
	if l.Mark != Plain {
		n += markWide
	}
	return n
}

// rows places clients, VPCs and links: what belongs to one VPC is a row.
func (d *drawing) rows() {
	clients, vpcs := d.picture.In(Clients), d.picture.In(VPCs)
	y := margin + headHigh
	for row, vpc := range vpcs {
		links, high := d.to(vpc), 0
		for _, link := range links {
			high += d.boxes[link].height + gapHigh
		}
		high = max(high-gapHigh, d.boxes[vpc].height, d.boxes[clients[row]].height)
		for _, i := range []int{clients[row], vpc} {
			d.boxes[i].y = y + (high-d.boxes[i].height)/2
		}
		at := y
		for _, link := range links {
			d.boxes[link].y = at
			at += d.boxes[link].height + gapHigh
		}
		if len(links) == 1 {
			d.boxes[links[0]].y = y + (high-d.boxes[links[0]].height)/2
		}
		y += high + gapHigh
	}
}

// to returns the boxes to which edges lead from one.
func (d *drawing) to(box int) []int {
	var to []int
	for _, e := range d.picture.Edges {
		if e.From == box {
			to = append(to, e.To)
		}
	}
	return to
}

// follow places the boxes of a layer near those that lead to them, the ones to which
// nothing leads at the end. Those that would be within one band are in their own order.
func (d *drawing) follow(l Layer, band int) {
	in := d.picture.In(l)
	wish := make(map[int]int, len(in))
	for _, i := range in {
		sum, n := 0, 0
		for _, e := range d.picture.Edges {
			if e.To == i {
				sum += d.boxes[e.From].y + d.boxes[e.From].height/2
				n++
			}
		}
		wish[i] = 1 << 20
		if n > 0 {
			wish[i] = sum / n
		}
	}
	slices.SortStableFunc(in, func(a, b int) int { return cmp.Compare(wish[a]/band, wish[b]/band) })
	total := 0
	for _, i := range in {
		total += d.boxes[i].height + gapHigh
	}
	y := margin + headHigh
	for _, i := range in {
		b := &d.boxes[i]
		if wanted := wish[i] - b.height/2; wish[i] < 1<<20 {
			y = max(y, min(wanted, d.bottom()-total))
		}
		b.y = y
		y += b.height + gapHigh
		total -= b.height + gapHigh
	}
}

// align places each region beside its names: these are higher, and so edges to regions come
// apart where there are many.
func (d *drawing) align() {
	in := d.picture.In(Regions)
	slices.SortStableFunc(in, func(a, b int) int { return cmp.Compare(d.boxes[a].y, d.boxes[b].y) })
	free := margin + headHigh
	for _, i := range in {
		b := &d.boxes[i]
		for _, names := range d.to(i) {
			b.y = d.boxes[names].y + (d.boxes[names].height-b.height)/2
		}
		b.y = max(b.y, free)
		free = b.y + b.height + gapHigh
	}
}

// bottom is where the boxes that are placed end.
func (d *drawing) bottom() int {
	bottom := 0
	for _, b := range d.boxes {
		if b.y > 0 {
			bottom = max(bottom, b.y+b.height+gapHigh)
		}
	}
	return bottom
}
