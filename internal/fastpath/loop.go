package fastpath

import (
	"errors"
	"net/netip"
	"runtime"
	"sync/atomic"
	"time"
)

// errDrained is the end of a conn that was interrupted: nothing is left in it.
var errDrained = errors.New("fastpath: drained")

// yieldEvery is for how long a loop does not let Go's scheduler run: less than the
// 10 ms after which Go's monitor takes the processor away from it, and then looks
// every 20 microseconds whether it has to do so again. That was a fifteenth of all
// processor time.
const yieldEvery = 7 * time.Millisecond

// fewPackets is how many a second are few: with more of them, to wait in the kernel
// costs less than what a loop has to do for it.
const fewPackets = 5000

// conn is one socket, as a loop sees it: packets come and go in batches.
type conn interface {
	// receive waits until there are packets, and puts them into the batch. It
	// returns errDrained once the conn was interrupted and has no more.
	receive(b *batch) error
	// send sends the replies of the batch and returns how many the kernel
	// refused.
	send(b *batch) (refused int)
	// sender says where the i-th packet of the batch received last came from.
	sender(b *batch, i int) sender
	// sendTo sends one packet back to where another came from. It may be called
	// from any goroutine.
	sendTo(packet []byte, to sender) error
	// steer gives the kernel the filter of the group that the socket is in.
	steer(f filter) error
	// unsteer takes the filter of the group away: the kernel takes any socket.
	unsteer()
	// leave has the kernel give the socket no more packets. Those that it has
	// can still be read, and replies be sent.
	leave() error
	// probe returns why the kernel would not let us read or write at all, which has
	// nothing to do with what is read or written.
	probe() error
	// relax says whether few packets come, which may be better waited for in another
	// way.
	relax(few bool)
	// interrupt makes receive return what has arrived and then errDrained.
	interrupt()
	// close gives the socket back. Nothing but sendTo may be called after it.
	close()
}

// batch has the packets that were received at once, and the replies to them.
type batch struct {
	packets [BatchSize]packet
	n       int // how many of them are in use
}

type packet struct {
	query  []byte
	client netip.AddrPort
	buf    []byte // MaxReply octets for the reply
	reply  int    // its length, or 0 if there is none
}

// newBatch makes a batch with all the memory that it will ever need.
func newBatch() *batch {
	b := new(batch)
	buffers := make([]byte, BatchSize*MaxReply)
	for i := range b.packets {
		b.packets[i].buf = buffers[i*MaxReply : (i+1)*MaxReply : (i+1)*MaxReply]
	}
	return b
}

// loop serves one socket.
type loop struct {
	conn   conn
	misses *missQueue
	// responders has who is to respond. It changes while the loop runs.
	responders *atomic.Pointer[responders]
	counters   counters
	health     health
}

// responders makes the Responder of each loop.
type responders struct{ fresh func() Responder }

// run serves until the conn is drained.
func (l *loop) run() {
	var (
		b         = newBatch()
		source    *responders
		responder Responder
		yielded   = time.Now()
		packets   int // since then
	)
	for {
		switch err := l.conn.receive(b); {
		case errors.Is(err, errDrained):
			return
		case err != nil: // the kernel lacks memory, say
			l.counters.receiveErrors.Add(1)
			if !l.endure(&l.health.receiving, err) {
				return
			}
			continue
		}
		l.health.receiving = 0
		if now := l.responders.Load(); now != source {
			source, responder = now, now.fresh()
		}
		n := l.respond(b, responder)
		l.counters.add(n) // before anybody has a reply
		if !l.sent(n.Answered, uint64(l.conn.send(b))) || l.health.late.Load() {
			return
		}
		packets += b.n
		if ran := time.Since(yielded); ran > yieldEvery {
			few := float64(packets) < fewPackets*ran.Seconds()
			l.conn.relax(few)
			spare.asked.Store(true)
			if !few {
				runtime.Gosched()
			}
			packets, yielded = 0, time.Now()
		}
	}
}

// respond finds out what becomes of each packet of the batch.
func (l *loop) respond(b *batch, responder Responder) Counts {
	n := Counts{Received: uint64(b.n)}
	responder.Begin()
	for i := range b.packets[:b.n] {
		p := &b.packets[i]
		p.reply = 0
		if p.client.Port() == 0 {
			n.Dropped++ // no port to reply to
			continue
		}
		length, disposition := responder.Respond(p.buf, p.query, p.client)
		switch {
		case disposition == Answered:
			p.reply = length
			n.Answered++
		case disposition == Dropped:
			n.Dropped++
		case l.misses.put(l.conn, b, i):
			n.Missed++
		default:
			n.Overflowed++
		}
	}
	responder.End()
	return n
}
