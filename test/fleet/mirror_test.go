package fleet_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/auralink/auralink/internal/fleet"
)

// TestMirror: a server follows a mirror that etcdctl keeps, as docs/scale.md has it for
// another continent.
func TestMirror(t *testing.T) {
	t.Parallel()
	c, mirror := newCluster(t, 1), newCluster(t, 1)
	push(t, c.store(), lines(30_000, 1)) // no topology: never served, and many pieces
	push(t, c.store(), []byte(topology(1)))
	cmd := exec.Command(filepath.Join(programs, "etcdctl"), "make-mirror", "--prefix", "/test/", mirror.nodes[0].client)
	cmd.Env = append(os.Environ(), "ETCDCTL_ENDPOINTS="+c.nodes[0].client)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // an error means that it has ended
		_ = cmd.Wait()
	})
	store := mirror.store()
	await(t, "the mirror has what was pushed", func() bool {
		r, _, err := current(t.Context(), store)
		return err == nil && r.Number == 2
	})
	s := newServer(t, "a", mirror.url())
	s.start()
	s.awaitServes(1)
	for number := 2; number < 12; number++ {
		push(t, c.store(), []byte(topology(number)))
		s.awaitServes(number)
	}
	awaitState(t, store, "a", fleet.UpToDate, 12)
	if n := keys(t, mirror.client(), "pieces/"); n != keys(t, c.client(), "pieces/") {
		t.Errorf("the mirror has %d pieces", n)
	}
}

// TestLate: a pointer whose revision comes later, as in a mirror that is being filled, is
// told once, and followed when the revision is there.
func TestLate(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1)
	store, client := c.store(), c.client()
	push(t, store, []byte(topology(1)))
	s := newServer(t, "a", c.url())
	s.start()
	s.awaitServes(1)
	const key = "/test/revisions/0000000001"
	record, err := client.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Delete(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Put(t.Context(), "/test/pointer", `{"format":1,"last":1,"current":1}`); err != nil {
		t.Fatal(err)
	}
	s.awaitMetric("last_reload_successful", func(v string) bool { return v == "0" })
	if _, err := client.Put(t.Context(), key, string(record.Kvs[0].Value)); err != nil {
		t.Fatal(err)
	}
	s.awaitMetric("last_reload_successful", func(v string) bool { return v == "1" })
	if s.serves() != 1 {
		t.Errorf("it serves %d", s.serves())
	}
}
