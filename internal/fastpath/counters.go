package fastpath

import "sync/atomic"

// Counts says what became of the packets of one address since it was opened.
// Received is the sum of the four after it, but for what is in work.
type Counts struct {
	Received uint64
	// Answered were answered by a Responder. Of their replies, the kernel did
	// not take SendErrors.
	Answered uint64
	// Missed were left to the other server.
	Missed uint64
	// Overflowed were to be left to the other server too, which had enough to do
	// already.
	Overflowed uint64
	// Dropped were given no reply on purpose, or came from a port that cannot
	// be replied to.
	Dropped    uint64
	SendErrors uint64
	// ReceiveErrors is how often the kernel would not let us read.
	ReceiveErrors uint64
}

// counters are the counts of one loop, which alone adds to them.
type counters struct {
	received, answered, missed, overflowed, dropped, sendErrors, receiveErrors atomic.Uint64
}

// add adds what became of a batch, but for how it was received and sent.
func (c *counters) add(n Counts) {
	c.received.Add(n.Received)
	c.answered.Add(n.Answered)
	if n.Missed|n.Overflowed|n.Dropped == 0 {
		return
	}
	c.missed.Add(n.Missed)
	c.overflowed.Add(n.Overflowed)
	c.dropped.Add(n.Dropped)
}

func (c *counters) addTo(sum *Counts) {
	sum.Received += c.received.Load()
	sum.Answered += c.answered.Load()
	sum.Missed += c.missed.Load()
	sum.Overflowed += c.overflowed.Load()
	sum.Dropped += c.dropped.Load()
	sum.SendErrors += c.sendErrors.Load()
	sum.ReceiveErrors += c.receiveErrors.Load()
}
