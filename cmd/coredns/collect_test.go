package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// collecting returns what the runtime collects by.
func collecting() (percent int, limit int64) {
	percent = debug.SetGCPercent(-1)
	debug.SetGCPercent(percent)
	return percent, debug.SetMemoryLimit(-1)
}

// After the first collection it is collected as Go does by itself, and where the
// environment says how, at once.
func TestCollectLate(t *testing.T) {
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	before, _ := collecting()
	defer debug.SetGCPercent(before)
	defer debug.SetMemoryLimit(math.MaxInt64)
	debug.SetGCPercent(70)
	collectLate()
	for range 10_000 { // the clean-up has a goroutine of its own
		if percent, limit := collecting(); percent == 70 && limit == math.MaxInt64 {
			return
		}
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	percent, limit := collecting()
	t.Fatalf("collects at %d %% and %d octets, want as before", percent, limit)
}

func TestCollectLateLeavesEnvironment(t *testing.T) {
	for _, key := range []string{"GOGC", "GOMEMLIMIT"} {
		t.Run(key, func(t *testing.T) {
			t.Setenv(key, "200")
			percent, limit := collecting()
			collectLate()
			if p, l := collecting(); p != percent || l != limit {
				t.Errorf("collects at %d %% and %d octets, want %d and %d", p, l, percent, limit)
			}
		})
	}
}
