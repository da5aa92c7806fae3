package fastpath

import "time"

// socket is one of a group, and the loop that reads it.
type socket struct {
	conn     conn
	loop     *loop
	running  bool
	stopping bool
	done     chan struct{} // closed when the loop has ended
}

// works reports whether the loop is not out of order.
func (s *socket) works() bool { return s.loop.health.wrong.Load() == nil }

// start has the socket served.
func (s *socket) start() {
	if s.running {
		return
	}
	s.running = true
	spare.add(1)
	go func() {
		defer spare.add(-1)
		defer close(s.done)
		s.loop.run()
	}()
}

// stop ends the loop, if there is one, once it has read what is there, or has had
// until the deadline to do so. It reports false if the loop does not end.
func (s *socket) stop(deadline time.Time) bool {
	if !s.running {
		return true
	}
	s.interrupt()
	if s.endsBy(deadline) {
		return true
	}
	s.loop.health.late.Store(true)
	return s.endsBy(deadline.Add(stopTime))
}

// interrupt tells the loop to end, if there is one.
func (s *socket) interrupt() {
	if s.running && !s.stopping {
		s.stopping = true
		close(s.loop.health.quit)
		s.conn.interrupt()
	}
}

// endsBy reports whether the loop ends in time, or at once.
func (s *socket) endsBy(deadline time.Time) bool {
	timer := time.NewTimer(max(time.Until(deadline), settleTime))
	defer timer.Stop()
	select {
	case <-s.done:
		s.running = false
	case <-timer.C:
	}
	return !s.running
}
