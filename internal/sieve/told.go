package sieve

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// toldPlaces is how many things a Told has at most, in sets of toldSet.
	toldPlaces = 1 << 10
	toldSet    = 8
)

// Told has the things that were told lately, and how often each has happened since. It
// is bounded: where a new one finds no room, the one goes that has happened the least
// often. Things are known by the hashes that a [Sieve] is given. It is safe for
// concurrent use.
//
// To count takes no lock and allocates nothing. What nobody has told is not counted.
type Told[T any] struct {
	places [toldPlaces]place
	mu     sync.Mutex // guards things
	things [toldPlaces]*Event[T]
}

// place is a thing's hash, or 0, and how often it has happened.
type place struct{ hash, count atomic.Uint64 }

// Event is a thing that was told.
type Event[T any] struct {
	Thing T
	// Count is how often it happened since First.
	Count uint64
	First time.Time
}

// Happened counts a thing, if it was told.
func (t *Told[T]) Happened(hash uint64) {
	if t == nil {
		return
	}
	set := t.set(hash)
	for i := range set {
		if set[i].hash.Load() == hash {
			set[i].count.Add(1)
			return
		}
	}
}

// set returns the places of the things whose hashes are like this one.
func (t *Told[T]) set(hash uint64) []place {
	first := int(hash%(toldPlaces/toldSet)) * toldSet
	return t.places[first : first+toldSet]
}

// Tell notes that a thing is told, as it has happened once. One that is there keeps its
// count.
func (t *Told[T]) Tell(hash uint64, thing T, now time.Time) {
	if t == nil || hash == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	set, least := t.set(hash), 0
	for i := range set {
		switch {
		case set[i].hash.Load() == hash:
			return
		case set[i].hash.Load() == 0 && set[least].hash.Load() != 0,
			set[least].hash.Load() != 0 && set[i].count.Load() < set[least].count.Load():
			least = i
		}
	}
	set[least].hash.Store(0) // so that nobody counts for the one that goes
	set[least].count.Store(1)
	t.things[int(hash%(toldPlaces/toldSet))*toldSet+least] = &Event[T]{Thing: thing, First: now}
	set[least].hash.Store(hash)
}

// Events returns all that were told, what happened most often first.
func (t *Told[T]) Events() []Event[T] {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []Event[T]
	for i, thing := range t.things {
		if thing != nil {
			event := *thing
			event.Count = t.places[i].count.Load()
			all = append(all, event)
		}
	}
	slices.SortStableFunc(all, func(a, b Event[T]) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), a.First.Compare(b.First))
	})
	return all
}
