package graph

import (
	"bytes"
	_ "embed"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
)

// style are the colours and lines, light and dark. The class of the whole keeps them
// from what else is on a page.
//
//go:embed style.css
var style string

// Style returns the text of the style element that a picture has, for pages whose policy
// says what they may have.
func Style() string { return "\n" + style }

// WriteSVG writes a picture as one SVG document without scripts, which is fine within
// a page of HTML as well.
func (p *Picture) WriteSVG(w io.Writer) error {
	d := arranged(p)
	s := &svg{}
	legend := append(legendOf(p), p.reasons((d.width-2*margin)/advance)...)
	height := d.height + lineHigh*len(legend) + margin
	s.printf(`<svg xmlns="http://www.w3.org/2000/svg" class="picture" role="img" width="%d" height="%d" viewBox="0 0 %d %d" aria-labelledby="picture-title picture-text">`+"\n", d.width, height, d.width, height)
	title := "What each VPC gets"
	if p.Compared {
		title = "What changes"
	}
	s.printf("<title id=\"picture-title\">%s</title>\n<desc id=\"picture-text\">%s</desc>\n<style>%s</style>\n", title, escaped(p.Description()), Style())
	s.printf(`<rect class="paper" width="%d" height="%d"/>`+"\n", d.width, height)
	for l := range layers {
		if d.columns[l] > 0 {
			s.text(d.columns[l], margin+lineHigh/2, "head", l.String())
		}
	}
	for _, e := range p.Edges {
		s.edge(&d.boxes[e.From], &d.boxes[e.To], e.Change)
	}
	for i := range d.boxes {
		s.box(&d.boxes[i])
	}
	for i, l := range legend {
		s.line(margin, d.height+lineHigh*i+lineHigh/2, l)
	}
	s.printf("</svg>\n")
	_, err := w.Write(s.Bytes())
	return err
}

// legendOf explains the signs that a picture has.
func legendOf(p *Picture) []Line {
	all := []Line{
		{Mark: Wildcard, Text: "one record for all names below"},
		{Mark: Single, Text: "a record for each name"},
		{Mark: Public, Text: "left to public DNS"},
		{Change: Added, Text: string(Added)},
		{Change: Removed, Text: string(Removed)},
		{Change: Moved, Text: string(Moved)},
		{Change: Changed, Text: string(Changed)},
	}
	has := make(map[string]bool)
	for _, b := range p.Boxes {
		has[b.Change.Sign()] = true
		for _, l := range b.Lines {
			has[l.Change.Sign()], has[l.Mark.Sign()] = true, true
		}
	}
	return slices.DeleteFunc(all, func(l Line) bool { return !has[l.Mark.Sign()+l.Change.Sign()] })
}

// reasons says why the VPCs have what they have, in lines of at most so many characters.
func (p *Picture) reasons(width int) []Line {
	lines := []Line{{}}
	for _, i := range p.In(VPCs) {
		for _, why := range p.Boxes[i].Why {
			for _, text := range wrapped(p.Boxes[i].Title+": "+why+".", width) {
				lines = append(lines, Line{Text: text})
			}
		}
	}
	return lines
}

// svg is a document that is being written.
type svg struct{ bytes.Buffer }

func (s *svg) printf(format string, args ...any) { fmt.Fprintf(&s.Buffer, format, args...) }

// text writes a text whose middle is at a height.
func (s *svg) text(x, y int, class, text string) {
	s.printf(`<text x="%d" y="%d" class="%s">%s</text>`+"\n", x, y+4, class, escaped(text))
}

// box writes a box; one that stands for several has others behind it.
func (s *svg) box(b *placed) {
	s.printf("<g>\n<title>%s</title>\n", escaped(b.tip()))
	if b.Layer == VPCs && b.Stands > 1 {
		for _, off := range []int{8, 4} {
			s.printf(`<rect class="stack" x="%d" y="%d" width="%d" height="%d" rx="6"/>`+"\n", b.x+off, b.y-off, b.width, b.height)
		}
	}
	s.printf(`<rect class="box %s" x="%d" y="%d" width="%d" height="%d" rx="6"/>`+"\n", b.Change, b.x, b.y, b.width, b.height)
	y := b.y + padding + lineHigh/2
	x := b.x + padding
	if b.Change != Same {
		s.text(x, y, string(b.Change), b.Change.Sign())
		x += markWide
	}
	for i, text := range b.title {
		s.text(x, y+i*lineHigh, "title"+struck(b.Change), text)
	}
	y += (len(b.title) - 1) * lineHigh
	for _, l := range b.lines {
		y += lineHigh
		if l.goesOn {
			s.text(b.x+padding+indent(l.Line), y, string(l.Change)+struck(l.Change), l.Text)
			continue
		}
		s.line(b.x+padding, y, l.Line)
	}
	s.printf("</g>\n")
}

// struck is the class of what is removed, beside its sign.
func struck(c Change) string {
	if c == Removed {
		return " struck"
	}
	return ""
}

// line writes a line with its signs.
func (s *svg) line(x, y int, l Line) {
	if l.Change != Same {
		s.text(x, y, string(l.Change), l.Change.Sign())
		x += markWide
	}
	if l.Mark != Plain {
		s.mark(x+5, y, l.Mark)
		x += markWide
	}
	if l.Text == "" {
		return
	}
	s.text(x, y, string(l.Change)+struck(l.Change), l.Text)
}

// mark draws a star, a dot or a ring.
func (s *svg) mark(x, y int, m Mark) {
	switch m {
	case Wildcard:
		s.printf(`<path class="mark" d="M%d %dv10M%d %dl9 5M%d %dl9 -5"/>`+"\n", x, y-5, x-4, y-2, x-4, y+3)
	case Single:
		s.printf(`<circle class="mark" cx="%d" cy="%d" r="3"/>`+"\n", x, y)
	case Public:
		s.printf(`<circle class="mark public" cx="%d" cy="%d" r="4"/>`+"\n", x, y)
	case Plain:
	}
}

// edge draws a line from the right of a box to the left of another one.
func (s *svg) edge(from, to *placed, change Change) {
	x1, y1 := from.x+from.width, from.y+from.height/2
	x2, y2 := to.x, to.y+to.height/2
	bend := (x2 - x1) / 2
	s.printf(`<path class="edge %s" d="M%d %dC%d %d %d %d %d %d"/>`+"\n", change, x1, y1, x1+bend, y1, x2-bend, y2, x2, y2)
	if change != Same {
		s.text(x2-markWide, y2-8, "sign "+string(change), change.Sign())
	}
}

// tip is what a box says in words, whole and not cut.
func (b *Box) tip() string {
	lines := []string{b.Title}
	if b.Change != Same {
		lines[0] += " (" + string(b.Change) + ")"
	}
	for _, l := range b.Lines {
		text := l.Text
		if l.Change != Same {
			text = string(l.Change) + ": " + text
		}
		lines = append(lines, text)
	}
	return strings.Join(append(lines, b.Why...), "\n")
}

// escaped returns a text as XML has it.
func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(visible(text))) // a strings.Builder takes all
	return b.String()
}
