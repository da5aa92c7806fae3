package fleet

import (
	"context"
	"errors"
	"fmt"
	"slices"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// sweep removes the revisions that are older than the newest few, but for those that
// the pointer names, and then the pieces that no revision names any more. Somebody
// else's push ends it: that one sweeps itself.
func (s *Store) sweep(ctx context.Context, keep int) error {
	head, err := s.Head(ctx)
	if err != nil {
		return err
	}
	old, kept, err := s.divide(ctx, head, keep)
	if err != nil {
		return err
	}
	named := make(map[string]bool)
	for _, number := range kept {
		r, err := s.Revision(ctx, number, head.At)
		if errors.Is(err, ErrDamaged) || errors.Is(err, errForeign) {
			continue // nobody can read it, whatever is kept for it
		}
		if err != nil {
			return err
		}
		for _, digest := range r.Pieces {
			named[digest] = true
		}
	}
	there, _, err := s.piecesThere(ctx)
	if err != nil {
		return err
	}
	var keys []string
	for _, number := range old {
		keys = append(keys, s.revisionKey(number))
	}
	for digest := range there {
		if !named[digest] {
			keys = append(keys, s.pieceKey(digest))
		}
	}
	return s.remove(ctx, head, keys)
}

// divide returns the numbers of the revisions that are to go, and of those that stay.
func (s *Store) divide(ctx context.Context, head Head, keep int) (old, kept []int64, err error) {
	got, err := s.get(ctx, large, s.prefix+"/revisions/", clientv3.WithPrefix(), clientv3.WithKeysOnly(), clientv3.WithRev(head.At))
	if err != nil {
		return nil, nil, err
	}
	var numbers []int64
	for _, kv := range got.Kvs {
		if number, ours := s.numberOf(string(kv.Key)); ours {
			numbers = append(numbers, number)
		}
	}
	for i, number := range numbers {
		if newest := i >= len(numbers)-max(keep, 1); newest || slices.Contains(head.Pointer.named(), number) {
			kept = append(kept, number)
		} else {
			old = append(old, number)
		}
	}
	return old, kept, nil
}

// remove removes keys, in steps. Each step needs the pointer to be as it was when it
// was decided what is to go, and tells whoever is about to push that pieces are gone.
func (s *Store) remove(ctx context.Context, head Head, keys []string) error {
	for batch := range slices.Chunk(keys, putTogetherMost) {
		ops := []clientv3.Op{clientv3.OpPut(s.sweepKey(), fmt.Sprint(head.Pointer.Last))}
		for _, key := range batch {
			ops = append(ops, clientv3.OpDelete(key))
		}
		done, err := s.commit(ctx, s.unmoved(head), ops...)
		if err != nil || !done.Succeeded {
			return err
		}
	}
	return nil
}
