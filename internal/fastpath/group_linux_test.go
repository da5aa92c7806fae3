package fastpath_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/auralink/auralink/internal/fastpath"
)

// openOther opens a socket of another server on an address, which answers
// everything with "OTHER".
func openOther(t *testing.T, address string) *net.UDPConn {
	t.Helper()
	config := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) error {
		var refused error
		err := raw.Control(func(fd uintptr) {
			refused = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
		})
		return errors.Join(err, refused)
	}}
	packets, err := config.ListenPacket(context.Background(), "udp", address)
	if err != nil {
		t.Fatal(err)
	}
	conn := packets.(*net.UDPConn)
	go func() {
		buf := make([]byte, 512)
		for {
			_, client, err := conn.ReadFromUDPAddrPort(buf)
			if err != nil {
				return
			}
			_, _ = conn.WriteToUDPAddrPort([]byte("OTHER"), client)
		}
	}()
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// crowd asks without pause, from a new port each time, until it is told to stop.
type crowd struct {
	patience       time.Duration // without an answer by then, a question is lost
	stop           chan struct{}
	done           sync.WaitGroup
	ours, others   atomic.Int64
	lost, stranger atomic.Int64
}

func gather(t *testing.T, address string) *crowd {
	t.Helper()
	return gatherFor(t, address, 10*time.Second)
}

func gatherFor(t *testing.T, address string, patience time.Duration) *crowd {
	t.Helper()
	c := &crowd{patience: patience, stop: make(chan struct{})}
	for range 4 {
		c.done.Go(func() {
			for {
				select {
				case <-c.stop:
					return
				default:
					c.askOnce(address)
				}
			}
		})
	}
	t.Cleanup(c.disperse)
	return c
}

func (c *crowd) askOnce(address string) {
	conn, err := net.Dial("udp", address)
	if err != nil {
		c.lost.Add(1)
		return
	}
	defer conn.Close()
	_, _ = conn.Write([]byte("hit"))
	_ = conn.SetReadDeadline(time.Now().Add(c.patience))
	buf := make([]byte, 64)
	n, err := conn.Read(buf)
	switch {
	case err != nil:
		c.lost.Add(1)
	case string(buf[:n]) == "HIT":
		c.ours.Add(1)
	case string(buf[:n]) == "OTHER":
		c.others.Add(1)
	default:
		c.stranger.Add(1)
	}
}

// disperse ends the asking. It may be called more than once.
func (c *crowd) disperse() {
	select {
	case <-c.stop:
	default:
		close(c.stop)
	}
	c.done.Wait()
}

// only waits until questions get answers from one side alone, and makes sure that
// they go on to do so for 200 of them.
func (c *crowd) only(t *testing.T, side string) {
	t.Helper()
	mine, others := &c.ours, &c.others
	if side == "others" {
		mine, others = others, mine
	}
	end := time.Now().Add(time.Minute)
	for time.Now().Before(end) {
		before, wrong := mine.Load(), others.Load()
		for mine.Load() < before+200 && others.Load() == wrong && time.Now().Before(end) {
			time.Sleep(time.Millisecond)
		}
		if others.Load() == wrong && mine.Load() >= before+200 {
			return
		}
	}
	t.Fatalf("answers do not come from %s alone", side)
}

// TestHandOver: while one configuration replaces another, with more sockets, with
// fewer, and while the other server's sockets come and go, no question is lost, and
// none goes to the other server.
func TestHandOver(t *testing.T) {
	address := freePort(t, "127.0.0.1")
	tenant := serve(t, address, 2)
	others := []*net.UDPConn{openOther(t, address)}
	crowd := gather(t, address)
	crowd.only(t, "ours")
	for _, sockets := range []int{2, 4, 1, 3, 5} {
		next, err := fastpath.Open(address, sockets, len(others))
		if err != nil {
			t.Fatal(err)
		}
		others = append(others, openOther(t, address))
		go answerMisses(next.Misses())
		if err := next.Serve(newEcho, len(others)); err != nil {
			t.Fatal(err)
		}
		tenant.Drain(len(others))
		tenant.Close()
		tenant = next
		crowd.only(t, "ours")
		if got := fastpath.Opened()[address].Sockets; got != sockets {
			t.Errorf("%d sockets, want %d", got, sockets)
		}
	}
	crowd.disperse()
	if lost, went := crowd.lost.Load(), crowd.others.Load(); lost != 0 || went != 0 {
		t.Errorf("%d questions lost, %d went to the other server", lost, went)
	}
	giveUp(tenant)
}

// TestGiveBack: where another server serves already, an address is taken and given
// back without a question lost.
func TestGiveBack(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "0.0.0.0", "::1", ""} {
		t.Run(fmt.Sprintf("%q", host), func(t *testing.T) {
			address := freePort(t, host)
			skipWithout(t, host)
			openOther(t, address)
			openOther(t, address)
			crowd := gather(t, address)
			for _, sockets := range []int{1, 3, 2} {
				crowd.only(t, "others")
				tenant, err := fastpath.Open(address, sockets, 2)
				if err != nil {
					t.Fatal(err)
				}
				go answerMisses(tenant.Misses())
				if err := tenant.Serve(newEcho, 2); err != nil {
					t.Fatal(err)
				}
				crowd.only(t, "ours")
				tenant.Drain(2)
				crowd.only(t, "others")
				tenant.Close()
			}
			crowd.only(t, "others")
			crowd.disperse()
			if lost := crowd.lost.Load(); lost != 0 {
				t.Errorf("%d questions lost", lost)
			}
			if _, there := fastpath.Opened()[address]; there {
				t.Error("the address is open still")
			}
		})
	}
}

// skipWithout skips a test where the host has no such address.
func skipWithout(t *testing.T, host string) {
	t.Helper()
	conn, err := net.ListenPacket("udp", net.JoinHostPort(host, "0"))
	if errors.Is(err, unix.EADDRNOTAVAIL) {
		t.Skipf("this host has no address %s", host)
	}
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
}

// TestMissAfterDrain: what was missed before an address is given back is replied to
// after it, from the address that was asked.
func TestMissAfterDrain(t *testing.T) {
	for _, tc := range []struct {
		host, asked string
		other       string // where the other server's replies come from
	}{
		{"127.0.0.1", "127.0.0.1", "127.0.0.1"},
		{"0.0.0.0", "127.0.0.2", "127.0.0.1"},
		{"", "127.0.0.2", "127.0.0.1"},
		{"::1", "::1", "::1"},
	} {
		for _, backend := range []string{"batched", "portable"} {
			t.Run(fmt.Sprintf("%q %s", tc.host, backend), func(t *testing.T) {
				skipWithout(t, tc.host)
				if backend == "portable" {
					fastpath.UsePortable(t)
				}
				address := freePort(t, tc.host)
				openOther(t, address)
				tenant, err := fastpath.Open(address, 2, 1)
				if err != nil {
					t.Fatal(err)
				}
				if err := tenant.Serve(newEcho, 1); err != nil {
					t.Fatal(err)
				}
				_, port, _ := net.SplitHostPort(address)
				client := dial(t, net.JoinHostPort(tc.asked, port))
				_, _ = client.Write([]byte("miss"))
				buf := make([]byte, 512)
				n, from, err := tenant.Misses().ReadFrom(buf)
				if err != nil {
					t.Fatal(err)
				}
				tenant.Drain(1)
				if got := ask(t, dial(t, net.JoinHostPort(tc.other, port)), "hit"); got != "OTHER" {
					t.Errorf("the next question was answered with %q, want the other server's", got)
				}
				if _, err := tenant.Misses().WriteTo([]byte("LATE"), from); err != nil {
					t.Errorf("replying to %q: %v", buf[:n], err)
				}
				_ = client.SetReadDeadline(time.Now().Add(30 * time.Second))
				if n, err = client.Read(buf); err != nil || string(buf[:n]) != "LATE" {
					t.Errorf("got %q, %v", buf[:n], err)
				}
				tenant.Misses().Done()
				tenant.Close()
			})
		}
	}
}

// TestDrainBeforeServe: between one configuration that has been given up and the
// next, which does not serve yet, the other server answers, and not the first.
func TestDrainBeforeServe(t *testing.T) {
	address := freePort(t, "127.0.0.1")
	first := serve(t, address, 2)
	openOther(t, address)
	next, err := fastpath.Open(address, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { giveUp(next) })
	go answerMisses(next.Misses())
	crowd := gather(t, address)
	crowd.only(t, "ours")
	first.Drain(1)
	crowd.only(t, "others")
	first.Close()
	if err := next.Serve(newEcho, 1); err != nil {
		t.Fatal(err)
	}
	crowd.only(t, "ours")
	crowd.disperse()
	if lost := crowd.lost.Load(); lost != 0 {
		t.Errorf("%d questions lost", lost)
	}
}

// TestDrainUnderFlood: where the other server is gone, as CoreDNS is when a reload
// moves it to another address, sockets are given back however much comes to them.
func TestDrainUnderFlood(t *testing.T) {
	address := freePort(t, "127.0.0.1")
	tenant, err := fastpath.Open(address, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	other := openOther(t, address)
	if err := tenant.Serve(newEcho, 1); err != nil {
		t.Fatal(err)
	}
	_ = other.Close()
	stop := make(chan struct{})
	var flood sync.WaitGroup
	for range 2 {
		conn := dial(t, address)
		raw, err := conn.SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		_ = raw.Control(func(fd uintptr) { _ = unix.SetsockoptInt(int(fd), unix.SOL_UDP, unix.UDP_SEGMENT, 40) })
		flood.Go(func() {
			for packets := bytes.Repeat(fmt.Appendf(nil, "hit%037d", 0), 60); ; {
				select {
				case <-stop:
					return
				default:
					_, _ = conn.Write(packets)
				}
			}
		})
	}
	time.Sleep(200 * time.Millisecond)
	drained := make(chan struct{})
	go func() {
		tenant.Drain(0)
		close(drained)
	}()
	select {
	case <-drained:
	case <-time.After(30 * time.Second):
		t.Error("the sockets were not given back within 30 s")
	}
	close(stop)
	flood.Wait()
	<-drained
	tenant.Close()
}
