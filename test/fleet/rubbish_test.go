package fleet_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"

	"github.com/auralink/auralink/internal/fleet"
)

// written is a fleet of one server, into whose keys somebody writes by hand.
type written struct {
	*testing.T
	*cluster
	client *clientv3.Client
	store  *fleet.Store
	server *server
	file   func(number int) string
}

func newWritten(t *testing.T) *written {
	t.Helper()
	c := newCluster(t, 1)
	w := &written{T: t, cluster: c, client: c.client(), store: c.store()}
	dir := t.TempDir()
	w.file = func(number int) string {
		path := dir + "/topology.yaml"
		writeFile(t, path, topology(number))
		return path
	}
	push(t, w.store, []byte(topology(1)))
	push(t, w.store, []byte(topology(2)))
	w.server = newServer(t, "a", c.url())
	w.server.start()
	w.server.awaitServes(2)
	awaitState(t, w.store, "a", fleet.UpToDate, 2)
	return w
}

func (w *written) put(key, value string) {
	w.Helper()
	if _, err := w.client.Put(w.Context(), "/test/"+key, value); err != nil {
		w.Fatal(err)
	}
}

func (w *written) remove(key string) {
	w.Helper()
	if _, err := w.client.Delete(w.Context(), "/test/"+key); err != nil {
		w.Fatal(err)
	}
}

// does runs a command, which must end with a status and say something.
func (w *written) does(status int, want string, args ...string) {
	w.Helper()
	if out, got := auralink(w.cluster, args...); got != status || !strings.Contains(out, want) {
		w.Errorf("%q: status %d, want %d and %q\n%s", args, got, status, want, out)
	}
}

// TestPointerRemoved: servers answer on, nothing is pushed by mistake, and what is pushed
// then counts on from what is kept.
func TestPointerRemoved(t *testing.T) {
	t.Parallel()
	w := newWritten(t)
	w.remove("pointer")
	w.server.awaitMetric("last_reload_successful", func(v string) bool { return v == "0" })
	const why = "revisions up to 2 are kept, and no pointer names one of them: somebody has removed it"
	rollback := "auralink rollback REVISION " + w.url() + " --uncompared"
	w.server.awaitLog(why + ": auralink history " + w.url() + ", and " + rollback)
	w.does(2, why, "push", w.file(3))
	w.does(2, why, "pull")
	w.does(2, rollback, "pull")
	w.does(0, "somebody has removed it; "+rollback, "history", w.url())
	w.server.stop()
	w.server.start()
	w.server.awaitServes(2)
	w.does(0, "revision 3: ", "rollback", "2", w.url(), "--uncompared", "--wait")
	awaitState(t, w.store, "a", fleet.UpToDate, 3)
	w.does(0, "revision 4: ", "push", w.file(4), "--wait")
	w.server.awaitServes(4)
}

// TestAllRemoved: servers answer on, and say with what they have something to follow again.
func TestAllRemoved(t *testing.T) {
	t.Parallel()
	w := newWritten(t)
	if _, err := w.client.Delete(w.Context(), "/test/", clientv3.WithPrefix()); err != nil {
		t.Fatal(err)
	}
	push := "auralink push TOPOLOGY --to " + w.url() + " --uncompared"
	w.server.awaitLog("nothing was pushed yet, or etcd was made anew since: " + push)
	w.does(2, push, "pull")
	w.does(0, "revision 1: ", "push", w.file(3), "--to", w.url(), "--uncompared")
	w.server.awaitServes(3)
	w.does(0, "revision 2: ", "push", w.file(4), "--wait", "--timeout", "20s")
}

// TestPointerSpoiled: etcd is not away, servers answer on and say what is wrong.
func TestPointerSpoiled(t *testing.T) {
	t.Parallel()
	w := newWritten(t)
	w.put("pointer", "rubbish")
	w.server.awaitMetric("last_reload_successful", func(v string) bool { return v == "0" })
	if got := w.server.metric("source_away_since_timestamp_seconds"); got != "0" {
		t.Errorf("etcd is there, and away since %s", got)
	}
	if log := w.server.log(); strings.Contains(log, "etcd is away") || strings.Count(log, "/test/pointer: no record of a fleet") != 1 {
		t.Errorf("the log does not say once what is wrong\n%s", log)
	}
	for _, args := range [][]string{{"push", w.file(3)}, {"pull"}, {"fleet"}, {"history"}} {
		w.does(2, "/test/pointer: no record of a fleet that this version knows: somebody else has written it", args...)
	}
	w.does(2, "hint: the servers go on with what they have; remove it (etcdctl del /test/pointer), then", "history")
	awaitState(t, w.store, "a", fleet.Refusing, 2)
	w.does(2, "refusing", "fleet")
	w.put("pointer", `{"format":1,"last":2}`)
	w.does(2, "/test/pointer: no record of a fleet that this version knows", "push", w.file(3))
	w.put("pointer", `{"format":1,"last":9,"current":9}`)
	w.does(1, "a  ", "fleet")
	w.does(2, "revision 9: no such revision is kept", "push", w.file(3))
	if got := w.server.serves(); got != 2 {
		t.Errorf("it serves %d", got)
	}
	w.does(0, "revision 10: ", "push", w.file(3), "--uncompared", "--wait")
	w.server.awaitServes(3)
}

// TestFull: an etcd that has no room says so at once, and servers answer on.
func TestFull(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, "--quota-backend-bytes", "2000000")
	path := t.TempDir() + "/topology.yaml"
	writeFile(t, path, topology(1))
	push(t, c.store(), []byte(topology(1)))
	s := newServer(t, "a", c.url())
	s.start()
	s.awaitServes(1)
	seed, client := uint64(0), c.client()
	await(t, "etcd is full", func() bool { // it looks how large it is when it writes to its disk
		seed++
		_, err := client.Put(t.Context(), "/other", string(lines(5000, seed)))
		return errors.Is(err, rpctypes.ErrNoSpace)
	})
	writeFile(t, path, topology(2))
	begin := time.Now()
	out, status := auralink(c, "push", path)
	if status != 2 || !strings.Contains(out, "etcd is full: compact and defragment it") || time.Since(begin) > pushWithin/2 {
		t.Errorf("after %s: status %d\n%s", time.Since(begin), status, out)
	}
	if got := s.serves(); got != 1 {
		t.Errorf("it serves %d", got)
	}
}

// pushWithin is how long the program tries to push.
const pushWithin = time.Minute

// TestForeignKeys: what is not ours below the prefix hides nothing, and is left alone.
func TestForeignKeys(t *testing.T) {
	t.Parallel()
	w := newWritten(t)
	w.put("revisions/note", "not ours")
	w.put("other", "not ours")
	w.does(0, "REVISION", "history")
	out, status := auralink(w.cluster, "push", w.file(3), "--wait", "--keep", "1")
	if status != 0 || strings.Contains(out, "warning") {
		t.Errorf("status %d\n%s", status, out)
	}
	w.put("alive/evil", "1")
	w.put("servers/evil", "x")
	w.does(1, "/test/alive/evil: no record of a fleet", "fleet")
	w.does(1, "\nevil ", "push", w.file(4), "--wait", "--timeout", "2s")
	w.server.awaitServes(4)
	w.remove("alive/evil")
	w.does(0, "", "fleet", "--forget", "evil")
	w.does(0, "up to date", "fleet")
	w.put("revisions/0000000005", `{"format":1}`)
	w.does(2, "revision 5: it is there already, and the pointer does not count it", "push", w.file(5))
	w.does(2, "if it is nobody's, etcdctl del /test/revisions/0000000005; else etcdctl del /test/pointer, and", "push", w.file(5))
	w.remove("revisions/0000000005")
	w.does(0, "revision 5: ", "push", w.file(5), "--wait")
	w.put("pointer", `{"format":1,"last":4,"current":4}`)
	w.server.awaitServes(4)
	w.does(2, "revision 5: it is there already", "push", w.file(6))
	w.remove("pointer")
	w.does(0, "revision 6: ", "rollback", "5", "--uncompared", "--wait")
	if got := keys(t, w.client, "other") + keys(t, w.client, "revisions/note"); got != 2 {
		t.Errorf("%d keys are left that are not ours", got)
	}
}
