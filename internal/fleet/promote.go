package fleet

import "context"

// Promote makes the canary's revision the one for all.
func (s *Store) Promote(ctx context.Context, read Head) error {
	next := read.Pointer
	next.Current, next.CurrentID, next.Canary = next.Canary.Revision, next.Canary.ID, nil
	return s.move(ctx, next, read)
}

// Abort ends the canary: its servers go back to the revision for all.
func (s *Store) Abort(ctx context.Context, read Head) error {
	next := read.Pointer
	next.Canary = nil
	return s.move(ctx, next, read)
}

// move swaps the pointer and nothing else.
func (s *Store) move(ctx context.Context, next Pointer, read Head) error {
	swapped, err := s.swap(ctx, next, read, nil)
	if err != nil || swapped {
		return err
	}
	now, err := s.Head(ctx)
	if err != nil {
		return err
	}
	return &ConflictError{Now: now}
}
