package fleet_test

import (
	"context"
	"errors"
	"testing"

	clientv3 "go.etcd.io/etcd/client/v3"

	"github.com/auralink/auralink/internal/fleet"
)

// late is a KV that loses the answer to one request, which etcd takes only when some
// further ones were answered.
type late struct {
	clientv3.KV
	requests int
	held     int // the number of the request, from 1
	after    int // so many requests later it is done
	do       func() error
}

var errLost = errors.New("lost")

// request counts a request, and does what was held if it is time for that.
func (l *late) request(do func() error) error {
	l.requests++
	if l.requests == l.held {
		l.do = do
		return errLost
	}
	err := do()
	if l.requests == l.held+l.after && err == nil {
		err = l.do()
	}
	return err
}

func (l *late) Get(ctx context.Context, key string, opts ...clientv3.OpOption) (got *clientv3.GetResponse, err error) {
	err = l.request(func() (err error) {
		got, err = l.KV.Get(ctx, key, opts...)
		return err
	})
	return got, err
}

func (l *late) Txn(ctx context.Context) clientv3.Txn {
	return &lateTxn{l.KV.Txn(context.WithoutCancel(ctx)), l} // it outlives the wait for it
}

type lateTxn struct {
	clientv3.Txn
	l *late
}

func (t *lateTxn) If(cs ...clientv3.Cmp) clientv3.Txn { t.Txn = t.Txn.If(cs...); return t }

func (t *lateTxn) Then(ops ...clientv3.Op) clientv3.Txn { t.Txn = t.Txn.Then(ops...); return t }

func (t *lateTxn) Commit() (done *clientv3.TxnResponse, err error) {
	err = t.l.request(func() (err error) {
		done, err = t.Txn.Commit()
		return err
	})
	return done, err
}

// TestLateSwap: a swap whose answer is lost, and which is done while the writer finds out
// what became of it, is the writer's own, and not somebody else's who was first.
func TestLateSwap(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1)
	push(t, c.store(), lines(10, 1))
	const swap = 3 // after the pieces were looked for, and put
	for after := 1; after < 4; after++ {
		client := c.client()
		store := fleet.NewStore(client, "/test")
		head := headOf(t, store)
		kv := &late{KV: client.KV, held: swap, after: after}
		client.KV = kv
		text := lines(10, uint64(1+after))
		pushed, err := store.Push(t.Context(), fleet.Proposal{Text: text, Compared: head, Keep: 5})
		if err != nil || kv.do == nil {
			t.Errorf("done %d requests later: %v", after, err)
			continue
		}
		r, got, err := current(t.Context(), c.store())
		if err != nil || string(got) != string(text) || r.ID != pushed.Revision.ID {
			t.Errorf("done %d requests later: something else is there: %v", after, err)
		}
	}
}
