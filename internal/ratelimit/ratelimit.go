// Package ratelimit limits how many responses a source gets over UDP, where
// addresses can be forged: a server that answers whatever comes can be made to
// flood a victim, and one client out of its mind to take the time of all others.
//
// It is response rate limiting (RRL) as name servers have it, and takes from each
// what suits a server for private networks:
//
//   - NSD (rrl-ratelimit, rrl-slip, rrl-ipv4-prefix-length 24,
//     rrl-ipv6-prefix-length 64) and BIND count by prefix, kind of answer and
//     name; a limited source gets a truncated reply to each 2nd query, so that
//     whoever is real comes back over TCP. NSD goes on limiting for as long as
//     the queries keep coming.
//   - Knot (mod-rrl: rate-limit, slip 1) counts by prefix alone, in a table of
//     fixed size with eight octets for each source, and lets a limited source
//     have its rate all the time. It truncates each limited reply: a query that
//     is never answered leaves a resolver open to forged answers for longer.
//
// Here a prefix has one account, as with Knot: kinds of answers differ little in
// size, and names cost nothing to vary. The prefixes are those of a customer's
// subnets, /24 and /56. Slip is the operator's choice, as everywhere.
//
// The package knows no messages and reads no clock.
package ratelimit

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"net/netip"
	"sync/atomic"
	"time"
)

// Disposition says what to do with a response.
type Disposition uint8

// The dispositions.
const (
	// Pass means that the response goes out.
	Pass Disposition = iota
	// Slip means that a truncated one goes out in its place (TC, RFC 1035,
	// section 4.1.1), without records.
	Slip
	// Drop means that nothing goes out.
	Drop
)

// String returns the disposition as a word.
func (v Disposition) String() string {
	switch v {
	case Pass:
		return "pass"
	case Slip:
		return "slip"
	case Drop:
		return "drop"
	default:
		return "invalid"
	}
}

// Config says what to limit.
type Config struct {
	// Rate is how many responses a source gets per second, 1 to MaxRate; as many
	// at once, after a second without.
	Rate int
	// Slip is which of a source's limited responses goes out truncated: each
	// Slip-th. 1 stands for all of them, 0 for none; MaxSlip is the most.
	Slip int
	// IPv4Bits and IPv6Bits are the lengths of the prefixes that count as one
	// source, 1 to 32 and 1 to 128.
	IPv4Bits, IPv6Bits int
}

const (
	// MaxRate is the greatest rate. It is kept to within 7 %, and one of up to
	// 10,000 to within 0.1 %: an account is counted in ticks.
	MaxRate = 1_000_000
	// MaxSlip is the greatest slip: above it, truncated replies are so few that
	// a real client gives up before it gets one.
	MaxSlip = 10
)

// Default returns a configuration with the rate, with which clients behind one
// router and one subnet count as one, and everyone who is limited can use TCP.
func Default(rate int) Config { return Config{Rate: rate, Slip: 1, IPv4Bits: 24, IPv6Bits: 56} }

func (c Config) check() error {
	for _, field := range []struct {
		name            string
		value, min, max int
	}{
		{"rate", c.Rate, 1, MaxRate},
		{"slip", c.Slip, 0, MaxSlip},
		{"IPv4 prefix length", c.IPv4Bits, 1, 32},
		{"IPv6 prefix length", c.IPv6Bits, 1, 128},
	} {
		if field.value < field.min || field.value > field.max {
			return fmt.Errorf("%s %d is not between %d and %d", field.name, field.value, field.min, field.max)
		}
	}
	return nil
}

// Limiter has the accounts of sources. It never grows, takes no locks, allocates
// nothing for a judgement, and is safe for concurrent use.
//
// An account is as in the generic cell rate algorithm (ITU-T I.371): the time at
// which it will be empty again. A response adds the interval between two at the
// full rate, unless that leads to more than a second ahead. An account that is
// empty says nothing, so its place can be taken.
//
// Places are found by a hash of the prefix with a seed of its own, so that nobody
// can choose prefixes that meet. What may happen by chance is that two sources
// share an account: they do if 36 bits of their hashes are equal. And if more
// than eight sources of one set have accounts that are not empty, of 65,536 sets,
// the one with the least in it is given up, and that source starts anew. And a
// source that was last seen 19 and a half hours ago to within two seconds, or a
// multiple of that, may find the account as it left it, for these seconds.
type Limiter struct {
	sets           []set
	seed           maphash.Seed
	interval       uint64 // ticks
	slip           uint64
	ipv4           uint32 // mask
	ipv6Hi, ipv6Lo uint64 // mask
}

// set is the places for accounts whose hashes begin alike: one cache line.
type set [8]atomic.Uint64

// An account is a word: from the highest bit, the end of the source's hash, how
// many responses were dropped since the last that was slipped, and the time in
// ticks at which it is empty.
const (
	tagBits, countBits, timeBits = 20, 4, 40
	tagMask                      = 1<<tagBits - 1
	countMask                    = 1<<countBits - 1
	timeMask                     = 1<<timeBits - 1

	setBits = 16 // 65,536 sets of 64 octets: 4 MiB

	// tickShift makes ticks of nanoseconds: one is 64 ns. The time comes round
	// after 2^40 of them: 19 hours and a half.
	tickShift = 6
	// second is how far ahead an account may be, in ticks.
	second = uint64(time.Second >> tickShift)
)

// New makes a limiter, which takes 4 MiB. An error says which field of the
// configuration is out of bounds.
func New(c Config) (*Limiter, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	hi, lo := ^uint64(0), ^uint64(0)
	if c.IPv6Bits <= 64 {
		hi, lo = hi<<(64-c.IPv6Bits), 0
	} else {
		lo <<= 128 - c.IPv6Bits
	}
	return &Limiter{
		sets:     make([]set, 1<<setBits),
		seed:     maphash.MakeSeed(),
		interval: second / uint64(c.Rate),
		slip:     uint64(c.Slip),
		ipv4:     ^uint32(0) << (32 - c.IPv4Bits),
		ipv6Hi:   hi,
		ipv6Lo:   lo,
	}, nil
}

// Judge says whether a response to the client may go out now, over UDP, and
// counts it. The times of calls need not be in order, if they are to within a
// second.
func (l *Limiter) Judge(client netip.Addr, now time.Time) Disposition {
	hash := l.hash(client)
	accounts := &l.sets[hash>>(64-setBits)]
	tag := hash & tagMask
	at := uint64(now.UnixNano()) >> tickShift & timeMask
	for {
		place, before := accounts.find(tag, at)
		account, disposition := l.charge(before, tag, at)
		if account == before || place.CompareAndSwap(before, account) {
			return disposition
		}
	}
}

// hash returns the hash of the client's prefix.
func (l *Limiter) hash(client netip.Addr) uint64 {
	octets := client.As16()
	if client.Is4() || client.Is4In6() {
		v4 := octets[12:]
		binary.BigEndian.PutUint32(v4, binary.BigEndian.Uint32(v4)&l.ipv4)
	} else {
		hi, lo := octets[:8], octets[8:]
		binary.BigEndian.PutUint64(hi, binary.BigEndian.Uint64(hi)&l.ipv6Hi)
		binary.BigEndian.PutUint64(lo, binary.BigEndian.Uint64(lo)&l.ipv6Lo)
	}
	return maphash.Bytes(l.seed, octets[:])
}

// find returns the place of the tag's account and what is in it, or else the
// place of the account with the least in it.
func (s *set) find(tag, at uint64) (*atomic.Uint64, uint64) {
	var least *atomic.Uint64
	var account uint64
	leastAhead := ^uint64(0)
	for i := range s {
		word := s[i].Load()
		if word>>(countBits+timeBits) == tag {
			return &s[i], word
		}
		if a := ahead(word, at); a < leastAhead {
			least, account, leastAhead = &s[i], word, a
		}
	}
	return least, account
}

// ahead returns by how much an account is, in ticks. A time far ahead is one that
// is long past, and the clock has come round; one of up to a second too far is of
// a call whose time was later than this one's.
func ahead(word, at uint64) uint64 {
	if a := (word - at) & timeMask; a <= 2*second {
		return a
	}
	return 0
}

// charge adds a response to an account, or to a new one if it is another tag's.
func (l *Limiter) charge(account, tag, at uint64) (uint64, Disposition) {
	used, dropped := uint64(0), uint64(0)
	if account>>(countBits+timeBits) == tag {
		used, dropped = ahead(account, at), account>>timeBits&countMask
	}
	disposition := Pass
	if used+l.interval <= second {
		used += l.interval
	} else {
		dropped, disposition = l.limited(dropped)
	}
	return tag<<(countBits+timeBits) | dropped<<timeBits | (at+used)&timeMask, disposition
}

// limited says which of the limited responses this one is.
func (l *Limiter) limited(dropped uint64) (uint64, Disposition) {
	switch {
	case l.slip == 0:
		return 0, Drop
	case dropped+1 >= l.slip:
		return 0, Slip
	default:
		return dropped + 1, Drop
	}
}
