// Package graph draws a plan in layers: clients, the VPC that they are in, its links,
// the regions to which these lead, and the names that live there. Of two plans it
// draws what changes, as added, removed, moved or otherwise.
//
// A picture has a bounded number of boxes, whatever the topology: VPCs that have the
// same regions and decisions are one box where there are many, and lists are cut with
// how many more there are. Nothing that changes is said by colour alone: it has a sign,
// and a line of its own kind.
//
// Equal plans give equal octets. The package is pure: no files, no network, no clock,
// no log. It decides nothing: package plan does, and package guard says what moves.
package graph

import "strings"

// Change is what becomes of a part of a picture; "" where nothing does, or where no two
// plans are compared.
type Change string

// The changes. What leads to another region, or is in another VPC, has moved.
const (
	Same    Change = ""
	Added   Change = "added"
	Removed Change = "removed"
	Moved   Change = "moved"
	Changed Change = "changed"
)

// Sign returns the sign by which a change is known without colours; "" for Same.
func (c Change) Sign() string {
	switch c {
	case Added:
		return "+"
	case Removed:
		return "−"
	case Moved:
		return "⇄"
	case Changed:
		return "~"
	case Same:
	}
	return ""
}

// Mark says what kind of thing a line is about.
type Mark string

// The marks.
const (
	Plain    Mark = ""
	Wildcard Mark = "wildcard" // one record stands for all names below
	Single   Mark = "single"   // a name by itself
	Public   Mark = "public"   // names that are left to public DNS
)

// Sign returns the sign of a mark in texts.
func (m Mark) Sign() string {
	switch m {
	case Wildcard:
		return "✱"
	case Single:
		return "•"
	case Public:
		return "○"
	case Plain:
	}
	return ""
}

// Layer is where in a picture a box is.
type Layer int

// The layers, from who asks to what is asked for.
const (
	Clients Layer = iota
	VPCs
	Links
	Regions
	Names
	layers
)

// String returns the layer's heading.
func (l Layer) String() string {
	return [...]string{"clients", "VPC", "link", "region", "names"}[l]
}

// MarshalText has JSON say a layer by its heading.
func (l Layer) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Line is a line of a box.
type Line struct {
	Mark   Mark   `json:"mark"`
	Text   string `json:"text"`
	Change Change `json:"change"`
}

// Box is a box of a picture.
type Box struct {
	// Layer is the column of the box.
	Layer Layer `json:"layer"`
	// Title is its first line; Lines are the others.
	Title  string `json:"title"`
	Lines  []Line `json:"lines"`
	Change Change `json:"change"`
	// Why says in whole sentences why it is as it is: the decisions of a VPC.
	Why []string `json:"why"`
	// Stands is for how many things of its kind it stands; 1 for one alone.
	Stands int `json:"stands"`
}

// Edge leads from a box to one in the next layer, by their indexes.
type Edge struct {
	From   int    `json:"from"`
	To     int    `json:"to"`
	Change Change `json:"change"`
}

// Picture is a plan, or the difference of two, as boxes and edges.
type Picture struct {
	// Boxes are sorted by layer.
	Boxes []Box  `json:"boxes"`
	Edges []Edge `json:"edges"`
	// Compared says that it shows what changes.
	Compared bool `json:"compared"`
	// Sentences say what changes beside the boxes, the most dangerous first.
	Sentences []string `json:"sentences"`
}

// Changes reports whether anything in the picture does, or a guard is tripped.
func (p *Picture) Changes() bool {
	if len(p.Sentences) > 0 {
		return true
	}
	for _, b := range p.Boxes {
		if b.Change != Same {
			return true
		}
		for _, l := range b.Lines {
			if l.Change != Same {
				return true
			}
		}
	}
	return false
}

// In returns the boxes of a layer, by their indexes.
func (p *Picture) In(l Layer) []int {
	var in []int
	for i, b := range p.Boxes {
		if b.Layer == l {
			in = append(in, i)
		}
	}
	return in
}

// Description says in a sentence what the picture shows, for those who do not see it.
func (p *Picture) Description() string {
	var b strings.Builder
	b.WriteString("From left to right: clients, the VPC that they are in, its links, the regions to which these lead, and the names there.")
	if p.Compared {
		b.WriteString(" What is added has a plus and a thick line, what is removed a minus and a dashed line, what moves two arrows and a dotted line, what changes otherwise a tilde.")
	}
	return b.String()
}
