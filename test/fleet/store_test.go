package fleet_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	clientv3 "go.etcd.io/etcd/client/v3"

	"github.com/auralink/auralink/internal/fleet"
)

// lines returns a text of n lines that no other call returns.
func lines(n int, seed uint64) []byte {
	random := rand.New(rand.NewPCG(seed, seed))
	var text bytes.Buffer
	for range n {
		fmt.Fprintf(&text, "  endpoint-%016x: aws-us-east-1\n", random.Uint64())
	}
	return text.Bytes()
}

// push pushes a text to what is there now.
func push(t *testing.T, s *fleet.Store, text []byte) fleet.Pushed {
	t.Helper()
	head, err := s.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	pushed, err := s.Push(t.Context(), fleet.Proposal{Text: text, Who: "me", Message: "why", Compared: head, Keep: 5})
	if err != nil || pushed.Unswept != nil {
		t.Fatal(err, pushed.Unswept)
	}
	return pushed
}

// headOf reads the pointer.
func headOf(t *testing.T, s *fleet.Store) fleet.Head {
	t.Helper()
	head, err := s.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return head
}

// current reads the text that is meant for all.
func current(ctx context.Context, s *fleet.Store) (fleet.Revision, []byte, error) {
	head, err := s.Head(ctx)
	if err != nil {
		return fleet.Revision{}, nil, err
	}
	r, err := s.Revision(ctx, head.Pointer.Current, head.At)
	if err != nil {
		return r, nil, err
	}
	text, err := s.Text(ctx, r, head.At)
	return r, text, err
}

// TestPush: what is read is what was pushed, from nothing to more than one request of
// etcd can carry, and a small change writes little.
func TestPush(t *testing.T) {
	t.Parallel()
	s := newCluster(t, 1).store()
	large := lines(200_000, 1)
	changed := append([]byte("first: line\n"), large...)
	for i, text := range [][]byte{[]byte("x"), {}, large, changed, []byte("x")} {
		pushed := push(t, s, text)
		r, got, err := current(t.Context(), s)
		if err != nil || !bytes.Equal(got, text) {
			t.Fatalf("push %d: %d octets are read of %d: %v", i, len(got), len(text), err)
		}
		if want := int64(i + 1); r.Number != want || r.Who != "me" || r.Message != "why" || r.Compared != want-1 {
			t.Errorf("push %d: %+v", i, r)
		}
		if i == 3 && pushed.Written > 2 {
			t.Errorf("one more line wrote %d pieces of %d", pushed.Written, len(r.Pieces))
		}
	}
}

// keys returns how many keys are below a part of the fleet.
func keys(t *testing.T, client *clientv3.Client, part string) int64 {
	t.Helper()
	got, err := client.Get(t.Context(), "/test/"+part, clientv3.WithPrefix(), clientv3.WithCountOnly())
	if err != nil {
		t.Fatal(err)
	}
	return got.Count
}

// TestKeep: of the history so much is kept as was said, all of it can be read, and no
// piece is left that nobody names.
func TestKeep(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1)
	s, client := c.store(), c.client()
	for i := range 12 {
		push(t, s, lines(3000, uint64(i)))
	}
	revisions, err := s.History(t.Context())
	if err != nil || len(revisions) != 5 || revisions[0].Number != 12 {
		t.Fatalf("%d revisions are kept, want 5: %v", len(revisions), err)
	}
	named := make(map[string]bool)
	for _, r := range revisions {
		text, err := s.Text(t.Context(), r, 0)
		if err != nil || !bytes.Equal(text, lines(3000, uint64(r.Number-1))) {
			t.Errorf("revision %d is not what it was: %v", r.Number, err)
		}
		for _, digest := range r.Pieces {
			named[digest] = true
		}
	}
	if got := keys(t, client, "pieces/"); got != int64(len(named)) {
		t.Errorf("%d pieces are there, and %d named", got, len(named))
	}
	if _, err := s.Revision(t.Context(), 1, 0); !errors.Is(err, fleet.ErrNoRevision) {
		t.Errorf("revision 1: %v", err)
	}
}

// TestTwoWriters: of pushes that were compared with the same, one goes through, and the
// others are told.
func TestTwoWriters(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1)
	const writers, rounds = 4, 25
	push(t, c.store(), []byte("0"))
	stores := make([]*fleet.Store, writers)
	for i := range stores {
		stores[i] = c.store()
	}
	for round := range rounds {
		head, err := stores[0].Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		results := make([]error, writers)
		var together sync.WaitGroup
		for i, s := range stores {
			together.Go(func() {
				_, results[i] = s.Push(t.Context(), fleet.Proposal{Text: lines(2000, uint64(round*writers+i)), Compared: head, Keep: 3})
			})
		}
		together.Wait()
		won := -1
		for i, err := range results {
			var conflict *fleet.ConflictError
			switch {
			case err == nil && won < 0:
				won = i
			case !errors.As(err, &conflict) || conflict.Now.Pointer.Last != head.Pointer.Last+1:
				t.Fatalf("round %d, writer %d: %v, and %d has won", round, i, err, won)
			}
		}
		if won < 0 {
			t.Fatalf("round %d: nobody has won: %v", round, results)
		}
		if _, text, err := current(t.Context(), stores[0]); err != nil || !bytes.Equal(text, lines(2000, uint64(round*writers+won))) {
			t.Fatalf("round %d: not what the winner pushed is there: %v", round, err)
		}
	}
}

// TestCompaction: what etcd has compacted is read anew.
func TestCompaction(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1)
	s, client := c.store(), c.client()
	push(t, s, lines(100, 1))
	head, err := s.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	push(t, s, lines(100, 2))
	now, err := s.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Compact(t.Context(), now.At, clientv3.WithCompactPhysical()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Revision(t.Context(), 1, head.At); !fleet.Compacted(err) {
		t.Errorf("reading what is compacted: %v", err)
	}
	if _, text, err := current(t.Context(), s); err != nil || !bytes.Equal(text, lines(100, 2)) {
		t.Errorf("reading what is there: %v", err)
	}
}

// TestDamaged: a piece that is not what it was, or not there, is found out.
func TestDamaged(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1)
	s, client := c.store(), c.client()
	r := push(t, s, lines(5000, 1)).Revision
	key := "/test/pieces/" + r.Pieces[1]
	for _, spoil := range []clientv3.Op{clientv3.OpPut(key, "other"), clientv3.OpDelete(key)} {
		if _, err := client.Do(t.Context(), spoil); err != nil {
			t.Fatal(err)
		}
		if text, err := s.Text(t.Context(), r, 0); !errors.Is(err, fleet.ErrDamaged) || text != nil {
			t.Errorf("%v", err)
		}
	}
	r.Pieces = r.Pieces[:1]
	if _, err := s.Text(t.Context(), r, 0); !errors.Is(err, fleet.ErrDamaged) {
		t.Errorf("%v", err)
	}
	if _, err := client.Put(t.Context(), "/test/pointer", `{"format":2}`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Head(t.Context()); !errors.Is(err, fleet.ErrFormat) {
		t.Errorf("%v", err)
	}
}

// TestCanary: the canary's servers have one revision and the others another, until it
// is promoted or ended; it is kept however old it is.
func TestCanary(t *testing.T) {
	t.Parallel()
	s := newCluster(t, 1).store()
	push(t, s, []byte("1"))
	head, err := s.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Push(t.Context(), fleet.Proposal{Text: []byte("2"), Compared: head, Canary: []string{"a", "b"}, Keep: 1}); err != nil {
		t.Fatal(err)
	}
	expect := func(forA, forC int64) fleet.Head {
		t.Helper()
		head, err := s.Head(t.Context())
		if p := head.Pointer; err != nil || p.For("a") != forA || p.For("c") != forC {
			t.Fatalf("a is to have %d and c %d: %v", p.For("a"), p.For("c"), err)
		}
		return head
	}
	head = expect(2, 1)
	for _, number := range []int64{1, 2} {
		r, err := s.Revision(t.Context(), number, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Text(t.Context(), r, 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Abort(t.Context(), head); err != nil {
		t.Fatal(err)
	}
	var conflict *fleet.ConflictError
	if err := s.Promote(t.Context(), head); !errors.As(err, &conflict) {
		t.Errorf("promoting what was ended: %v", err)
	}
	head = expect(1, 1)
	if _, err := s.Push(t.Context(), fleet.Proposal{Text: []byte("3"), Compared: head, Canary: []string{"a"}, Keep: 5}); err != nil {
		t.Fatal(err)
	}
	if err := s.Promote(t.Context(), expect(3, 1)); err != nil {
		t.Fatal(err)
	}
	expect(3, 3)
}
