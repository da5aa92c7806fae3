package zones

import (
	"fmt"
	"io"
	"iter"
)

// Format writes views for one DNS system.
type Format struct {
	// Name is what a user calls it.
	Name string
	// Summary says in a line which systems load it.
	Summary string
	// Files returns the files of a view, in the order of its zones. They are
	// made while they are written; nothing is kept.
	Files func(View, Shape) iter.Seq[File]
}

// File is one file of a format.
type File struct {
	// Name is the file's base name.
	Name string
	// Write writes the file with the given serial in its SOA, where it has one.
	Write func(w io.Writer, serial uint32) error
}

// Shape says how individual records are put into zones.
type Shape string

const (
	// ShapePerName makes a zone for each name of a custom endpoint: nothing
	// else under endpoints.neo4j.io is touched. The default.
	ShapePerName Shape = "per-name"
	// ShapeOneZone makes one zone for all custom endpoints. Every other name
	// under endpoints.neo4j.io does not exist for those who ask it.
	ShapeOneZone Shape = "one-zone"
)

// ParseShape reads a shape's name.
func ParseShape(name string) (Shape, error) {
	switch shape := Shape(name); shape {
	case ShapePerName, ShapeOneZone:
		return shape, nil
	default:
		return "", fmt.Errorf("unknown shape %q", name)
	}
}

// Formats returns all formats, in the order in which they are listed to users.
func Formats() []Format {
	return []Format{bind}
}

// FormatNamed returns the format of that name.
func FormatNamed(name string) (Format, bool) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// Shaped returns the view's zones in the given shape.
func (v View) Shaped(shape Shape) iter.Seq[Zone] {
	return func(yield func(Zone) bool) {
		for _, zone := range v.Zones {
			if zone.Endpoints == nil || shape == ShapeOneZone {
				if !yield(zone) {
					return
				}
				continue
			}
			for single := range zone.PerName() {
				if !yield(single) {
					return
				}
			}
		}
	}
}
