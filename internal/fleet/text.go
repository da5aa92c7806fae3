package fleet

import (
	"context"
	"fmt"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// readTogether is how many pieces are asked for at a time: 8 MiB at most. A text of up to
// smallText octets is small.
const (
	readTogether = 16
	smallText    = 128 << 10
)

// Text reads the text of a revision, as of etcd's revision at; 0 is now. It is what was
// pushed, octet for octet, or the error is [ErrDamaged].
func (s *Store) Text(ctx context.Context, r Revision, at int64) ([]byte, error) {
	others := large
	if r.Octets <= smallText {
		others = small
	}
	text := make([]byte, 0, r.Octets)
	for first := 0; first < len(r.Pieces); first += readTogether {
		names := r.Pieces[first:min(len(r.Pieces), first+readTogether)]
		pieces, err := s.pieces(ctx, others, names, at)
		if err != nil {
			return nil, fmt.Errorf("revision %d: %w", r.Number, err)
		}
		for _, piece := range pieces {
			text = append(text, piece...)
		}
	}
	if digestOf(text) != r.SHA256 || int64(len(text)) != r.Octets {
		return nil, fmt.Errorf("revision %d: %w: its pieces are not the whole", r.Number, ErrDamaged)
	}
	return text, nil
}

// pieces reads some pieces, each of which must be what its name says.
func (s *Store) pieces(ctx context.Context, others []time.Duration, digests []string, at int64) ([][]byte, error) {
	found, err := s.find(ctx, others, digests, at)
	if err != nil {
		return nil, err
	}
	pieces := make([][]byte, len(digests))
	for i, piece := range found {
		switch {
		case piece == nil:
			return nil, fmt.Errorf("%w: piece %.12s is not there", ErrDamaged, digests[i])
		case piece.Digest != digests[i]:
			return nil, fmt.Errorf("%w: piece %.12s is not what it was", ErrDamaged, digests[i])
		}
		pieces[i] = piece.Octets
	}
	return pieces, nil
}

// find reads some pieces, as they are: the digest of one that is damaged is not its name.
// One that is not there is nil.
func (s *Store) find(ctx context.Context, others []time.Duration, digests []string, at int64) ([]*Piece, error) {
	ops := make([]clientv3.Op, len(digests))
	for i, digest := range digests {
		ops[i] = clientv3.OpGet(s.pieceKey(digest), asOf(at)...)
	}
	got, err := s.getAll(ctx, others, ops...)
	if err != nil {
		return nil, err
	}
	pieces := make([]*Piece, len(digests))
	for i, response := range got.Responses {
		if found := response.GetResponseRange().Kvs; len(found) == 1 {
			pieces[i] = &Piece{Digest: digestOf(found[0].Value), Octets: found[0].Value}
		}
	}
	return pieces, nil
}
