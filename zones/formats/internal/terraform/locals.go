package terraform

import (
	"iter"
	"maps"
	"slices"
)

// maxLocals is how often locals may stand for each other.
const maxLocals = 5

// resolve puts into locals what their expressions stand for: nil for what is not known, such
// as one that refers to itself.
func (m *module) resolve() {
	raw := m.locals
	m.locals = nil
	for range maxLocals {
		m.forget()
		known := m.scope(m.scalars)
		next := make(map[string]any, len(raw))
		for name, value := range raw {
			next[name] = evaluate(value, known)
		}
		m.locals = next
	}
	m.forget()
}

// scalars returns locals without those that have others in them: what refers to such a one as a
// whole is not followed in locals.
func scalars(all map[string]any) map[string]any {
	kept := maps.Clone(all)
	maps.DeleteFunc(kept, func(_ string, value any) bool {
		switch v := value.(type) {
		case map[string]any:
			return !flat(maps.Values(v))
		case []any:
			return !flat(slices.Values(v))
		default:
			return false
		}
	})
	return kept
}

// flat reports whether values have no others in them.
func flat(all iter.Seq[any]) bool {
	for value := range all {
		switch value.(type) {
		case map[string]any, []any:
			return false
		}
	}
	return true
}
