package sieve_test

import (
	"hash/maphash"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/sieve"
)

var seed = maphash.MakeSeed()

func hash(name string) uint64 { return maphash.String(seed, name) }

// TestTell: a thing is told at once, and an hour later at the earliest again.
func TestTell(t *testing.T) {
	s := sieve.New()
	steps := []struct {
		at   time.Duration
		want bool
	}{
		{0, true},
		{0, false},
		{time.Second, false},
		{time.Hour - time.Second, false},
		{time.Hour, true},
		{time.Hour + time.Minute, false},
		{2*time.Hour - time.Second, false},
		{2 * time.Hour, true},
		{2*time.Hour - time.Second, false}, // of a call that was under way
		{90 * 365 * 24 * time.Hour, true},
	}
	for _, step := range steps {
		if got := s.Tell(hash("x"), step.at); got != step.want {
			t.Errorf("at %s: told %t, want %t", step.at, got, step.want)
		}
	}
}

// TestBurst: of things that happen once, ten are told at once, and one each second
// from then on.
func TestBurst(t *testing.T) {
	s := sieve.New()
	next := uint64(0)
	tell := func(now time.Duration) int {
		n := 0
		for range 100 {
			next++
			if s.Tell(maphash.Comparable(seed, next), now) {
				n++
			}
		}
		return n
	}
	got := []int{tell(0), tell(0), tell(time.Second), tell(time.Second), tell(4 * time.Second), tell(time.Hour)}
	if diff := cmp.Diff([]int{10, 0, 1, 0, 3, 10}, got); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

// flood has 10,000 things happen in a second that never happened before.
func flood(s *sieve.Sieve, random *rand.Rand, now time.Duration) (told int) {
	for range 10_000 {
		if s.Tell(random.Uint64(), now) {
			told++
		}
	}
	return told
}

// TestFlood: while 10,000 things a second happen once, one that happens once a
// second is told when it happens for the second or third time, whenever it begins;
// and of all the others no more than one a second.
func TestFlood(t *testing.T) {
	for begin := range 2 {
		s, random := sieve.New(), rand.New(rand.NewPCG(1, uint64(begin)))
		after, others := 0, 0
		for second := range 30 + begin {
			now := time.Duration(second) * time.Second
			others += flood(s, random, now)
			if second < 10+begin || after != 0 {
				continue
			}
			if s.Tell(hash("real"), now+time.Second/2) {
				after = second - 10 - begin + 1
			}
		}
		if after < 1 || after > 3 {
			t.Errorf("told at time %d, want one of the first 3", after)
		}
		if most := sieve.Burst + 30 + begin; others > most {
			t.Errorf("%d of the others told, want %d at most", others, most)
		}
	}
}

// TestFloodOfPairs: things that each happen twice do not keep out one that goes on
// to happen.
func TestFloodOfPairs(t *testing.T) {
	s, random := sieve.New(), rand.New(rand.NewPCG(1, 2))
	var before []uint64
	for second := range 60 {
		now := time.Duration(second) * time.Second
		for _, h := range before {
			s.Tell(h, now)
		}
		before = before[:0]
		for range 5_000 {
			before = append(before, random.Uint64())
			s.Tell(before[len(before)-1], now)
		}
		if second >= 10 && s.Tell(hash("real"), now) {
			t.Logf("told after %d seconds", second-10)
			return
		}
	}
	t.Error("never told")
}

// TestRemembered: a thing that happened twice, and was not told for want of lines, is
// still known half a minute later in a flood of things that happen once.
func TestRemembered(t *testing.T) {
	s, random := sieve.New(), rand.New(rand.NewPCG(1, 5))
	var twice []uint64
	for range 2 * sieve.Burst {
		twice = append(twice, random.Uint64())
	}
	for second := range 2 { // take the lines of both classes
		flood(s, random, time.Duration(second)*time.Second)
		for _, h := range twice {
			s.Tell(h, time.Duration(second)*time.Second)
		}
		if s.Tell(hash("real"), time.Duration(second)*time.Second) {
			t.Fatalf("told in second %d", second)
		}
	}
	for second := 2; second < 32; second++ {
		flood(s, random, time.Duration(second)*time.Second)
	}
	if !s.Tell(hash("real"), 31*time.Second) {
		t.Error("forgotten")
	}
}

// TestDue: one that cannot tell a thing has another one do it, who needs no line of
// its own for that; until then it is due once a second.
func TestDue(t *testing.T) {
	s := sieve.New()
	var got []bool
	note := func(told bool) { got = append(got, told) }
	note(s.Due(hash("x"), 0))
	note(s.Due(hash("x"), 0))
	note(s.Due(hash("x"), time.Second))
	flood(s, rand.New(rand.NewPCG(1, 3)), time.Second) // takes all lines of the class
	note(s.Tell(hash("x"), time.Second))
	note(s.Due(hash("x"), 2*time.Second))
	note(s.Tell(hash("x"), 2*time.Second))
	note(s.Due(hash("x"), time.Second+time.Hour))
	if diff := cmp.Diff([]bool{true, false, true, true, false, false, true}, got); diff != "" {
		t.Errorf("due, due, due, told, due, told, due (-want +got):\n%s", diff)
	}
	for range 100 { // and no more is handed on than could be told
		s.Due(rand.Uint64(), time.Second)
	}
	if s.Due(hash("y"), time.Second) {
		t.Error("due beyond the lines there are")
	}
}

// TestConcurrent: however many note a thing at once, one of them at most tells it.
func TestConcurrent(t *testing.T) {
	s := sieve.New()
	for i := range 100 {
		var told atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if s.Tell(uint64(i)<<40, time.Duration(i)*time.Minute) {
					told.Add(1)
				}
			})
		}
		all.Wait()
		if told.Load() > 1 {
			t.Errorf("told %d times", told.Load())
		}
	}
}

// TestAllocations: nothing is allocated for a thing.
func TestAllocations(t *testing.T) {
	s, next := sieve.New(), uint64(0)
	if n := testing.AllocsPerRun(1000, func() {
		next += 1 << 40
		s.Due(next, time.Duration(next))
		s.Tell(next, time.Duration(next))
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkDue(b *testing.B) {
	s, next := sieve.New(), uint64(0)
	for b.Loop() {
		next++
		s.Due(next*0x9e3779b97f4a7c15, time.Duration(next)*100*time.Microsecond)
	}
}
