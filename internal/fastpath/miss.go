package fastpath

import (
	"net"
	"net/netip"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// missesWaiting bounds how many queries wait for the other server, and
	// missesInWork how many it works on: it makes a goroutine for each. What is
	// beyond that is dropped, so that a flood of names that are not ours costs
	// neither memory nor the answers to those that are. A thousand at a time are
	// 20,000 queries a second if the server asks another that needs 50 ms.
	missesWaiting = 1024
	missesInWork  = 1024
)

// controlSize is enough for the ancillary data that says which of the host's
// addresses a packet was sent to: a header of 16 octets and an IPV6_PKTINFO of
// 20, padded (RFC 3542, section 6.2).
const controlSize = 40

// sender is where a packet came from, and which address it was sent to.
type sender struct {
	client  netip.AddrPort
	scope   uint32 // the interface of a link-local client, as a number
	control [controlSize]byte
	length  uint8 // of control
}

// miss is a query that waits for the other server.
type miss struct {
	octets [MaxQuery]byte
	length int
	sender sender
}

// missQueue has the queries that wait, of all loops of an address. Its memory is
// made once.
type missQueue struct {
	idle, waiting chan *miss
	reply         conn // by which all replies leave: the one that is closed last
}

func newMissQueue() *missQueue {
	q := &missQueue{idle: make(chan *miss, missesWaiting), waiting: make(chan *miss, missesWaiting)}
	entries := make([]miss, missesWaiting)
	for i := range entries {
		q.idle <- &entries[i]
	}
	return q
}

// put takes in the i-th packet of a batch. It reports false if the queue is full.
func (q *missQueue) put(c conn, b *batch, i int) bool {
	select {
	case m := <-q.idle:
		m.length = copy(m.octets[:], b.packets[i].query)
		m.sender = c.sender(b, i)
		q.waiting <- m // has room for all there are
		return true
	default:
		return false
	}
}

// Misses is a net.PacketConn from which the queries come that no Responder
// answered, and which takes the replies to them. Each address that ReadFrom
// returns is good for replies to that one query.
//
// For each query read, Done must be called once, when no more work is done on
// it: only so many are in work at a time.
type Misses struct {
	queue  *missQueue
	local  net.Addr
	work   chan struct{} // has an element for each query in work, or about to be
	inWork atomic.Int64
	closed chan struct{}
	once   sync.Once
}

func newMisses(queue *missQueue, local net.Addr) *Misses {
	return &Misses{queue: queue, local: local, work: make(chan struct{}, missesInWork), closed: make(chan struct{})}
}

// missAddr is the address of a client that asked one query, with the way back.
type missAddr struct {
	net.UDPAddr
	sender sender
}

// ReadFrom returns the next query.
//
// It lets all other goroutines run first: each query makes one, and in a flood
// there would be hundreds waiting for a processor ahead of the loops.
func (m *Misses) ReadFrom(p []byte) (int, net.Addr, error) {
	runtime.Gosched()
	select {
	case m.work <- struct{}{}:
	case <-m.closed:
		return 0, nil, os.ErrDeadlineExceeded
	}
	select {
	case next := <-m.queue.waiting:
		n := copy(p, next.octets[:next.length])
		addr := &missAddr{UDPAddr: *udpAddr(next.sender), sender: next.sender}
		m.inWork.Add(1)
		m.queue.idle <- next
		return n, addr, nil
	case <-m.closed:
		<-m.work
		return 0, nil, os.ErrDeadlineExceeded
	}
}

// udpAddr returns the client as net.UDPConn would.
func udpAddr(o sender) *net.UDPAddr {
	addr := net.UDPAddrFromAddrPort(o.client)
	if o.scope != 0 {
		if device, err := net.InterfaceByIndex(int(o.scope)); err == nil {
			addr.Zone = device.Name
		}
	}
	return addr
}

// Done says that the work on a query is done.
func (m *Misses) Done() {
	m.inWork.Add(-1)
	<-m.work
}

// Pending returns how many queries wait or are in work.
func (m *Misses) Pending() int {
	return missesWaiting - len(m.queue.idle) + int(m.inWork.Load())
}

// Client returns the client behind an address that ReadFrom returned, as
// [net.UDPConn] would have.
func Client(addr net.Addr) (*net.UDPAddr, bool) {
	a, ok := addr.(*missAddr)
	if !ok {
		return nil, false
	}
	return &a.UDPAddr, true
}

// WriteTo sends a reply to an address that ReadFrom returned. It leaves from the
// address and port that the query was sent to.
func (m *Misses) WriteTo(p []byte, addr net.Addr) (int, error) {
	to, ok := addr.(*missAddr)
	if !ok {
		return 0, &net.AddrError{Err: "no query came from there", Addr: addr.String()}
	}
	if err := m.queue.reply.sendTo(p, to.sender); err != nil {
		return 0, &net.OpError{Op: "write", Net: "udp", Source: m.local, Addr: addr, Err: err}
	}
	return len(p), nil
}

// Close makes ReadFrom return an error from now on. Replies can be sent still.
func (m *Misses) Close() error {
	m.once.Do(func() { close(m.closed) })
	return nil
}

// LocalAddr returns the address that the sockets are bound to.
func (m *Misses) LocalAddr() net.Addr { return m.local }

// SetReadDeadline closes the conn if the deadline has passed, which is how a
// server is told to stop reading. Any other deadline is ignored: to wait costs
// nothing.
func (m *Misses) SetReadDeadline(t time.Time) error {
	if !t.IsZero() && !t.After(time.Now()) {
		return m.Close()
	}
	return nil
}

// SetDeadline is SetReadDeadline: to write takes no time.
func (m *Misses) SetDeadline(t time.Time) error { return m.SetReadDeadline(t) }

// SetWriteDeadline does nothing.
func (m *Misses) SetWriteDeadline(time.Time) error { return nil }
