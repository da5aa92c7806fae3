package zones

import (
	"fmt"
	"iter"
)

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
