package etcd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/auralink/auralink/internal/fleet"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/source"
)

// retryAfter is the time between two attempts to read from an etcd that is away.
const retryAfter = 500 * time.Millisecond

// lasting reports whether an error is about what etcd has, and not about etcd: to try
// again would not help.
func lasting(err error) bool {
	return errors.Is(err, fleet.ErrEmpty) || errors.Is(err, fleet.ErrUnpointed) || errors.Is(err, fleet.ErrNoRevision) || errors.Is(err, fleet.ErrDamaged) ||
		errors.Is(err, fleet.ErrDenied) || errors.Is(err, fleet.ErrAccess) || errors.Is(err, fleet.ErrFormat)
}

// firstWithin is how long an etcd is waited for at the start: it may be in an election.
const firstWithin = 8 * time.Second

// StartWithin is how long a server waits for the first text: for etcd, and the time in
// which the largest topology is read.
const StartWithin = firstWithin + time.Minute

// first returns the first text, or why there is none.
func (s *Source) first(ctx context.Context) (source.Text, error) {
	late := time.After(firstWithin)
	for {
		text, _, err := s.fetch(ctx, fleet.Head{})
		if err == nil || lasting(err) {
			return text, err
		}
		select {
		case <-ctx.Done():
			return source.Text{}, ctx.Err()
		case <-late:
			s.outage.Begin()
			return source.Text{}, fmt.Errorf("etcd is away: %w", err)
		case <-time.After(retryAfter):
		}
	}
}

// fetch reads the revision that a pointer means for this server. A pointer that says
// nothing is read anew. The revision is not fresh if it was returned last; then there is
// no text.
func (s *Source) fetch(ctx context.Context, head fleet.Head) (text source.Text, fresh bool, err error) {
	store, err := s.connected()
	if err != nil {
		return source.Text{}, false, err
	}
	if head.Pointer.Last == 0 {
		if head, err = store.Head(ctx); err != nil {
			return source.Text{}, false, err
		}
	}
	number := head.Pointer.For(s.options.Server)
	if number == 0 {
		return source.Text{}, false, spelled(store.Unpointed(ctx, s.Name()))
	}
	r, err := store.Pointed(ctx, head, number)
	if err == nil && r.ID != s.has {
		text.Content, err = store.Text(ctx, r, head.At)
	}
	if err != nil {
		return source.Text{}, false, err // what lacks may come: a mirror has the pointer before its revision
	}
	fresh = r.ID != s.has
	text.Written = source.Judged
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tellRestored(head, r)
	s.read, s.has, s.offer = head, r.ID, taken{number, r.ID}
	return text, fresh, nil
}

// tellRestored says so where the fleet has gone back, or has another revision of a number
// that was served: no push does that.
func (s *Source) tellRestored(head fleet.Head, r fleet.Revision) {
	switch {
	case head.Pointer.Last < s.read.Pointer.Last:
		s.options.Log.Warningf("topology %q: etcd was made anew or restored, or its pointer written by hand: the last revision is %d, and was %d", s.Name(), head.Pointer.Last, s.read.Pointer.Last)
	case r.Number == s.offer.number && r.ID != s.offer.id:
		s.options.Log.Warningf("topology %q: etcd was made anew, or restored: its revision %d is another one than before", s.Name(), r.Number)
	}
}

// spelled returns an error that says its hint as well: a log has no other place for it.
func spelled(err error) error {
	if h := hint.Of(err); h != "" {
		return fmt.Errorf("%w: %s", err, h)
	}
	return err
}
