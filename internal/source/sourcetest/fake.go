// Package sourcetest has a source of topologies for tests.
package sourcetest

import (
	"context"
	"sync"

	"github.com/auralink/auralink/internal/source"
)

// Fake is a source that has what it is given.
type Fake struct {
	name string

	mu     sync.Mutex // guards the rest
	text   source.Text
	err    error
	fresh  bool          // not returned yet
	signal chan struct{} // closed, and made anew, when it is fresh
	closed bool
}

var _ source.Source = (*Fake)(nil)

// New returns a source with a text.
func New(name, text string, written source.Written) *Fake {
	f := &Fake{name: name, signal: make(chan struct{})}
	f.Put(source.Text{Content: []byte(text), Written: written})
	return f
}

// Put makes a text the one that is there.
func (f *Fake) Put(text source.Text) { f.set(text, nil) }

// Fail makes the text one that cannot be had.
func (f *Fake) Fail(err error) { f.set(source.Text{}, err) }

func (f *Fake) set(text source.Text, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.text, f.err = text, err
	f.wake()
}

func (f *Fake) wake() {
	f.fresh = true
	close(f.signal)
	f.signal = make(chan struct{})
}

// Name implements source.Source.
func (f *Fake) Name() string { return f.name }

// Key implements source.Source.
func (f *Fake) Key() string { return f.name }

// Next implements source.Source.
func (f *Fake) Next(ctx context.Context) (source.Text, error) {
	for {
		f.mu.Lock()
		text, err, fresh, signal := f.text, f.err, f.fresh, f.signal
		f.fresh = false
		f.mu.Unlock()
		if fresh {
			return text, err
		}
		select {
		case <-ctx.Done():
			return source.Text{}, ctx.Err()
		case <-signal:
		}
	}
}

// Again implements source.Source.
func (f *Fake) Again() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wake()
}

// Close implements source.Source.
func (f *Fake) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
}

// Closed reports whether it was closed.
func (f *Fake) Closed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.closed
}
