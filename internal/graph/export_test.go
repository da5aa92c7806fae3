package graph

import "fmt"

// Width returns how wide the drawing of a picture is, in pixels.
func Width(p *Picture) int { return arranged(p).width }

// Overlaps says which boxes of a drawing overlap, and which texts do not fit into theirs
// or into the drawing.
func Overlaps(p *Picture) []string {
	var wrong []string
	d := arranged(p)
	for i, a := range d.boxes {
		if a.x < 0 || a.y < margin+headHigh || a.x+a.width > d.width || a.y+a.height > d.height {
			wrong = append(wrong, fmt.Sprintf("box %q is not within the drawing", a.title))
		}
		for _, l := range a.lines {
			if indent(l.Line)+cells(l.Text)*advance > a.width-2*padding {
				wrong = append(wrong, fmt.Sprintf("%q does not fit into its box", l.Text))
			}
		}
		for _, b := range d.boxes[i+1:] {
			if a.x < b.x+b.width && b.x < a.x+a.width && a.y < b.y+b.height && b.y < a.y+a.height {
				wrong = append(wrong, fmt.Sprintf("boxes %q and %q overlap", a.title, b.title))
			}
		}
	}
	return wrong
}
