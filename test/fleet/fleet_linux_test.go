package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
	"google.golang.org/grpc"

	"github.com/auralink/auralink/internal/fleet"
)

// extent is how much of it all is done: little in the bounded form.
type extent struct{ servers, times, pushes, kills, disks int }

func extentOf() extent {
	if longPushes == 0 {
		return extent{servers: 3, times: 1, pushes: 10, kills: 4, disks: 1}
	}
	times := max(1, min(10, longPushes/20))
	return extent{servers: 10, times: times, pushes: longPushes, kills: max(4, longPushes/10), disks: max(1, times/3)}
}

// TestFleet: whatever happens to etcd, the network, the disks, the clocks and the writers,
// every server is on the last revision in the end, none is ever on anything that was not
// pushed, and no question is lost or answered with another region. It fails on counts
// alone; times are printed.
func TestFleet(t *testing.T) {
	e := extentOf()
	w := newWorld(t, e.servers)
	w.pushes(e)
	w.writing(e)
	w.nodesFail(e)
	w.linksFail(e)
	w.measure("the disk of a node is full, and has room again", e.disks, w.fullDisk)
	w.measure("all servers are killed and start again", e.times, func() int {
		w.restart(right)
		return w.push()
	})
	if longPushes > 0 {
		w.clocksApart(e)
	}
	w.finish()
	if !t.Failed() {
		w.print()
	}
}

// most is by how much etcd's database may differ from what it was, in octets, beside the
// difference of the history: pages that are half full.
const most = 128 << 10

// pushes pushes once after the other, and looks what that leaves in etcd.
func (w *world) pushes(e extent) {
	for range w.keep {
		w.all(w.push())
	}
	w.compact()
	w.defragment()
	before := w.look(fmt.Sprintf("with %d revisions, compacted and defragmented", w.keep))
	w.measure("a push", e.pushes, w.push)
	w.noteDisk()
	w.look(fmt.Sprintf("after %d pushes", e.pushes))
	w.compact()
	w.look("the same, compacted")
	w.defragment()
	after := w.look("the same, defragmented")
	if grown := after.file - before.file; grown > after.history-before.history+most || after.keys > before.keys+int64(w.keep) {
		w.Errorf("%d pushes leave %d octets and %d keys more than there were", e.pushes, grown, after.keys-before.keys)
	}
}

// writing is what can happen to writers.
func (w *world) writing(e extent) {
	w.measure("two writers at once, ten pushes each", e.times, func() int {
		if won, _ := w.writers(2, 10); won != 20 {
			w.Errorf("%d pushes of 20 have gone through", won)
		}
		return w.push()
	})
	w.measure("a rollback", e.times, w.rollBack)
	w.killWriter(patience) // it is not
	step := 0
	w.measure("a writer is killed, the next one pushes", e.kills, func() int {
		step++
		return w.killWriter(w.whole * time.Duration(step) / time.Duration(e.kills))
	})
}

// nodesFail is what can happen to nodes of etcd.
func (w *world) nodesFail(e extent) {
	w.measureWhile("the leader is killed", "it is started again", e.times, func() func() {
		leader := w.leader()
		leader.kill()
		return func() {
			w.start(leader)
			w.awaitLeader()
		}
	})
	w.measureWhile("the leader stands still", "it goes on", e.times, func() func() {
		leader := w.leader()
		leader.pause()
		return leader.resume
	})
	w.measure("the majority is lost, and comes back", e.times, w.loseMajority)
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
	w.stay(before, w.servers...)
	for _, n := range lost {
		w.start(n)
	}
	w.awaitLeader()
	return w.push()
}

// linksFail is what can happen to the network.
func (w *world) linksFail(e extent) {
	w.measure("a server's cable is pulled, etcd is compacted, it is back", e.times, func() int {
		before := w.servers[0].serves()
		w.on[0].cut(true)
		w.push()
		number := w.push()
		w.compact()
		w.all(number, w.servers[1:]...)
		w.stay(before, w.servers[0])
		w.on[0].cut(false)
		return number
	})
	w.measureWhile("a node drops what servers send", "it takes that again", e.times, func() func() {
		n := w.nodeOn[1]
		n.refuse(true)
		return func() { n.refuse(false) }
	})
	w.measureWhile("the leader's cable is pulled", "it is back", e.times, func() func() {
		h := w.hostOf(w.leader())
		h.cut(true)
		return func() { h.cut(false) }
	})
	w.cutInTwo(e.times)
}

// cutInTwo parts the leader and half of the servers from all others, some times. Beside
// the servers it looks how long the node that was alone takes for itself.
func (w *world) cutInTwo(times int) {
	w.Helper()
	all := row{what: "the network is cut in two, a push, and it is joined"}
	alone := row{what: "of that, etcd's own: the node that was alone knows of the push"}
	for range times {
		leader := w.leader()
		asks := w.beside(leader)
		far := max(1, len(w.servers)/2) // the servers that are with the leader
		before := w.servers[0].serves()
		w.net.part(append([]*host{w.hostOf(leader)}, w.on[:far]...)...)
		number := w.push()
		w.all(number, w.servers[far:]...)
		w.stay(before, w.servers[:far]...)
		w.net.join()
		knows := w.readsThrough(asks)
		all.took = append(all.took, w.until(number))
		alone.took = append(alone.took, <-knows)
	}
	w.note(all)
	w.note(alone)
}

// beside returns a client of a node alone, on the node's own host.
func (w *world) beside(n *node) *clientv3.Client {
	w.Helper()
	dial := func(ctx context.Context, at string) (conn net.Conn, err error) {
		err = n.in.Do(func() error {
			conn, err = new(net.Dialer).DialContext(ctx, "tcp", at)
			return err
		})
		return conn, err
	}
	client, err := clientv3.New(clientv3.Config{Endpoints: []string{n.client}, Logger: zap.NewNop(), DialOptions: []grpc.DialOption{grpc.WithContextDialer(dial)}})
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { _ = client.Close() })
	return client
}

// readsThrough returns, once it is so, how long it takes from now until a client has read
// what the majority has.
func (w *world) readsThrough(client *clientv3.Client) <-chan time.Duration {
	begin, took := time.Now(), make(chan time.Duration, 1)
	go func() {
		for err := errors.New("not asked"); err != nil && time.Since(begin) < patience; time.Sleep(10 * time.Millisecond) {
			ctx, cancel := context.WithTimeout(w.Context(), 100*time.Millisecond)
			_, err = client.Get(ctx, w.prefix+"/pointer")
			cancel()
		}
		took <- time.Since(begin)
	}()
	return took
}

// clocksApart has nodes and servers whose clocks are hours apart.
func (w *world) clocksApart(e extent) {
	buildClocks(w.T)
	set := func(nodes [3]time.Duration, servers func(int) time.Duration) {
		for i, n := range w.nodes {
			n.kill()
			n.clock = nodes[i]
			w.start(n)
			w.awaitLeader()
		}
		w.restart(servers)
	}
	const hour = time.Hour
	set([3]time.Duration{-26 * hour, hour, 26 * hour}, func(i int) time.Duration { return time.Duration(i-len(w.servers)/2) * 7 * hour })
	w.measure("clocks are up to 63 hours apart: a push", 10*e.times, w.push)
	w.measureWhile("clocks are apart: the leader is killed", "it is started again", e.times, func() func() {
		leader := w.leader()
		leader.kill()
		return func() {
			w.start(leader)
			w.awaitLeader()
		}
	})
	w.checkClocks()
	set([3]time.Duration{}, right)
}

// checkClocks checks that the clocks are apart, and that a server that is killed is found
// gone all the same.
func (w *world) checkClocks() {
	servers, _, err := w.store.Servers(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	first, last := servers[0].Since, servers[0].Since
	for _, s := range servers {
		if s.Since.Before(first) {
			first = s.Since
		}
		if s.Since.After(last) {
			last = s.Since
		}
	}
	if last.Sub(first) < 24*time.Hour {
		w.Errorf("the clocks of servers are only %s apart", last.Sub(first))
	}
	s := w.servers[0]
	w.asked += w.asking[0].end(w.T, s.name)
	w.repeated += w.asking[0].again
	s.kill()
	awaitState(w.T, w.store, s.name, fleet.Gone, headOf(w.T, w.store).Pointer.Current)
	s.start()
	s.awaitServes(w.last)
	w.asking[0] = ask(w.T, s, w.known)
}
