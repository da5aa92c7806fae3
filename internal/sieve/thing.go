package sieve

import (
	"math/bits"
	"time"
)

// second is a time in whole seconds, which comes round after four years.
type second uint64

func secondOf(now time.Duration) second { return second(now/time.Second) & secondMask }

// thing is what is known of a thing that happens, in a word: from the highest bit,
// the end of its hash; whether it was told, or is due to be; in how many seconds it
// has happened; and the second of the last time, or in which it was told. No thing
// is 0, since it has happened.
type thing uint64

const (
	secondBits, countBits = 27, 4 // four years; 15

	secondMask = 1<<secondBits - 1
	countMask  = 1<<countBits - 1
	hold       = second(Hold / time.Second)
	tagShift   = secondBits + countBits + 2

	due  thing = 1 << (secondBits + countBits)
	told thing = due << 1
)

// newThing is one that happens for the first time.
func newThing(hash uint64) thing { return thing(hash>>tagShift<<tagShift) | 1<<secondBits }

func (t thing) has(flag thing) bool { return t&flag != 0 }

// sameAs reports whether two have the same end of their hashes, and are there.
func (t thing) sameAs(other thing) bool { return t != 0 && t>>tagShift == other>>tagShift }

// count is in how many seconds it has happened.
func (t thing) count() uint64 { return uint64(t >> secondBits & countMask) }

// again has it happen in one second more.
func (t thing) again() thing {
	if t.count() < countMask {
		t += 1 << secondBits
	}
	return t
}

// class is 0 for a thing that happened in one second, 1 for 2 and 3, and so on.
func (t thing) class() int { return min(bits.Len64(t.count()), Classes) - 1 }

// at sets the second.
func (t thing) at(now second) thing { return t&^secondMask | thing(now) }

// age is how long ago it happened, in seconds. A call whose time is before another
// one's finds that nothing has passed.
func (t thing) age(now second) second {
	age := (now - second(t)) & secondMask
	if age > secondMask/2 {
		return 0
	}
	return age
}

// worth orders things by which of them should go on to be remembered.
func (t thing) worth(now second) uint64 {
	age := t.age(now)
	newer := uint64(secondMask - age)
	switch {
	case t == 0, t.has(told) && age >= hold:
		return 0
	case t.has(told):
		return (countMask+1)<<secondBits + newer
	case age >= fresh:
		return newer
	default:
		return t.count()<<secondBits + newer
	}
}
