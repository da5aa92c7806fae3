package graph

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
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

// folds cuts a text into lines of at most so many characters: behind the last blank or
// else the last mark, if that is not in the first third of a line, else anywhere.
func folds(text string, most int) []string {
	var lines []string
	rest := []rune(text)
	for cells(string(rest)) > most {
		end := len(rest)
		for cells(string(rest[:end])) > most {
			end--
		}
		line := string(rest[:end])
		if at := cmp.Or(behind(line, " ", end/3), behind(line, "-._/,:", end/3)); at > 0 {
			end = at
		}
		lines = append(lines, strings.TrimRight(string(rest[:end]), " "))
		rest = rest[end:]
	}
	return append(lines, string(rest))
}

// behind returns how many characters of a line end with the last of some marks, if these
// are more than so many, else 0.
func behind(line, marks string, more int) int {
	at := utf8.RuneCountInString(line[:strings.LastIndexAny(line, marks)+1])
	if at <= more {
		return 0
	}
	return at
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

// cells is how wide a text is, in characters of the font: those of East Asia are twice
// as wide.
func cells(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r >= 0x1100 {
			n++
		}
	}
	return n
}

// visible returns a text without what is not seen, or turns the rest of it round.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) && r != '\n' {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// fitting returns a text as it is drawn, on one line: cut in its middle where it is too
// long.
func fitting(text string) string {
	shown := []rune(visible(strings.ReplaceAll(text, "\n", " ")))
	if cells(string(shown)) <= maxCells {
		return string(shown)
	}
	head, tail := shown[:len(shown)/2], shown[len(shown)/2:]
	for cells(string(head)) > maxCells/2-1 {
		head = head[:len(head)-1]
	}
	for cells(string(tail)) > maxCells/2-1 {
		tail = tail[1:]
	}
	return string(head) + "…" + string(tail)
}

// wrapped cuts a sentence into lines of at most so many characters, at its spaces. What
// has none is cut as any long text.
func wrapped(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		word = fitting(word)
		switch {
		case line == "":
			line = word
		case cells(line)+1+cells(word) > width:
			lines = append(lines, line)
			line = "  " + word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}
