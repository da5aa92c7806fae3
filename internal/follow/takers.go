package follow

import (
	"context"
	"slices"

	"github.com/auralink/auralink/internal/serve"
)

// Taker serves snapshots: a server block. Its methods must not call the follower.
type Taker interface {
	// Check says why a snapshot cannot be served, for reasons of the taker's own.
	Check(s *serve.Snapshot) error
	// Prepare gets ready for a snapshot that was checked: it is about to be served.
	Prepare(s *serve.Snapshot)
	// Take serves what the cell holds, from now on and whatever it holds later. All
	// takers have the same cell, and have been prepared for what is in it.
	Take(served *serve.Cell)
	// Doubt tells why the source's text is not what is served; nil means that it is again.
	Doubt(problem error)
}

// member is a taker that is served, and what its Corefile says.
type member struct {
	taker   Taker
	options Options
}

// Pick returns what a taker that has not joined yet is to serve: the current snapshot
// or, if its check refuses that, one that the others refused. The taker is of a newer
// Corefile then, which will take the place of theirs.
func (f *Follower) Pick(check func(*serve.Snapshot) error) (*serve.Snapshot, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.current()
	err := check(s)
	if err == nil {
		return s, nil
	}
	if f.refused != nil && check(f.refused.snapshot) == nil {
		return f.refused.snapshot, nil
	}
	return nil, err
}

// Join adds a taker, and has the source followed. It returns false if
// the last one has left: then the source has to be opened anew.
func (f *Follower) Join(taker Taker, options Options) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ended {
		return false
	}
	before := f.options()
	f.members = append(f.members, member{taker, options})
	if s := f.current(); taker.Check(s) == nil {
		taker.Prepare(s)
		taker.Take(&f.served)
	}
	taker.Doubt(f.problem)
	switch {
	case f.cancel == nil:
		ctx, cancel := context.WithCancel(context.Background())
		f.cancel = cancel
		f.report()
		go f.run(ctx)
	case options != before:
		f.src.Again()
	}
	return true
}

// Leave removes a taker. The last one to leave ends the following. One that has not
// joined may leave, too.
func (f *Follower) Leave(taker Taker) {
	if f.left(taker) {
		all.forget(f)
	}
}

// left takes a taker out, and reports whether it was the last.
func (f *Follower) left(taker Taker) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := f.options()
	others := slices.DeleteFunc(slices.Clone(f.members), func(m member) bool { return m.taker == taker })
	if len(others) == len(f.members) {
		return false
	}
	f.members = others
	if len(f.members) > 0 {
		if f.refused != nil || f.options() != before {
			f.src.Again()
		}
		return false
	}
	f.ended = true
	f.forgetUnkept()
	f.cancel()
	return true
}

// options are those of the newest member: of the newest Corefile. It must be called
// with mu held.
func (f *Follower) options() Options {
	if len(f.members) == 0 {
		return f.opened.options
	}
	return f.members[len(f.members)-1].options
}

// hand gives a snapshot to all takers at once, or to none.
func (f *Follower) hand(o offer) error {
	for _, m := range f.members {
		if err := m.taker.Check(o.snapshot); err != nil {
			f.refused = &o
			return err
		}
	}
	for _, m := range f.members {
		m.taker.Prepare(o.snapshot)
	}
	f.adopt(o)
	for _, m := range f.members {
		m.taker.Take(&f.served)
	}
	return nil
}
