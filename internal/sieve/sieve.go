// Package sieve picks what is worth a line of a log from what happens again and
// again: a name that is asked for and should not be, a client that may not ask.
//
// Each thing is told at once if little is going on, and then not for an hour.
// While there is more to tell than a log should have, what goes on happening comes
// before what happened once: a flood of things that are all different, as made-up
// names are, does not keep out a real one. Things are told apart by a hash.
//
// The package reads no clock: all times are given, as time since some moment, by a
// clock that nobody sets. It takes no locks and allocates nothing for a thing.
package sieve

import (
	"sync/atomic"
	"time"
)

const (
	// Hold is how long a thing that was told is not told again.
	Hold = time.Hour
	// Every is the least time from one thing that is told to the next of its class.
	Every = time.Second
	// Burst is how many of a class may be told at once after a quiet time.
	Burst = 10
	// Classes is how many classes there are. A thing is in a class by the number of
	// seconds in which it happened, since it was last told: 1; 2 and 3; 4 to 7; and
	// more. Each class has lines of its own.
	Classes = 4
	// Places is how many things are remembered.
	Places = setCount * setSize

	// fresh is for how long a thing keeps the place that it has earned by happening
	// again, when it happens no more.
	fresh = 60 // seconds

	setCount = 1 << 13
	setSize  = 8
)

// Sieve remembers what happened. It takes 512 KiB, and never grows. It is safe for
// concurrent use: where two calls meet, one of them may not count.
//
// A thing has a place in one of 8,192 sets of eight. A new one takes the place of
// the one in its set that is worth the least: what has been told long ago, then what
// happened in the fewest seconds, then what happened the longest time ago. So a
// thing that happens each second is known to happen again even while 10,000 new ones
// come each second: some 1.2 of these come to its set, and eight would be needed.
type Sieve struct {
	sets  [setCount]set
	lines [Classes]pace
}

// set is the places of things whose hashes begin alike: one cache line.
type set [setSize]atomic.Uint64

// New makes a sieve.
func New() *Sieve { return &Sieve{} }

// Tell notes that a thing happens, and reports whether to tell it now.
func (s *Sieve) Tell(hash uint64, now time.Duration) bool {
	place, before, thing, news := s.happen(hash, now)
	if !thing.has(due) && (!news || !s.lines[thing.class()].take(now)) {
		place.CompareAndSwap(before, uint64(thing))
		return false
	}
	return place.CompareAndSwap(before, uint64(thing.at(secondOf(now))&^due|told))
}

// Due notes that a thing happens, for a caller that cannot tell it, and reports
// whether to hand it to one that can, who then calls Tell. Until that is done it is
// due, once each second.
func (s *Sieve) Due(hash uint64, now time.Duration) bool {
	place, before, thing, news := s.happen(hash, now)
	if news && !thing.has(due) && s.lines[thing.class()].take(now) {
		thing |= due
	}
	return place.CompareAndSwap(before, uint64(thing)) && news && thing.has(due)
}

// happen returns the place of a thing, what is there, and what is to be there. It is
// news if it was not told lately, and has not happened in this second.
func (s *Sieve) happen(hash uint64, now time.Duration) (place *atomic.Uint64, before uint64, after thing, news bool) {
	at := secondOf(now)
	place, known := s.sets[hash%setCount].find(thing(hash), at)
	switch age := known.age(at); {
	case !known.sameAs(thing(hash)), known.has(told) && age >= hold:
		return place, uint64(known), newThing(hash).at(at), true
	case known.has(told), age == 0:
		return place, uint64(known), known, false
	default:
		return place, uint64(known), known.again().at(at), true
	}
}

// find returns the place of a thing and what is known of it, or else the place of
// the one that is worth the least.
func (s *set) find(wanted thing, now second) (*atomic.Uint64, thing) {
	least, found, leastWorth := &s[0], thing(0), ^uint64(0)
	for i := range s {
		known := thing(s[i].Load())
		if known.sameAs(wanted) {
			return &s[i], known
		}
		if worth := known.worth(now); worth < leastWorth {
			least, found, leastWorth = &s[i], known, worth
		}
	}
	return least, found
}

// pace lets things be told at a rate: it is the time at which all that were told
// would have been, one in [Every] (the generic cell rate algorithm, ITU-T I.371).
type pace struct{ done atomic.Int64 }

func (p *pace) take(now time.Duration) bool {
	for {
		before := p.done.Load()
		done := max(time.Duration(before), now) + Every
		if done-now > Burst*Every {
			return false
		}
		if p.done.CompareAndSwap(before, int64(done)) {
			return true
		}
	}
}
