package holdings

import (
	"maps"
	"slices"
)

// Ender is what the readers of one kind know of several files together.
type Ender interface {
	// End adds to the builder what only all files together say.
	End()
}

// Shared returns what the readers of a kind share, which the first of them makes. It is ended
// when all files are read.
func Shared[E Ender](b *Builder, kind string, first func() E) E {
	if there, ok := b.shared[kind].(E); ok {
		return there
	}
	made := first()
	b.shared[kind] = made
	return made
}

// endShared ends what readers share, in the order of the kinds: of what one adds to another kind
// that one must come later.
func (b *Builder) endShared() {
	for len(b.shared) > 0 {
		kind := slices.Min(slices.Collect(maps.Keys(b.shared)))
		one := b.shared[kind]
		delete(b.shared, kind)
		one.End()
	}
}
