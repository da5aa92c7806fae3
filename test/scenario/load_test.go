//go:build linux

package scenario_test

import (
	"fmt"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miekg/dns"
	"github.com/rogpeppe/go-internal/testscript"
)

// hammering is clients that ask one question after the other.
type hammering struct {
	stop  chan struct{}
	done  chan error
	asked atomic.Int64
	again int // how often a question may be asked again
}

// hammers is how many clients there are.
const hammers = 4

// hammer implements: hammer [-again N] NAME. A question that is not answered
// in time is lost, unless it may be asked again so many times.
func hammer(ts *testscript.TestScript, neg bool, args []string) {
	w := worldOf(ts)
	again := 0
	if len(args) == 3 && args[0] == "-again" {
		n, err := strconv.Atoi(args[1])
		ts.Check(err)
		again, args = n, args[2:]
	}
	if neg || len(args) != 1 || w.hammer != nil {
		ts.Fatalf("usage: hammer [-again N] NAME")
	}
	h := &hammering{stop: make(chan struct{}), done: make(chan error, hammers), again: again}
	w.hammer = h
	for range hammers {
		go func() { h.done <- h.run(w.port, args[0]+".") }()
	}
}

func (h *hammering) run(port int, name string) error {
	for ; ; h.asked.Add(1) {
		select {
		case <-h.stop:
			return nil
		default:
		}
		reply, err := h.ask(query{from: "127.0.0.1", server: "127.0.0.1", port: port, name: name})
		if err != nil {
			return fmt.Errorf("question %d was lost: %w", h.asked.Load(), err)
		}
		if len(reply.Answer) == 0 {
			return fmt.Errorf("question %d had no answer:\n%s", h.asked.Load(), reply)
		}
	}
}

// ask asks a question, and again as often as that is allowed.
func (h *hammering) ask(q query) (reply *dns.Msg, err error) {
	for range 1 + h.again {
		if reply, err = exchange(q); err == nil {
			return reply, nil
		}
	}
	return nil, err
}

// enoughAsked is how many questions make a test, however long they take.
const enoughAsked = 100

// enough waits until enough questions were asked, or a client has given up, and
// returns how many there were.
func (h *hammering) enough() int64 {
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if h.asked.Load() >= enoughAsked || len(h.done) > 0 {
			break
		}
	}
	return h.asked.Load()
}

func unhammer(ts *testscript.TestScript, neg bool, args []string) {
	w := worldOf(ts)
	if neg || len(args) != 0 || w.hammer == nil {
		ts.Fatalf("usage: unhammer, after hammer")
	}
	asked := w.hammer.enough()
	close(w.hammer.stop)
	for range hammers {
		ts.Check(<-w.hammer.done)
	}
	if asked < enoughAsked {
		ts.Fatalf("only %d questions were asked", asked)
	}
	ts.Logf("%d questions, none lost", asked)
	w.hammer = nil
}

// flooding is a client that asks without waiting for answers.
type flooding struct {
	stop  chan struct{}
	done  sync.WaitGroup
	asked atomic.Int64
}

// flood implements: flood NAME. It asks for names below NAME, each another one, as
// fast as it can, until the script ends.
func flood(ts *testscript.TestScript, neg bool, args []string) {
	w := worldOf(ts)
	if neg || len(args) != 1 || w.flood != nil {
		ts.Fatalf("usage: flood NAME")
	}
	f := &flooding{stop: make(chan struct{})}
	w.flood = f
	f.done.Go(func() { f.run(w.port, args[0]+".") })
	ts.Defer(func() {
		close(f.stop)
		f.done.Wait()
		ts.Logf("%d questions in the flood", f.asked.Load())
	})
}

func (f *flooding) run(port int, name string) {
	conn, err := net.DialUDP("udp", nil, &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
	if err != nil {
		return
	}
	defer conn.Close()
	const label = "x00000000"
	packet, err := new(dns.Msg).SetQuestion(label+"."+name, dns.TypeA).Pack()
	if err != nil {
		return
	}
	const at = 12 + 1 + 1 // behind the header, a length and an x
	for n := int64(0); ; n = f.asked.Add(1) {
		select {
		case <-f.stop:
			return
		default:
			copy(packet[at:], fmt.Sprintf("%08d", n%1e8))
			_, _ = conn.Write(packet)
		}
	}
}
