package fastpath

import (
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// processors has Go run on one processor more (GOMAXPROCS) than there are loops.
//
// A loop that waits in the kernel keeps its processor as long as another is free,
// up to 10 ms; else Go's monitor takes it away within microseconds, and two threads
// have to be woken to get it back. On a machine with one processor, that was a
// quarter of the time for a query at half load. The threads wait most of the time
// and are no more than before.
//
// To set GOMAXPROCS stops Go from following the limits of the process, such as a
// container's, which may change while it runs. So the default is asked for again
// from time to time, and where it is enough it is left to Go. While nothing is asked
// of the loops it is not: Go's monitor would look out for threads for a moment, which
// is more than all else that an idle server does.
type processors struct {
	set     func(int) int // runtime.GOMAXPROCS
	restore func()        // runtime.SetDefaultGOMAXPROCS
	// fixed says that whoever started the process has set their number. It stays.
	fixed bool
	every time.Duration // how often the default is asked for
	asked atomic.Bool   // a loop has had packets since then

	mu     sync.Mutex
	loops  int
	raised bool          // the number is ours, not Go's
	ended  chan struct{} // closed when no loop is left
}

// spare is for all loops of the process. To ask for the default stops the process
// twice, for some microseconds.
var spare = processors{
	set:     runtime.GOMAXPROCS,
	restore: runtime.SetDefaultGOMAXPROCS,
	fixed:   isSet(os.Getenv("GOMAXPROCS")),
	every:   time.Minute,
}

// isSet reports whether Go takes a value of the environment for GOMAXPROCS.
func isSet(value string) bool {
	n, err := strconv.Atoi(value)
	return err == nil && n > 0
}

// add counts a loop that begins, or by -1 one that has ended.
func (p *processors) add(loops int) {
	if p.fixed {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.loops
	p.loops += loops
	p.adjust()
	switch {
	case before == 0:
		p.ended = make(chan struct{})
		go p.follow(p.ended)
	case p.loops == 0:
		close(p.ended)
	}
}

// follow adjusts the number to limits that have changed, while loops have packets and
// until no loop is left.
func (p *processors) follow(ended <-chan struct{}) {
	ticker := time.NewTicker(p.every)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if p.asked.CompareAndSwap(true, false) {
				p.mu.Lock()
				p.adjust()
				p.mu.Unlock()
			}
		case <-ended:
			return
		}
	}
}

// adjust leaves the number to Go if it is enough for the loops there are, and
// raises it otherwise.
func (p *processors) adjust() {
	if p.raised {
		p.restore()
		p.raised = false
	}
	if wanted := p.loops + 1; p.loops > 0 && p.set(0) < wanted {
		p.set(wanted)
		p.raised = true
	}
}
