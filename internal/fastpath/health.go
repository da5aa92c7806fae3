package fastpath

import (
	"sync/atomic"
	"time"
)

const (
	// mostErrors is after how many errors in a row, and errorPause the pause after
	// each of them, a loop is out of order: a fifth of a second, in which clients
	// have no answer to a query that came to it, and the kernel may find memory.
	mostErrors = 20
	errorPause = 10 * time.Millisecond
	// firstRest is for how long a loop is out of order at first, and longestRest at
	// most: each time it is twice as long as the time before, until it has worked
	// for longestRest.
	firstRest   = time.Second
	longestRest = time.Minute
)

// Health is what the sockets of an address are good for.
type Health struct {
	// Sockets is how many there are, and Working how many of them packets are given
	// to. The other server has those of the rest, or all if none works.
	Sockets, Working int
	// Err is why the kernel does not let the others read or write.
	Err error
}

// health is what a loop knows of its socket.
type health struct {
	receiving, sending int           // errors in a row
	rest               time.Duration // the last one
	worked             time.Time     // when that ended

	wrong   atomic.Pointer[error] // why the loop is out of order
	changed func()                // is called when wrong has changed
	quit    chan struct{}         // closed when the loop shall end
	late    atomic.Bool           // set when it shall end whatever comes
}

// sent notes that so many of the replies of a batch were refused, and reports
// whether the loop shall go on. Where all were it may be for the sake of whom they
// were for, of which there is nothing to be learnt.
func (l *loop) sent(replies, refused uint64) bool {
	if refused == 0 {
		l.health.sending = 0
		return true
	}
	l.counters.sendErrors.Add(refused)
	if refused < replies {
		return true
	}
	if err := l.conn.probe(); err != nil {
		return l.endure(&l.health.sending, err)
	}
	return true
}

// endure waits after an error until the socket works. With too many errors in a row
// the loop is out of order until then. It reports false if the loop shall end.
func (l *loop) endure(errors *int, err error) bool {
	h := &l.health
	for *errors++; *errors < mostErrors; *errors++ {
		if !h.pause(errorPause) {
			return false
		}
		if l.conn.probe() == nil {
			return true
		}
	}
	*errors = 0
	h.tell(&err)
	h.lengthen()
	for {
		if !h.pause(h.rest) {
			return false
		}
		if l.conn.probe() == nil {
			break
		}
		h.lengthen()
	}
	h.worked = time.Now()
	h.tell(nil)
	return true
}

// lengthen sets for how long the loop rests next.
func (h *health) lengthen() {
	if h.rest == 0 || !h.worked.IsZero() && time.Since(h.worked) > longestRest {
		h.rest = firstRest
		return
	}
	h.rest = min(2*h.rest, longestRest)
}

// tell sets why the loop is out of order. It does not wait for who is told: that may
// wait for the loop.
func (h *health) tell(wrong *error) {
	h.wrong.Store(wrong)
	go h.changed()
}

// pause waits, and reports false if the loop shall end.
func (h *health) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-h.quit:
		return false
	case <-timer.C:
		return true
	}
}
