package fastpath

import (
	"bytes"
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"time"
)

// openConn opens a socket, and a client of it.
func openConn(t *testing.T) (*batched, *net.UDPConn) {
	t.Helper()
	opened, local, err := open("127.0.0.1:0", choose([]int{0}))
	if err != nil {
		t.Fatal(err)
	}
	c, ok := opened.(*batched)
	if !ok {
		t.Skip("this system has no recvmmsg")
	}
	t.Cleanup(c.close)
	client, err := net.DialUDP("udp", nil, local.(*net.UDPAddr))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return c, client
}

// TestCalm: while few packets come a socket is waited for in Go's poller, without
// anything allocated, and in the kernel again when there are many.
func TestCalm(t *testing.T) {
	c, client := openConn(t)
	b := newBatch()
	query := []byte("query")
	exchange := func() {
		if _, err := client.Write(query); err != nil {
			t.Fatal(err)
		}
		if err := c.receive(b); err != nil || !bytes.Equal(b.packets[0].query, query) {
			t.Fatalf("query %q, error %v", b.packets[0].query, err)
		}
		b.packets[0].reply = copy(b.packets[0].buf, "reply")
		if refused := c.send(b); refused > 0 {
			t.Fatal("the reply was refused")
		}
	}
	for range 3 {
		for _, few := range []bool{true, false} {
			c.relax(few)
			if polled := c.calm.file != nil; polled != few {
				t.Errorf("few packets %v, but in the poller %v", few, polled)
			}
			if n := testing.AllocsPerRun(100, exchange); n > 0 {
				t.Errorf("few packets %v: %v allocations for each", few, n)
			}
		}
	}
}

// TestCalmWaits: what comes later than it is waited for wakes the reader, and so does
// the end.
func TestCalmWaits(t *testing.T) {
	c, client := openConn(t)
	c.relax(true)
	received := make(chan error)
	b := newBatch()
	go func() {
		for {
			err := c.receive(b)
			received <- err
			if err != nil {
				return
			}
		}
	}()
	for _, pause := range []time.Duration{0, 10 * time.Millisecond, 50 * time.Millisecond} {
		time.Sleep(pause)
		_, _ = client.Write([]byte("query"))
		if err := <-received; err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(10 * time.Millisecond)
	c.interrupt()
	if err := <-received; !errors.Is(err, errDrained) {
		t.Errorf("error %v, want %v", err, errDrained)
	}
}

// relaxing is a conn that has one packet a millisecond, or many whenever it is asked.
type relaxing struct {
	conn
	many, drained atomic.Bool
	relaxed       chan bool
}

func (c *relaxing) receive(b *batch) error {
	b.n = BatchSize // from port 0: they are dropped
	if !c.many.Load() {
		time.Sleep(time.Millisecond)
		b.n = 1
	}
	if c.drained.Load() {
		return errDrained
	}
	return nil
}

func (c *relaxing) send(*batch) int { return 0 }

func (c *relaxing) relax(few bool) {
	select {
	case c.relaxed <- few:
	default:
	}
}

// silent is a Responder that nobody asks.
type silent struct{ Responder }

func (silent) Begin() {}
func (silent) End()   {}

// TestRelax: a loop finds out by itself whether packets are few.
func TestRelax(t *testing.T) {
	c := &relaxing{relaxed: make(chan bool)}
	l := &loop{conn: c, misses: newMissQueue(), responders: new(atomic.Pointer[responders])}
	l.responders.Store(&responders{func() Responder { return silent{} }})
	ended := make(chan struct{})
	go func() {
		l.run()
		close(ended)
	}()
	for _, many := range []bool{false, true, false} {
		c.many.Store(many)
		for end := time.Now().Add(time.Minute); <-c.relaxed == many; {
			if time.Now().After(end) {
				t.Fatalf("many packets %v: never said so", many)
			}
		}
	}
	c.drained.Store(true)
	<-ended
}
