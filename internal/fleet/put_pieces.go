package fleet

import (
	"context"
	"slices"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// sweptAt compares when pieces were removed last.
func sweptAt(s *Store, at int64) clientv3.Cmp {
	return clientv3.Compare(clientv3.ModRevision(s.sweepKey()), "=", at)
}

// piecesThere returns the digests of all pieces, and when pieces were removed last.
func (s *Store) piecesThere(ctx context.Context) (there map[string]bool, swept int64, err error) {
	got, err := s.getAll(ctx, large,
		clientv3.OpGet(s.sweepKey()),
		clientv3.OpGet(s.pieceKey(""), clientv3.WithPrefix(), clientv3.WithKeysOnly()))
	if err != nil {
		return nil, 0, err
	}
	if found := got.Responses[0].GetResponseRange().Kvs; len(found) > 0 {
		swept = found[0].ModRevision
	}
	there = make(map[string]bool)
	for _, kv := range got.Responses[1].GetResponseRange().Kvs {
		there[string(kv.Key)[len(s.pieceKey("")):]] = true
	}
	return there, swept, nil
}

// leaveDamaged reads those of the pieces that are there, and leaves the ones that are not what
// their name says out of there, to be put again. It returns how many those are. It has
// [readTogether] of them in memory at a time.
func (s *Store) leaveDamaged(ctx context.Context, pieces []Piece, there map[string]bool) (damaged int, err error) {
	var digests []string
	for _, piece := range pieces {
		if there[piece.Digest] {
			digests = append(digests, piece.Digest)
		}
	}
	slices.Sort(digests)
	for some := range slices.Chunk(slices.Compact(digests), readTogether) {
		found, err := s.find(ctx, large, some, 0)
		if err != nil {
			return damaged, err
		}
		for i, digest := range some {
			if found[i] != nil && found[i].Digest != digest {
				delete(there, digest)
				damaged++
			} // one that is gone was swept: then the pointer is not swapped
		}
	}
	return damaged, nil
}

// putTogether bounds what is put at a time: etcd takes 1.5 MiB, and 128 operations.
const (
	putTogether     = 1 << 20
	putTogetherMost = 100
)

// put is how many pieces were put, and how many of them in the place of damaged ones.
type put struct{ written, damaged int }

// putPieces puts the pieces that are not there, and returns how many those are.
func (s *Store) putPieces(ctx context.Context, pieces []Piece, there map[string]bool) (written int, err error) {
	var batch []clientv3.Op
	size := 0
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		_, err := s.commit(ctx, nil, batch...)
		written += len(batch)
		batch, size = nil, 0
		return err
	}
	for _, piece := range pieces {
		if there[piece.Digest] {
			continue
		}
		there[piece.Digest] = true // a text may have it twice
		if size+len(piece.Octets) > putTogether || len(batch) == putTogetherMost {
			if err := flush(); err != nil {
				return written, err
			}
		}
		batch = append(batch, clientv3.OpPut(s.pieceKey(piece.Digest), string(piece.Octets)))
		size += len(piece.Octets)
	}
	return written, flush()
}
