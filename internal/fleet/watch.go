package fleet

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// LookEvery is the time between two looks at the pointer: they tell that etcd is away,
// and make up for a watch that hangs, as of a node that has lost its network.
const LookEvery = time.Second

// Follow calls seen with the pointer as it is, whenever it may have changed, and lost
// with why it cannot be had, until the context is done. Both are called by one
// goroutine at a time; seen may be called with what it has seen already. A pointer that
// means nothing is seen too, without what it says: etcd is there.
//
// It watches from the revision of etcd at which it has read. Whatever ends the watch,
// such as that etcd has compacted that revision or has no leader, it reads anew. So it does
// where etcd has gone back behind what was seen.
func (s *Store) Follow(ctx context.Context, seen func(Head), lost func(error)) {
	for ctx.Err() == nil {
		head, err := s.seenHead(ctx)
		if err != nil {
			if ctx.Err() == nil {
				lost(err)
			}
			pause(ctx, retryAfter)
			continue
		}
		seen(head)
		if err := s.watch(ctx, head, seen); err != nil && ctx.Err() == nil {
			lost(err)
		}
	}
}

// seenHead reads the pointer. One that means nothing is no error.
func (s *Store) seenHead(ctx context.Context) (Head, error) {
	head, err := s.Head(ctx)
	if errors.Is(err, ErrFormat) {
		err = nil
	}
	return head, err
}

// watch watches the pointer until the watch ends, or a look finds etcd away: then the
// error says so.
func (s *Store) watch(ctx context.Context, from Head, seen func(Head)) error {
	ctx, cancel := context.WithCancel(clientv3.WithRequireLeader(ctx))
	defer cancel()
	changes := s.client.Watch(ctx, s.pointerKey(), clientv3.WithRev(from.At+1))
	looks := time.NewTicker(LookEvery)
	defer looks.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case change, open := <-changes:
			if !open || change.Err() != nil {
				return nil // whoever called reads anew
			}
		case <-looks.C:
		}
		head, err := s.seenHead(ctx)
		if err != nil {
			return err
		}
		if head.At < from.At {
			return nil // etcd was restored: what is watched from is still to come
		}
		from = head
		seen(head)
	}
}

// Outage is since when something is away.
type Outage struct{ since atomic.Int64 }

// Begin notes that it is away. It reports whether that is new.
func (o *Outage) Begin() bool { return o.since.CompareAndSwap(0, time.Now().Unix()) }

// End notes that it is there. It reports whether that is new.
func (o *Outage) End() bool { return o.since.Swap(0) != 0 }

// Since is since when it is away; the zero time while it is there.
func (o *Outage) Since() time.Time {
	if at := o.since.Load(); at != 0 {
		return time.Unix(at, 0)
	}
	return time.Time{}
}
