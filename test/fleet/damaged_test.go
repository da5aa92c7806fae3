package fleet_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	clientv3 "go.etcd.io/etcd/client/v3"

	"github.com/auralink/auralink/internal/fleet"
)

// TestDamagedPieces: a push counts on no piece that is not what its name says, whether its
// text is the one that is there or an older one: what it points to can be read.
func TestDamagedPieces(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1)
	s, client := c.store(), c.client()
	text := lines(50_000, 1)
	pieces := push(t, s, text).Revision.Pieces
	if len(pieces) < 18 {
		t.Fatalf("%d pieces are read at once", len(pieces))
	}
	for _, between := range []bool{false, true} {
		if between {
			push(t, s, lines(10, 2))
		}
		for _, digest := range []string{pieces[1], pieces[len(pieces)-1]} {
			if _, err := client.Put(t.Context(), "/test/pieces/"+digest, "rubbish"); err != nil {
				t.Fatal(err)
			}
		}
		pushed := push(t, s, text)
		if _, got, err := current(t.Context(), s); err != nil || !bytes.Equal(got, text) || pushed.Written != 2 || pushed.Damaged != 2 {
			t.Errorf("%d pieces are written and %d were damaged: %v", pushed.Written, pushed.Damaged, err)
		}
		if pushed := push(t, s, text); pushed.Written != 0 || pushed.Damaged != 0 {
			t.Errorf("%d pieces are written again", pushed.Written)
		}
	}
}

// spoilPieces writes something else in the place of all pieces.
func (w *written) spoilPieces() {
	w.Helper()
	got, err := w.client.Get(w.Context(), "/test/pieces/", clientv3.WithPrefix(), clientv3.WithKeysOnly())
	if err != nil {
		w.Fatal(err)
	}
	for _, kv := range got.Kvs {
		w.put(strings.TrimPrefix(string(kv.Key), "/test/"), "rubbish")
	}
}

// TestDamagedMended: what docs/fleet.md says of a piece that is damaged helps.
func TestDamagedMended(t *testing.T) {
	t.Parallel()
	w := newWritten(t)
	w.spoilPieces()
	w.does(2, "hint: auralink push TOPOLOGY --to "+w.url()+" --uncompared", "pull")
	w.does(2, "revision 2: the revision is damaged: piece", "push", w.file(2))
	w.does(0, "1 piece was damaged in etcd, and written again", "push", w.file(2), "--uncompared", "--wait")
	awaitState(t, w.store, "a", fleet.UpToDate, 3)
	w.does(0, "regions:", "pull")
	w.does(2, "revision 1: the revision is damaged", "rollback", "1")
	w.does(0, "1 piece was damaged in etcd", "push", w.file(1), "--wait")
	w.server.awaitServes(1)
	w.does(0, "nothing to push", "rollback", "1")
}

// TestDamagedRecord: the record of a revision that cannot be read, or is another one's, hides
// no other, and is mended as a piece is. One that is old is in nobody's way.
func TestDamagedRecord(t *testing.T) {
	t.Parallel()
	w := newWritten(t)
	first, err := w.client.Get(t.Context(), "/test/revisions/0000000001")
	if err != nil {
		t.Fatal(err)
	}
	number := 2
	for value, why := range map[string]string{
		"rubbish":                    "no record of a fleet that this version knows",
		string(first.Kvs[0].Value):   "the revision is damaged: its record is that of revision 1",
		`{"format":1,"octets":-1}`:   "the revision is damaged: its record is that of revision 0",
		`{"format":1,"revision":%d}`: "the revision is damaged: its record has no ID",
	} {
		value = strings.Replace(value, "%d", string(rune('0'+number)), 1)
		w.put("revisions/000000000"+string(rune('0'+number)), value)
		w.does(0, why, "history")
		w.does(2, why, "pull")
		w.does(2, why, "push", w.file(3))
		w.does(1, "", "fleet")
		if got := w.server.serves(); got != number {
			t.Errorf("it serves %d, want %d", got, number)
		}
		number++
		out, status := auralink(w.cluster, "push", w.file(number), "--uncompared", "--wait")
		if status != 0 || strings.Contains(out, "warning") {
			t.Errorf("status %d\n%s", status, out)
		}
		w.server.awaitServes(number)
	}
	w.does(0, "revision 7: ", "push", w.file(7), "--keep", "1", "--wait")
	if n := keys(t, w.client, "revisions/") + keys(t, w.client, "pieces/"); n != 2 {
		t.Errorf("%d keys are left of one revision", n)
	}
}

// TestDamagedCanary: nothing that cannot be read is given to all, and a canary can be ended
// whatever is damaged.
func TestDamagedCanary(t *testing.T) {
	t.Parallel()
	w := newWritten(t)
	w.does(0, "revision 3: ", "push", w.file(3), "--canary", "a", "--wait")
	w.spoilPieces()
	w.does(2, "hint: auralink abort, and push it again", "promote")
	if got := headOf(t, w.store).Pointer.Current; got != 2 {
		t.Errorf("revision %d is for all", got)
	}
	w.does(2, "hint: auralink push TOPOLOGY --to "+w.url()+" --uncompared", "abort")
	w.does(0, "1 piece was damaged in etcd", "push", w.file(2), "--uncompared", "--wait")
	w.server.awaitServes(2)
	w.does(0, "1 piece was damaged in etcd", "push", w.file(3), "--canary", "a", "--wait")
	w.does(0, "revision 5 is for all servers now", "promote")
}

// TestSwappedMeanwhile: a push to an etcd that was made anew since it was compared is refused,
// though all numbers are the same.
func TestSwappedMeanwhile(t *testing.T) {
	t.Parallel()
	one, other := newCluster(t, 1).store(), newCluster(t, 1).store()
	push(t, one, lines(10, 1))
	push(t, other, lines(10, 2))
	compared, there := headOf(t, one), headOf(t, other)
	if compared.Swapped != there.Swapped {
		t.Fatalf("the pointers are of %d and %d", compared.Swapped, there.Swapped)
	}
	var conflict *fleet.ConflictError
	if _, err := other.Push(t.Context(), fleet.Proposal{Text: lines(10, 3), Compared: compared, Keep: 5}); !errors.As(err, &conflict) {
		t.Errorf("pushed: %v", err)
	}
	if !headOf(t, other).Same(there) {
		t.Error("the pointer is another one")
	}
}
