package fleet

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"github.com/auralink/auralink/internal/acceptance"
)

// Proposal is a text that is to become a revision.
type Proposal struct {
	Text []byte
	// Who pushes, and why.
	Who, Message string
	// RollbackTo is the number of the revision whose text it is; 0 for a new text.
	RollbackTo int64
	// Canary are the names of the servers that are to take it first; empty for all.
	Canary []string
	// Compared is the pointer that the text was compared with: nobody may have swapped
	// it since.
	Compared Head
	// Keep is how many of the newest revisions are kept.
	Keep int
}

// Pushed is what became of a proposal.
type Pushed struct {
	Revision Revision
	// Written is how many of its pieces were not there before.
	Written int
	// Unswept says why older revisions could not be removed; nil if they are.
	Unswept error
}

// ConflictError is for a proposal that was compared with what is not there any more.
type ConflictError struct {
	// Now is the pointer as it is.
	Now Head
}

// Error says what to do.
func (e *ConflictError) Error() string {
	if e.Now.Swapped == 0 {
		return "somebody has removed the pointer of the fleet meanwhile"
	}
	return fmt.Sprintf("somebody else was first: the fleet is at revision %d now", e.Now.Pointer.Last)
}

// errUncertain is for a push of which etcd did not say what became of it.
var errUncertain = errors.New("etcd did not say what became of it: auralink history tells whether it was pushed")

// Push makes a text the newest revision, and points to it. The error is a
// [ConflictError] if the pointer is not the one that was compared: then nothing is
// changed that anybody sees.
func (s *Store) Push(ctx context.Context, p Proposal) (Pushed, error) {
	pieces := Cut(p.Text)
	last := p.Compared.Pointer.Last
	if p.Compared.Swapped == 0 { // of a pointer that was removed its revisions are left
		var err error
		if last, err = s.newest(ctx); err != nil {
			return Pushed{}, err
		}
	}
	r := Revision{
		Format: format, Number: last + 1, ID: rand.Text(),
		Digest: acceptance.Of(p.Text), SHA256: digestOf(p.Text), Octets: int64(len(p.Text)),
		Who: p.Who, Time: time.Now().UTC().Truncate(time.Second), Message: p.Message,
		Compared: p.Compared.Pointer.Current, RollbackTo: p.RollbackTo,
	}
	for _, piece := range pieces {
		r.Pieces = append(r.Pieces, piece.Digest)
	}
	next := Pointer{Format: format, Last: r.Number, Current: r.Number}
	if len(p.Canary) > 0 {
		next.Current, next.Canary = p.Compared.Pointer.Current, &Canary{Revision: r.Number, Names: p.Canary}
	}
	written, err := s.push(ctx, r, pieces, next, p.Compared)
	if err != nil {
		return Pushed{}, err
	}
	return Pushed{Revision: r, Written: written, Unswept: s.sweep(ctx, p.Keep)}, nil
}

// push puts the pieces and swaps the pointer. It does so again where a sweep of somebody
// else came in between, and where etcd did not answer, for as long as the context says:
// each step may be done twice. It returns how many pieces were put.
func (s *Store) push(ctx context.Context, r Revision, pieces []Piece, next Pointer, compared Head) (written int, err error) {
	uncertain := false
	for {
		n, swapped, err := s.try(ctx, r, pieces, next, compared)
		written += n
		switch {
		case swapped:
			return written, nil
		case errors.Is(err, ErrDenied), errors.Is(err, ErrFull), errors.Is(err, ErrLimits):
			return written, err
		}
		uncertain = uncertain || err != nil
		known, now, askErr := s.became(ctx, r, compared)
		switch {
		case known:
			return written, nil
		case now != nil:
			return written, now
		case errors.Is(askErr, errTaken), errors.Is(askErr, errUncertain), errors.Is(askErr, ErrFormat):
			return written, askErr
		}
		if lost := errors.Join(err, askErr); !pause(ctx, lost) {
			if uncertain {
				lost = fmt.Errorf("%w; %w", lost, errUncertain)
			}
			return written, lost
		}
	}
}

// try is one attempt to push.
func (s *Store) try(ctx context.Context, r Revision, pieces []Piece, next Pointer, compared Head) (written int, swapped bool, err error) {
	there, swept, err := s.piecesThere(ctx)
	if err != nil {
		return 0, false, err
	}
	if written, err = s.putPieces(ctx, pieces, there); err != nil {
		return written, false, err
	}
	free := clientv3.Compare(clientv3.CreateRevision(s.revisionKey(r.Number)), "=", 0)
	swapped, err = s.swap(ctx, next, compared, []clientv3.Cmp{sweptAt(s, swept), free}, clientv3.OpPut(s.revisionKey(r.Number), encode(r)))
	return written, swapped, err
}

// became finds out what became of an attempt to push that did not end well, for the
// answer may have been lost: whether it is there, or who was first. Pointer and revision
// are read as of one time: an attempt may still be on its way, and end between two reads.
func (s *Store) became(ctx context.Context, r Revision, compared Head) (pushed bool, first *ConflictError, err error) {
	got, err := s.getAll(ctx, clientv3.OpGet(s.pointerKey()), clientv3.OpGet(s.revisionKey(r.Number)))
	if err != nil {
		return false, nil, err
	}
	now, err := s.headOf(got.Responses[0].GetResponseRange().Kvs, got.Header.Revision)
	if err != nil {
		return false, nil, err
	}
	var there Revision
	found := got.Responses[1].GetResponseRange().Kvs
	ours := len(found) > 0 && decode(s.revisionKey(r.Number), found[0].Value, &there) == nil && there.ID == r.ID
	switch {
	case ours:
		return true, nil, nil
	case now.Swapped != compared.Swapped && (len(found) > 0 || now.Pointer.Last < r.Number):
		return false, &ConflictError{Now: now}, nil
	case now.Swapped != compared.Swapped:
		return false, nil, errUncertain // it may have been pushed, and removed by later ones
	case len(found) > 0:
		return false, nil, fmt.Errorf("%w: %s", errTaken, s.revisionKey(r.Number))
	}
	return false, nil, nil
}

// errTaken is for the key of a revision that was written by hand.
var errTaken = errors.New("the next revision is there already, and nobody has pushed it; remove the key with etcdctl")

// retryAfter is how long to wait for an etcd that did not answer.
const retryAfter = 300 * time.Millisecond

// pause waits a moment, if something was lost. It returns false if the time is over.
func pause(ctx context.Context, lost error) bool {
	if lost == nil {
		return ctx.Err() == nil
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(retryAfter):
		return true
	}
}

// sweptAt compares when pieces were removed last.
func sweptAt(s *Store, at int64) clientv3.Cmp {
	return clientv3.Compare(clientv3.ModRevision(s.sweepKey()), "=", at)
}

// piecesThere returns the digests of all pieces, and when pieces were removed last.
func (s *Store) piecesThere(ctx context.Context) (there map[string]bool, swept int64, err error) {
	got, err := s.getAll(ctx,
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

// putTogether bounds what is put at a time: etcd takes 1.5 MiB, and 128 operations.
const (
	putTogether     = 1 << 20
	putTogetherMost = 100
)

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

// swap puts another pointer in the place of the one that was read, and does what else
// is to be done with it, or nothing of all that.
func (s *Store) swap(ctx context.Context, next Pointer, read Head, ifs []clientv3.Cmp, with ...clientv3.Op) (bool, error) {
	ifs = append(ifs, clientv3.Compare(clientv3.ModRevision(s.pointerKey()), "=", read.Swapped))
	done, err := s.commit(ctx, ifs, append(with, clientv3.OpPut(s.pointerKey(), encode(next)))...)
	return err == nil && done.Succeeded, err
}

// Promote makes the canary's revision the one for all.
func (s *Store) Promote(ctx context.Context, read Head) error {
	next := read.Pointer
	next.Current, next.Canary = next.Canary.Revision, nil
	return s.move(ctx, next, read)
}

// Abort ends the canary: its servers go back to the revision for all.
func (s *Store) Abort(ctx context.Context, read Head) error {
	next := read.Pointer
	next.Canary = nil
	return s.move(ctx, next, read)
}

// move swaps the pointer and nothing else.
func (s *Store) move(ctx context.Context, next Pointer, read Head) error {
	swapped, err := s.swap(ctx, next, read, nil)
	if err != nil || swapped {
		return err
	}
	now, err := s.Head(ctx)
	if err != nil {
		return err
	}
	return &ConflictError{Now: now}
}
