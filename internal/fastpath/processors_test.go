package fastpath

import (
	"runtime"
	"sync"
	"testing"
	"time"
)

// goRuntime is what there is of Go's runtime to this: a default that changes with the
// limits of the process, and is followed until the number is set.
type goRuntime struct {
	sync.Mutex
	limit, custom int
}

func (r *goRuntime) set(n int) int {
	r.Lock()
	defer r.Unlock()
	before := max(r.limit, 0)
	if r.custom > 0 {
		before = r.custom
	}
	if n > 0 {
		r.custom = n
	}
	return before
}

func (r *goRuntime) restore() {
	r.Lock()
	defer r.Unlock()
	r.custom = 0
}

// TestProcessors: there is one processor more than loops, and no fewer than the
// limits of the process allow, whatever comes first.
func TestProcessors(t *testing.T) {
	type step struct {
		what         string
		limit, loops int // the limit is set, and so many loops begin or end
		want         int
		followed     bool // by Go
	}
	for _, tc := range []struct {
		name  string
		fixed bool
		steps []step
	}{
		{"enough", false, []step{
			{"three loops", 4, 3, 4, true},
			{"the limit rises", 8, 0, 8, true},
			{"it falls below the loops", 2, 0, 4, false},
			{"it rises again", 8, 0, 8, true},
		}},
		{"too few", false, []step{
			{"a loop", 1, 1, 2, false},
			{"another one", 1, 1, 3, false},
			{"the limit rises", 16, 0, 16, true},
			{"it falls", 1, 0, 3, false},
			{"a loop ends", 1, -1, 2, false},
			{"the last loop ends", 1, -1, 1, true},
			{"a loop begins anew", 1, 1, 2, false},
		}},
		{"set by whoever started the process", true, []step{
			{"two loops", 1, 2, 1, true},
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var r goRuntime
			p := processors{set: r.set, restore: r.restore, fixed: tc.fixed, every: time.Hour}
			for _, s := range tc.steps {
				r.limit = s.limit
				for range max(s.loops, -s.loops) {
					p.add(s.loops / max(s.loops, -s.loops))
				}
				if s.loops == 0 {
					p.adjust() // as follow does
				}
				if got, followed := r.set(0), r.custom == 0; got != s.want || followed != s.followed {
					t.Errorf("%s: %d processors, followed by Go: %v; want %d, %v", s.what, got, followed, s.want, s.followed)
				}
			}
		})
	}
}

// TestProcessorsFollow: a limit that changes is seen while loops have packets, not
// while nothing is asked of them, and no more when the last one has ended.
func TestProcessorsFollow(t *testing.T) {
	r := &goRuntime{limit: 1}
	p := processors{set: r.set, restore: r.restore, every: time.Millisecond}
	p.add(1)
	r.Lock()
	r.limit = 8
	r.Unlock()
	time.Sleep(20 * p.every)
	if got := r.set(0); got != 2 {
		t.Errorf("%d processors while nothing is asked, want 2 as before", got)
	}
	p.asked.Store(true)
	for deadline := time.Now().Add(time.Minute); r.set(0) != 8; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the limit rose, and is not followed")
		}
	}
	ended := p.ended
	p.add(-1)
	select {
	case <-ended:
	default:
		t.Error("it goes on without a loop")
	}
}

// TestProcessorsOfGo: what is raised in Go's own runtime is given back.
func TestProcessorsOfGo(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	p := processors{set: runtime.GOMAXPROCS, restore: runtime.SetDefaultGOMAXPROCS, every: time.Hour}
	p.add(before)
	if got := runtime.GOMAXPROCS(0); got != before+1 {
		t.Errorf("%d processors for %d loops, want one more", got, before)
	}
	p.add(-before)
	got := runtime.GOMAXPROCS(0)
	runtime.SetDefaultGOMAXPROCS()
	if want := runtime.GOMAXPROCS(0); got != want {
		t.Errorf("%d processors when no loop is left, want Go's default of %d", got, want)
	}
}
