package fastpath_test

import (
	"errors"
	"math"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/auralink/auralink/internal/fastpath"
)

// reports are what a tenant said of its sockets.
type reports struct {
	mu   sync.Mutex
	said []fastpath.Health
}

func (r *reports) add(h fastpath.Health) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = append(r.said, h)
}

func (r *reports) all() []fastpath.Health {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]fastpath.Health(nil), r.said...)
}

// until waits for a report, and returns all up to then.
func (r *reports) until(last fastpath.Health) []fastpath.Health {
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if said := r.all(); len(said) > 0 && said[len(said)-1] == last {
			return said
		}
	}
	return r.all()
}

// serveBeside serves an address beside another server.
func serveBeside(t *testing.T, address string, sockets int) (*fastpath.Tenant, *reports) {
	t.Helper()
	openOther(t, address)
	tenant, err := fastpath.Open(address, sockets, 1)
	if err != nil {
		t.Fatal(err)
	}
	go answerMisses(tenant.Misses())
	r := new(reports)
	tenant.Watch(r.add)
	if err := tenant.Serve(newEcho, 1); err != nil {
		t.Fatal(err)
	}
	return tenant, r
}

// TestReceiveFails: where the kernel does not let us read any more, the other server
// has all packets, and we have them again when it does.
func TestReceiveFails(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for sockets that fail")
	}
	for name, backend := range map[string]func(*testing.T){"batched": func(*testing.T) {}, "portable": fastpath.UsePortable} {
		t.Run(name, func(t *testing.T) {
			backend(t)
			faults := fastpath.InjectFaults(t)
			address := freePort(t, "127.0.0.1")
			tenant, reports := serveBeside(t, address, 2)
			crowd := gatherFor(t, address, time.Second)
			crowd.only(t, "ours")
			faults.Receive(unix.ENOBUFS, math.MaxInt64)
			crowd.only(t, "others")
			if got := fastpath.Opened()[address].Sockets; got != 0 {
				t.Errorf("%d sockets are given packets, want 0", got)
			}
			if tenant.Count().ReceiveErrors == 0 {
				t.Error("no error is counted")
			}
			faults.Receive(nil, 0)
			crowd.only(t, "ours")
			crowd.disperse()
			said := reports.until(fastpath.Health{Sockets: 2, Working: 2})
			if first := said[0]; !errors.Is(first.Err, unix.ENOBUFS) || first.Sockets != 2 || first.Working > 1 || len(said) > 4 {
				t.Errorf("it said %+v", said)
			}
			tenant.Drain(1)
			tenant.Close()
		})
	}
}

// TestReceiveFailsNowAndThen: errors that come and go do not turn anything off.
func TestReceiveFailsNowAndThen(t *testing.T) {
	faults := fastpath.InjectFaults(t)
	address := freePort(t, "127.0.0.1")
	tenant, reports := serveBeside(t, address, 1)
	client := dial(t, address)
	for range 5 {
		faults.Receive(unix.ENOMEM, 10)
		for range 2 {
			if got := ask(t, client, "hit"); got != "HIT" {
				t.Errorf("answer %q, want our own", got)
			}
		}
	}
	if said := reports.all(); len(said) > 0 {
		t.Errorf("it said %+v", said)
	}
	if got := tenant.Count().ReceiveErrors; got < 4 {
		t.Errorf("%d errors counted, want one of each round but the last, or more", got)
	}
	tenant.Drain(1)
	tenant.Close()
}

// TestOneSocketFails: the others go on, unless it is the one that replies to what is
// missed leave by.
func TestOneSocketFails(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for sockets that fail")
	}
	for id, side := range []string{"others", "ours"} {
		faults := fastpath.InjectFaults(t)
		faults.Only = map[int]bool{id: true}
		address := freePort(t, "127.0.0.1")
		tenant, _ := serveBeside(t, address, 2)
		faults.Receive(unix.EPERM, math.MaxInt64)
		crowd := gatherFor(t, address, time.Second)
		crowd.only(t, side)
		if got := fastpath.Opened()[address].Sockets; got != id {
			t.Errorf("socket %d fails: %d are given packets, want %d", id, got, id)
		}
		crowd.disperse()
		tenant.Drain(1)
		tenant.Close()
	}
}

// TestSendFails: where the kernel does not let us write at all, the other server has
// all packets; where it refuses single packets nothing is changed.
func TestSendFails(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for sockets that fail")
	}
	faults := fastpath.InjectFaults(t)
	address := freePort(t, "127.0.0.1")
	tenant, reports := serveBeside(t, address, 1)
	crowd := gatherFor(t, address, time.Second)
	crowd.only(t, "ours")
	faults.Send(unix.EPERM)
	crowd.only(t, "others")
	faults.Send(nil)
	crowd.only(t, "ours")
	crowd.disperse()
	before := len(reports.all())
	faults.Refuse(unix.EHOSTUNREACH)
	client := dial(t, address)
	refused := tenant.Count().SendErrors
	for range 100 {
		_, _ = client.Write([]byte("hit"))
	}
	for end := time.Now().Add(30 * time.Second); tenant.Count().SendErrors < refused+100 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	if said := reports.all(); len(said) != before || fastpath.Opened()[address].Sockets != 1 {
		t.Errorf("it said %+v", said[before:])
	}
	tenant.Drain(1)
	tenant.Close()
}

// TestDrainWithFaults: sockets are given back in time whatever the kernel does.
func TestDrainWithFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for sockets that fail")
	}
	for name, wrong := range map[string]func(*fastpath.Faults){
		"not read":      func(f *fastpath.Faults) { f.Receive(unix.EIO, math.MaxInt64) },
		"not written":   func(f *fastpath.Faults) { f.Send(unix.EIO) },
		"never woken":   func(f *fastpath.Faults) { f.Stick() },
		"out of order":  func(f *fastpath.Faults) { f.Receive(unix.EIO, 25) },
		"still in work": func(*fastpath.Faults) {},
	} {
		t.Run(name, func(t *testing.T) {
			faults := fastpath.InjectFaults(t)
			address := freePort(t, "127.0.0.1")
			tenant, _ := serveBeside(t, address, 3)
			wrong(faults)
			for range 20 { // so that no loop waits any more
				_, _ = dial(t, address).Write([]byte("hit"))
			}
			done := make(chan struct{})
			go func() {
				tenant.Drain(1)
				tenant.Close()
				close(done)
			}()
			select {
			case <-done:
			case <-time.After(30 * time.Second): // some 4 s, on a busy machine
				t.Fatal("the sockets were not given back")
			}
			if got := ask(t, dial(t, address), "hit"); got != "OTHER" {
				t.Errorf("answer %q, want the other server's", got)
			}
		})
	}
}
