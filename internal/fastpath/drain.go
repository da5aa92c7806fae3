package fastpath

import "time"

// drain stops the loops, and closes all sockets but the one for replies.
//
// While there is another server, no packet comes to a socket that nobody reads: the
// loops go on until the kernel gives them no more. To close the sockets is not
// enough, for the kernel may give a packet to one that is about to be closed, when
// it is out of the group and not yet out of the table of all sockets. Where there is no
// other, the loops would go on for as long as packets come.
func (g *group) drain() {
	g.current = nil
	if len(g.order.numbers(other, other)) > 0 {
		_ = g.steer()
	}
	left := g.leave()
	time.Sleep(settleTime)
	deadline := time.Now().Add(drainTime)
	for _, s := range g.sockets {
		if left {
			s.interrupt()
		}
	}
	for len(g.sockets) > 1 {
		g.closeBy(deadline)
		if !left {
			_ = g.steer()
		}
	}
	g.sockets[0].stop(deadline)
}

// leave has the kernel give packets to the other server alone, without a filter. It
// reports false if it will not: then it is left to the filter, and to luck.
func (g *group) leave() bool {
	g.sockets[0].conn.unsteer()
	for _, s := range g.sockets {
		if s.conn.leave() != nil {
			_ = g.steer()
			return false
		}
	}
	return true
}

// closeLast closes the socket that was opened last.
func (g *group) closeLast() { g.closeBy(time.Now().Add(drainTime)) }

// closeBy closes the socket that was opened last, when its loop has ended. One that
// its loop does not let go of stays open: its number may be that of another file
// next, and the loop would read that.
func (g *group) closeBy(deadline time.Time) {
	id := len(g.sockets) - 1
	s := g.sockets[id]
	if s.stop(deadline) {
		s.conn.close()
	}
	s.loop.counters.addTo(&g.counted)
	g.order = g.order.without(g.order.numbers(id, id)[0])
	g.sockets = g.sockets[:id]
}
