package fleet

import (
	"context"
	"errors"
	"time"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// readWithin bounds each request that reads, with all attempts.
const readWithin = 5 * time.Second

// The times after which another node is asked as well, each since the one before; the last
// one is that of all further ones. Of what is large, copies fight for the line.
var (
	small = []time.Duration{askNext}
	large = []time.Duration{2 * askNext, 4 * askNext, 6 * askNext, 8 * askNext}
)

const askNext = 250 * time.Millisecond

// behindFor is how long a node may be behind another one, as a rule.
const behindFor = 20 * time.Millisecond

// get is a read, with the time for one. Others are asked after some times, small or large.
func (s *Store) get(ctx context.Context, others []time.Duration, key string, options ...clientv3.OpOption) (got *clientv3.GetResponse, err error) {
	err = s.bounded(ctx, func(ctx context.Context) (err error) {
		got, err = soonest(ctx, others, func() (*clientv3.GetResponse, error) { return s.client.Get(ctx, key, options...) })
		return err
	})
	return got, err
}

// getAll is a read of several things as of one revision of etcd, as [Store.get] is.
func (s *Store) getAll(ctx context.Context, others []time.Duration, gets ...clientv3.Op) (got *clientv3.TxnResponse, err error) {
	err = s.bounded(ctx, func(ctx context.Context) (err error) {
		got, err = soonest(ctx, others, func() (*clientv3.TxnResponse, error) { return s.client.Txn(ctx).Then(gets...).Commit() })
		return err
	})
	return got, err
}

// answer is what a node has answered.
type answer[T any] struct {
	got T
	err error
}

// soonest asks one node, others as well after some times, and hears the first one that
// answers. A node that has lost its network says nothing, and one that has just found the
// others again may wait for them some seconds longer than we need.
func soonest[T any](ctx context.Context, others []time.Duration, ask func() (T, error)) (T, error) {
	answers := make(chan answer[T])
	one := func() {
		got, err := ask()
		select {
		case answers <- answer[T]{got, err}:
		case <-ctx.Done():
		}
	}
	next := time.NewTimer(0)
	defer next.Stop()
	for asked := 0; ; {
		select {
		case <-next.C:
			go one()
			next.Reset(others[min(asked, len(others)-1)])
			asked++
		case a := <-answers:
			switch {
			case errors.Is(a.err, rpctypes.ErrFutureRev):
				next.Reset(behindFor)
			case unavailable(a.err):
				next.Reset(askNext)
			default:
				return a.got, a.err
			}
		case <-ctx.Done():
			return *new(T), ctx.Err()
		}
	}
}

// asOf are the options of a read as of etcd's revision at, which is 0 for now. What was
// then, each node that has that revision can tell without the others.
func asOf(at int64) []clientv3.OpOption {
	if at == 0 {
		return nil
	}
	return []clientv3.OpOption{clientv3.WithRev(at), clientv3.WithSerializable()}
}

// bounded has something read in the time for a read. A node that has lost the others says
// so at once. If nobody has answered in the end, the error says why.
func (s *Store) bounded(ctx context.Context, read func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(clientv3.WithRequireLeader(ctx), readWithin)
	defer cancel()
	why := make(chan error, 1)
	finding := time.AfterFunc(readWithin-reachWithin, func() { why <- s.unanswered() })
	defer finding.Stop()
	err := read(ctx)
	switch {
	case err == nil || ctx.Err() == nil:
		return s.explained(err)
	case errors.Is(ctx.Err(), context.DeadlineExceeded) && !finding.Stop():
		return <-why
	}
	return s.explained(ctx.Err())
}

// unavailable reports whether an error says that a node cannot do anything now, such as
// without a leader, or that it was lost.
func unavailable(err error) bool {
	code := status.Code(err)
	var ofEtcd rpctypes.EtcdError
	if errors.As(err, &ofEtcd) {
		code = ofEtcd.Code()
	}
	return code == codes.Unavailable || code == codes.DeadlineExceeded // by its own clock
}
