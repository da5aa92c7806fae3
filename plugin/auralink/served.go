package auralink

import (
	"sync/atomic"

	"github.com/auralink/auralink/internal/serve"
)

// servedOf is what an instance serves: what all who follow its topology do while it is one
// of them, and a snapshot of its own before and after. The zero value serves nothing.
type servedOf struct{ cell atomic.Pointer[serve.Cell] }

// Load returns the snapshot that is served, or nil.
func (s *servedOf) Load() *serve.Snapshot {
	if cell := s.cell.Load(); cell != nil {
		return cell.Load()
	}
	return nil
}

// Store has a snapshot of the instance's own served.
func (s *servedOf) Store(snapshot *serve.Snapshot) {
	cell := new(serve.Cell)
	cell.Store(snapshot)
	s.cell.Store(cell)
}

// share has the snapshot in a cell served, from now on whatever it is, and returns it.
func (s *servedOf) share(cell *serve.Cell) *serve.Snapshot {
	s.cell.Store(cell)
	return cell.Load()
}
