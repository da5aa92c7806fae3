package fleet_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"github.com/auralink/auralink/internal/acceptance"
	"github.com/auralink/auralink/internal/fleet"
)

// data is where a node has what it has.
func (n *node) data() string { return filepath.Join(n.dir, "data") }

// backup copies what the only node has, which is killed for it and started again.
func (c *cluster) backup() (dir string) {
	c.t.Helper()
	dir = filepath.Join(c.t.TempDir(), "backup")
	c.nodes[0].kill()
	if err := os.CopyFS(dir, os.DirFS(c.nodes[0].data())); err != nil {
		c.t.Fatal(err)
	}
	c.start(c.nodes[0])
	c.awaitLeader()
	return dir
}

// restore has the only node begin anew, from a backup or from nothing.
func (c *cluster) restore(backup string) {
	c.t.Helper()
	c.nodes[0].kill()
	err := os.RemoveAll(c.nodes[0].data())
	if err == nil && backup != "" {
		err = os.CopyFS(c.nodes[0].data(), os.DirFS(backup))
	}
	if err != nil {
		c.t.Fatal(err)
	}
	c.start(c.nodes[0])
	c.awaitLeader()
}

// signal sends a signal to a server.
func (s *server) signal(what os.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(what); err != nil {
		s.t.Fatal(err)
	}
}

// TestMadeAnew: etcd is made anew, or restored, while a server does not see it, and its pointer
// comes to the same numbers, of the fleet and of etcd. The server takes what is there.
func TestMadeAnew(t *testing.T) {
	t.Parallel()
	for _, restored := range []bool{false, true} {
		c := newCluster(t, 1)
		push(t, c.store(), []byte(topology(1)))
		backup := ""
		if restored {
			backup = c.backup()
		}
		push(t, c.store(), []byte(topology(2)))
		before := headOf(t, c.store())
		s := newServer(t, "a", c.url())
		s.start()
		s.awaitServes(2)

		s.signal(syscall.SIGSTOP)
		c.restore(backup)
		store := c.store()
		if !restored {
			push(t, store, []byte(topology(1)))
		}
		push(t, store, []byte(topology(4)))
		if now := headOf(t, store); now.Swapped != before.Swapped || now.Pointer.Current != before.Pointer.Current {
			t.Fatalf("restored: %v: the pointer is %+v, and was %+v", restored, now, before)
		}
		s.signal(syscall.SIGCONT)
		s.awaitServes(4)
		awaitState(t, store, "a", fleet.UpToDate, 2)
		s.awaitLog("etcd was made anew, or restored: its revision 2 is another one than before")
		if log := s.log(); strings.Count(log, ": revision 2 is served") != 2 {
			t.Errorf("restored: %v: the log does not say that another revision 2 is served\n%s", restored, log)
		}
	}
}

// awaitLog waits until the log says something.
func (s *server) awaitLog(what string) {
	s.t.Helper()
	await(s.t, "the log of "+s.name+" says "+what, func() bool { return strings.Contains(s.log(), what) })
}

// TestRestored: etcd is restored from an older backup under a server that follows it. The
// server has what the backup has, with its canary, says so, and takes what is pushed then. It
// is one line of the fleet, though the backup has an earlier run of it.
func TestRestored(t *testing.T) {
	t.Parallel()
	c, store, s := serving(t)
	awaitState(t, store, "a", fleet.UpToDate, 1)
	if _, err := store.Push(t.Context(), fleet.Proposal{Text: []byte(topology(2)), Compared: headOf(t, store), Canary: []string{"a"}, Keep: 5}); err != nil {
		t.Fatal(err)
	}
	s.awaitServes(2)
	backup := c.backup()
	s.stop()
	s.start()
	store = c.store()
	if err := store.Promote(t.Context(), headOf(t, store)); err != nil {
		t.Fatal(err)
	}
	push(t, store, []byte(topology(3)))
	push(t, store, []byte(topology(4)))
	s.awaitServes(4)
	awaitState(t, store, "a", fleet.UpToDate, 4)

	c.restore(backup)
	store = c.store()
	s.awaitServes(2)
	s.awaitLog("etcd was made anew or restored, or its pointer written by hand: the last revision is 2, and was 4")
	awaitStates(t, store, fleet.UpToDate)
	file := filepath.Join(t.TempDir(), "topology.yaml")
	writeFile(t, file, topology(4))
	if out, status := auralink(c, "push", file); status != 2 || !strings.Contains(out, "revision 2 is out as a canary") {
		t.Errorf("status %d\n%s", status, out)
	}
	for _, args := range [][]string{{"abort"}, {"push", file, "--wait"}} {
		if out, status := auralink(c, args...); status != 0 {
			t.Errorf("%q: status %d\n%s", args, status, out)
		}
	}
	s.awaitServes(4)
}

// TestWaitLost: whoever waits for a revision is told that it was lost.
func TestWaitLost(t *testing.T) {
	t.Parallel()
	for want, lose := range map[string]func(w *written, backup string){
		"the last revision is 2 again, before all had 3: etcd was made anew or restored, or its pointer written by hand": func(w *written, backup string) { w.restore(backup) },
		"before all had revision 3: revisions up to 3 are kept, and no pointer":                                          func(w *written, _ string) { w.remove("pointer") },
	} {
		w := newWritten(t)
		backup := w.backup()
		w.client = w.cluster.client()
		w.server.stop() // it never has what is pushed
		var waits sync.WaitGroup
		waits.Go(func() { w.does(2, want, "push", w.file(3), "--wait", "--timeout", "30s") })
		store := w.cluster.store()
		await(t, "it is pushed", func() bool {
			head, err := store.Head(t.Context())
			return err == nil && head.Pointer.Last == 3
		})
		time.Sleep(time.Second) // the push has ended, and waits
		lose(w, backup)
		waits.Wait()
	}
}

// TestPointerRestored: a pointer that was removed, or spoiled, and comes back with a backup to
// the letter, ends the complaint.
func TestPointerRestored(t *testing.T) {
	t.Parallel()
	w := newWritten(t)
	backup := w.backup()
	for _, spoil := range []func(){
		func() { w.remove("pointer") },
		func() { w.put("pointer", "rubbish") },
		func() { w.put("pointer", `{"format":1,"last":9,"current":9}`) },
	} {
		w.client = w.cluster.client()
		spoil()
		awaitState(t, w.cluster.store(), "a", fleet.Refusing, 2)
		w.restore(backup)
		awaitState(t, w.cluster.store(), "a", fleet.UpToDate, 2)
	}
}

// TestSaidAgain: what a server says is there again soon, whoever has removed it, or put what it
// said before in its place, as a backup does with a lease that is still kept.
func TestSaidAgain(t *testing.T) {
	t.Parallel()
	w := newWritten(t)
	got, err := w.client.Get(t.Context(), "/test/alive/a/", clientv3.WithPrefix())
	if err != nil || len(got.Kvs) != 1 {
		t.Fatal(err)
	}
	earlier := strings.Replace(string(got.Kvs[0].Value), `"revision":2`, `"revision":1`, 1)
	if _, err := w.client.Put(t.Context(), string(got.Kvs[0].Key), earlier, clientv3.WithLease(clientv3.LeaseID(got.Kvs[0].Lease))); err != nil {
		t.Fatal(err)
	}
	awaitState(t, w.store, "a", fleet.Behind, 1)
	awaitState(t, w.store, "a", fleet.UpToDate, 2)
	for _, part := range []string{"alive/", "servers/"} {
		if _, err := w.client.Delete(t.Context(), "/test/"+part, clientv3.WithPrefix()); err != nil {
			t.Fatal(err)
		}
		await(t, part+" is there again", func() bool { return keys(t, w.client, part) == 1 })
	}
	awaitStates(t, w.store, fleet.UpToDate)
}

// TestWatchRestored: what is pushed after etcd has gone back is seen at once, and not with the
// next look alone.
func TestWatchRestored(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1)
	push(t, c.store(), []byte("1"))
	backup := c.backup()
	client := c.client()
	for range 200 {
		if _, err := client.Put(t.Context(), "/other", "x"); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	seen := make(chan fleet.Head, 1000)
	following := c.store()
	var follows sync.WaitGroup
	follows.Go(func() { following.Follow(ctx, func(h fleet.Head) { seen <- h }, func(error) {}) })
	high := (<-seen).At
	c.restore(backup)
	await(t, "etcd has gone back", func() bool { return (<-seen).At < high })
	<-seen // it has begun anew
	soonest := time.Hour
	for i := range 5 {
		number := push(t, c.store(), []byte{'a' + byte(i)}).Revision.Number
		for begin := time.Now(); ; {
			if (<-seen).Pointer.Last == number {
				soonest = min(soonest, time.Since(begin))
				break
			}
		}
	}
	if soonest > fleet.LookEvery/4 {
		t.Errorf("of five pushes none was seen within %s, but after %s", fleet.LookEvery/4, soonest)
	}
	cancel()
	follows.Wait()
}

// TestOtherRecord: a pointer means the revision that was there when it was written. Another one
// of its number, as a mirror may have for a while, is not taken, and the right one is as soon as
// it comes.
func TestOtherRecord(t *testing.T) {
	t.Parallel()
	w := newWritten(t)
	record := func() string {
		got, err := w.client.Get(t.Context(), "/test/revisions/0000000002")
		if err != nil || len(got.Kvs) != 1 {
			t.Fatal(err)
		}
		return string(got.Kvs[0].Value)
	}
	earlier := record()
	w.server.stop()
	w.remove("pointer")
	w.remove("revisions/0000000002")
	w.does(0, "revision 2: ", "push", w.file(4), "--uncompared")
	later := record()
	w.put("revisions/0000000002", earlier)
	w.server.start()
	w.server.awaitLog("revision 2: the revision is damaged: it is another one than the pointer names")
	w.does(2, "it is another one than the pointer names", "pull")
	w.put("revisions/0000000002", later)
	w.server.awaitServes(4)
	awaitState(t, w.store, "a", fleet.UpToDate, 2)
}

// TestSameNumber: a server that has another revision of the number that is meant is behind, and
// the fleet says why.
func TestSameNumber(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1)
	store := c.store()
	push(t, store, []byte(topology(1)))
	ctx, cancel := context.WithCancel(t.Context())
	views := make(chan fleet.View, 1)
	views <- fleet.View{Revision: 1, Digest: acceptance.Of([]byte(topology(9)))}
	var says sync.WaitGroup
	says.Go(func() { store.Enrol("a", "test").Run(ctx, views, func(error) {}) })
	awaitState(t, store, "a", fleet.Behind, 1)
	if out, status := auralink(c, "fleet"); status != 1 || !strings.Contains(out, "is meant: etcd was made anew, or restored") {
		t.Errorf("status %d\n%s", status, out)
	}
	cancel()
	says.Wait()
}
