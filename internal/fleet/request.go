package fleet

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"
)

// requestTimeout bounds each request that writes. An election takes a second or two.
const requestTimeout = 5 * time.Second

// commit is a transaction that writes, with the time for one. A node without a leader has
// done nothing: it is asked again, or another one is.
func (s *Store) commit(ctx context.Context, ifs []clientv3.Cmp, then ...clientv3.Op) (*clientv3.TxnResponse, error) {
	ctx, cancel := context.WithTimeout(clientv3.WithRequireLeader(ctx), requestTimeout)
	defer cancel()
	for {
		done, err := s.client.Txn(ctx).If(ifs...).Then(then...).Commit()
		if !errors.Is(err, rpctypes.ErrNoLeader) {
			return done, s.explained(err)
		}
		if pause(ctx, askNext); ctx.Err() != nil {
			return nil, s.explained(ctx.Err())
		}
	}
}

// explained is [explained], which knows as whom we come and to what, and finds out why
// nobody answers.
func (s *Store) explained(err error) error {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return s.unanswered()
	case errors.Is(err, rpctypes.ErrPermissionDenied):
		return fmt.Errorf("%w: %s has no role for it below %s", ErrDenied, s.who, s.prefix)
	}
	return explained(err)
}

// explained says in our words what the errors of etcd mean that people can do
// something about.
func explained(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, rpctypes.ErrUserEmpty):
		return fmt.Errorf("%w: it wants a user, and none was given", ErrDenied)
	case errors.Is(err, rpctypes.ErrAuthFailed), errors.Is(err, rpctypes.ErrUserNotFound):
		return fmt.Errorf("%w: the user's name or password is wrong", ErrDenied)
	case errors.Is(err, rpctypes.ErrNoSpace):
		return fmt.Errorf("%w: compact and defragment it, or raise its --quota-backend-bytes, and disarm its alarm", ErrFull)
	case errors.Is(err, rpctypes.ErrRequestTooLarge), errors.Is(err, rpctypes.ErrTooManyOps):
		return fmt.Errorf("%w (--max-request-bytes, --max-txn-ops): %w", ErrLimits, err)
	case errors.Is(err, context.DeadlineExceeded):
		return errors.New("etcd does not answer in time")
	default:
		return fmt.Errorf("etcd: %w", err)
	}
}
