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

// mortal is a KV whose process is killed: requests get through up to a number, and then
// none any more. The last one may have been done without an answer.
type mortal struct {
	clientv3.KV
	mu         sync.Mutex
	left       int
	unanswered bool
	died       func() // is called with the last one: it makes no other attempt
}

var errKilled = errors.New("killed")

// dies counts a request. It returns whether it reaches etcd, and whether it is answered.
func (m *mortal) dies() (reaches, answered bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.left--
	if m.left < 0 {
		m.died()
	}
	return m.left >= 0 || m.left == -1 && m.unanswered, m.left >= 0
}

func (m *mortal) Get(ctx context.Context, key string, opts ...clientv3.OpOption) (*clientv3.GetResponse, error) {
	if _, answered := m.dies(); !answered {
		return nil, errKilled
	}
	return m.KV.Get(ctx, key, opts...)
}

func (m *mortal) Txn(ctx context.Context) clientv3.Txn {
	return &mortalTxn{m.KV.Txn(ctx), m}
}

type mortalTxn struct {
	clientv3.Txn
	m *mortal
}

func (t *mortalTxn) If(cs ...clientv3.Cmp) clientv3.Txn { t.Txn = t.Txn.If(cs...); return t }

func (t *mortalTxn) Then(ops ...clientv3.Op) clientv3.Txn { t.Txn = t.Txn.Then(ops...); return t }

func (t *mortalTxn) Commit() (*clientv3.TxnResponse, error) {
	reaches, answered := t.m.dies()
	if !reaches {
		return nil, errKilled
	}
	done, err := t.Txn.Commit()
	if !answered {
		return nil, errKilled
	}
	return done, err
}

// TestKilledWriter: a writer is killed after each of the requests that a push makes,
// before etcd has the next one and after. What is there is whole, and either what was
// there before or what was pushed; the next push goes through.
func TestKilledWriter(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1)
	reader := c.store()
	push(t, reader, lines(50_000, 999))
	seed, before, after := uint64(0), 0, 0
	for _, unanswered := range []bool{false, true} {
		for requests := 0; ; requests++ {
			_, had, err := current(t.Context(), reader)
			if err != nil {
				t.Fatal(err)
			}
			seed++
			text := lines(50_000, seed) // 2 MB: several requests
			client := c.client()
			head, err := fleet.NewStore(client, "/test").Head(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			client.KV = &mortal{KV: client.KV, left: requests, unanswered: unanswered, died: cancel}
			if testing.Verbose() && requests == 0 {
				t.Logf("unanswered: %v", unanswered)
			}
			pushed, err := fleet.NewStore(client, "/test").Push(ctx, fleet.Proposal{Text: text, Compared: head, Keep: 2})
			cancel()
			_, got, readErr := current(t.Context(), reader)
			switch {
			case readErr != nil:
				t.Fatalf("killed after %d requests: %v", requests, readErr)
			case bytes.Equal(got, text):
				after++
			case bytes.Equal(got, had) && err != nil:
				before++
			default:
				t.Fatalf("killed after %d requests (%v): something else is there", requests, err)
			}
			push(t, reader, lines(100, seed+1000))
			if err == nil && pushed.Unswept == nil {
				break
			}
		}
	}
	t.Logf("killed %d times before the pointer was swapped, and %d times after", before, after)
	if before < 6 || after < 4 {
		t.Errorf("a push has more requests than that")
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
