package fleet_test

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/auralink/auralink/internal/fleet"
)

// farAway returns the address of something that is a node of etcd, but for that all that
// goes there and comes back is late.
func farAway(t *testing.T, node string, late time.Duration) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", node)
			if err != nil {
				_ = near.Close()
				continue
			}
			go relay(far, near, late)
			go relay(near, far, late)
		}
	}()
	return listener.Addr().String()
}

// relay writes what it reads, some time later.
func relay(to, from net.Conn, late time.Duration) {
	type part struct {
		due    time.Time
		octets []byte
	}
	parts := make(chan part, 1<<12)
	go func() {
		defer close(parts)
		for {
			octets := make([]byte, 32<<10)
			n, err := from.Read(octets)
			if n > 0 {
				parts <- part{time.Now().Add(late), octets[:n]}
			}
			if err != nil {
				return
			}
		}
	}()
	defer to.Close()
	for p := range parts {
		time.Sleep(time.Until(p.due))
		if _, err := to.Write(p.octets); err != nil {
			return
		}
	}
}

// TestFarAway: an etcd on another continent, from which each answer takes longer than it
// takes until another node is asked, is followed, and is never thought away; what is large
// arrives as well.
func TestFarAway(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1)
	store := c.store()
	push(t, store, []byte(topology(1)))
	far := []string{farAway(t, c.nodes[0].client, 300*time.Millisecond), farAway(t, c.nodes[0].client, 300*time.Millisecond)}
	s := newServer(t, "a", "etcd://"+strings.Join(far, ",")+c.prefix)
	s.start()
	s.awaitServes(1)
	for number := 2; number < 5; number++ {
		push(t, store, []byte(large(number, 10_000)))
		begin := time.Now()
		s.awaitServes(number)
		t.Logf("330 KB are served after %s", time.Since(begin))
	}
	awaitState(t, store, "a", fleet.UpToDate, 4)
	if log := s.log(); strings.Contains(log, "etcd is away") {
		t.Errorf("an etcd that is slow is thought away\n%s", log)
	}
}
