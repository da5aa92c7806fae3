package fleet_test

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// TestFleet: whatever happens to etcd, the network and the writers, every server is on
// the last revision in the end, none is ever on anything that was not pushed, and no
// question is lost or answered with another region. It fails on counts alone; times are
// printed.
func TestFleet(t *testing.T) {
	servers, times, pushes, kills := 3, 1, 10, 8
	if longPushes > 0 {
		servers, times, pushes, kills = 10, max(1, min(10, longPushes/20)), longPushes, max(1, longPushes/10)
	}
	w := newWorld(t, servers)

	w.measure("a push", pushes, w.push)
	w.measure("two writers at once", times, func() int {
		if won, _ := w.writers(2, 10); won != 20 {
			t.Errorf("%d pushes of 20 have gone through", won)
		}
		return w.push()
	})
	w.measure("a rollback", times, func() int {
		back := w.last - 1
		for !w.known(back) {
			back--
		}
		w.again(back)
		return back
	})
	w.measure("the leader is killed, then a push", times, func() int {
		leader := w.leader()
		leader.kill()
		number := w.push()
		w.all(number)
		w.start(leader)
		w.awaitLeader()
		return w.push()
	})
	w.measure("the leader stands still, and goes on", times, func() int {
		leader := w.leader()
		leader.pause()
		number := w.push()
		leader.resume()
		return number
	})
	w.measure("the majority is lost, and comes back", times, w.loseMajority)
	w.measure("a server is cut off, etcd is compacted, it is joined", times, func() int {
		w.cutOff(0, true)
		before := w.servers[0].serves()
		w.push()
		number := w.push()
		w.compact()
		w.all(number, w.servers[1:]...)
		if got := w.servers[0].serves(); got != before {
			t.Errorf("a server that is cut off serves %d, and served %d", got, before)
		}
		w.cutOff(0, false)
		return number
	})
	w.measure("a node is cut off from all servers, and joined", times, func() int {
		for _, links := range w.links {
			links[1].set(true)
		}
		number := w.push()
		w.all(number)
		for _, links := range w.links {
			links[1].set(false)
		}
		return w.push()
	})
	there := 0
	w.measure("a writer is killed, the next one pushes", kills, func() int {
		if w.killWriter(time.Duration(10+there*7+len(w.rows)) * time.Millisecond) {
			there++
		}
		return w.push()
	})
	w.measure("all servers are killed and start again", times, func() int {
		w.restart()
		return w.push()
	})
	asked := w.finish()
	if asked < 1000 && !t.Failed() {
		t.Errorf("only %d questions were asked", asked)
	}
	if longPushes > 0 && !t.Failed() {
		w.table(asked)
	}
}

// loseMajority kills two nodes of three. A push fails then, and says that nobody knows
// or that etcd is away; the servers go on. With the nodes back, another push goes through.
func (w *world) loseMajority() int {
	leader := w.leader()
	lost := []*node{leader, w.others(leader)[0]}
	before := w.servers[0].serves()
	for _, n := range lost {
		n.kill()
	}
	number := w.next() // it may be pushed in the end: nobody knows
	ctx, cancel := context.WithTimeout(w.Context(), 2*time.Second)
	defer cancel()
	if err := w.try(ctx, w.store, number); err == nil {
		w.Errorf("text %d was pushed without a majority", number)
	}
	for _, s := range w.servers {
		if got := s.serves(); got != before {
			w.Errorf("without a majority %s serves %d, and served %d", s.name, got, before)
		}
	}
	for _, n := range lost {
		w.start(n)
	}
	w.awaitLeader()
	return w.push()
}

// restart kills all servers, and starts them again while nobody asks: a server that does
// not run answers nothing.
func (w *world) restart() {
	for i, s := range w.servers {
		w.asked += w.asking[i].end(w.T, s.name)
		w.repeated += w.asking[i].again
		s.kill()
		s.start()
	}
	for i, s := range w.servers {
		s.awaitServes(w.last)
		w.asking[i] = ask(w.T, s, w.known)
	}
}

// TestLarge: 100,000 custom endpoints reach all servers, and a line more is a piece or
// two; 1,000,000 in the long form.
func TestLarge(t *testing.T) {
	sizes := []int{20_000}
	if longPushes > 0 {
		sizes = []int{100_000, 1_000_000}
	}
	c := newCluster(t, 1, "--quota-backend-bytes", "2147483648")
	store := c.store()
	push(t, store, []byte(topology(1)))
	s := newServer(t, "a", c.url())
	s.start()
	s.awaitServes(1)
	for i, size := range sizes {
		for j, lines := range []int{size, size + 1} {
			number := 2 + 2*i + j
			begin := time.Now()
			pushed := push(t, store, []byte(large(number, lines)))
			took := time.Since(begin)
			s.awaitServes(number)
			fmt.Printf("| %d custom endpoints | %d octets, %d of %d pieces new | pushed in %s, served after %s more | %s |\n", lines, pushed.Revision.Octets,
				pushed.Written, len(pushed.Revision.Pieces), took.Round(time.Millisecond), (time.Since(begin) - took).Round(time.Millisecond), s.memory())
			if j == 1 && pushed.Written > 4 {
				t.Errorf("a line more wrote %d pieces of %d", pushed.Written, len(pushed.Revision.Pieces))
			}
		}
	}
}
