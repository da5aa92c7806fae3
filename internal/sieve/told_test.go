package sieve_test

import (
	"sync"
	"testing"
	"time"

	"github.com/auralink/auralink/internal/sieve"
)

// TestTold: a thing counts from when it was told, and what nobody told does not.
func TestTold(t *testing.T) {
	var told sieve.Told[string]
	at := time.Unix(1, 0)
	told.Happened(7)
	told.Tell(7, "seven", at)
	told.Tell(9, "nine", at)
	told.Tell(7, "again", at.Add(time.Hour))
	for range 4 {
		told.Happened(7)
	}
	told.Happened(8)
	events := told.Events()
	if len(events) != 2 || events[0] != (sieve.Event[string]{Thing: "seven", Count: 5, First: at}) || events[1].Count != 1 {
		t.Errorf("%+v", events)
	}
	var nobody *sieve.Told[string]
	nobody.Happened(7)
	nobody.Tell(7, "seven", at)
	if nobody.Events() != nil {
		t.Error("nobody has told anything")
	}
}

// TestToldBounded: a flood of things that happen once leaves those that happen often.
func TestToldBounded(t *testing.T) {
	var told sieve.Told[uint64]
	told.Tell(1<<40, 0, time.Unix(1, 0))
	for range 3 {
		told.Happened(1 << 40)
	}
	for hash := uint64(1); hash < 100_000; hash++ {
		told.Tell(hash, hash, time.Unix(2, 0))
	}
	events := told.Events()
	if len(events) > 1024 || events[0].Count != 4 || events[0].Thing != 0 {
		t.Errorf("%d events, first %+v", len(events), events[0])
	}
}

// TestToldTogether: counts of several at once are all counted, and nothing is allocated for one.
func TestToldTogether(t *testing.T) {
	var told sieve.Told[string]
	told.Tell(5, "five", time.Unix(1, 0))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 1000 {
				told.Happened(5)
				told.Events()
			}
		})
	}
	all.Wait()
	if n := told.Events()[0].Count; n != 8001 {
		t.Errorf("%d are counted", n)
	}
	if n := testing.AllocsPerRun(100, func() { told.Happened(5) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkToldHappened(b *testing.B) {
	var told sieve.Told[string]
	told.Tell(5, "five", time.Unix(1, 0))
	for b.Loop() {
		told.Happened(5)
	}
}
