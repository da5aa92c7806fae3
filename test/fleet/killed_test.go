package fleet_test

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"

	clientv3 "go.etcd.io/etcd/client/v3"

	"github.com/auralink/auralink/internal/fleet"
)

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
