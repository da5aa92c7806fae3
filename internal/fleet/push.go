package fleet

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"github.com/auralink/auralink/internal/acceptance"
	"github.com/auralink/auralink/internal/hint"
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
	// Written is how many of its pieces were put: they were not there before, or are Damaged
	// ones, which were not what their name says.
	Written, Damaged int
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
	next := Pointer{Format: format, Last: r.Number, Current: r.Number, CurrentID: r.ID}
	if compared := p.Compared.Pointer; len(p.Canary) > 0 {
		next.Current, next.CurrentID = compared.Current, compared.CurrentID
		next.Canary = &Canary{Revision: r.Number, ID: r.ID, Names: p.Canary}
	}
	done, err := s.push(ctx, r, pieces, next, p.Compared)
	if err != nil {
		return Pushed{}, err
	}
	return Pushed{Revision: r, Written: done.written, Damaged: done.damaged, Unswept: s.sweep(ctx, p.Keep)}, nil
}

// push puts the pieces and swaps the pointer. It does so again where a sweep of somebody
// else came in between, and where etcd did not answer, for as long as the context says:
// each step may be done twice. It returns how many pieces were put.
func (s *Store) push(ctx context.Context, r Revision, pieces []Piece, next Pointer, compared Head) (done put, err error) {
	uncertain := false
	for {
		swapped, err := s.try(ctx, r, pieces, next, compared, &done)
		switch {
		case swapped:
			return done, nil
		case errors.Is(err, ErrDenied), errors.Is(err, ErrFull), errors.Is(err, ErrLimits):
			return done, err
		}
		uncertain = uncertain || err != nil
		known, now, askErr := s.became(ctx, r, compared)
		switch {
		case known:
			return done, nil
		case now != nil:
			return done, now
		case errors.Is(askErr, errTaken), errors.Is(askErr, errUncertain), errors.Is(askErr, ErrFormat):
			return done, askErr
		}
		lost := errors.Join(err, askErr)
		if lost != nil {
			pause(ctx, retryAfter)
		}
		if ctx.Err() != nil {
			lost = cmp.Or(lost, ctx.Err())
			if uncertain {
				lost = fmt.Errorf("%w; %w", lost, errUncertain)
			}
			return done, lost
		}
	}
}

// try is one attempt to push. It counts the pieces that it puts.
func (s *Store) try(ctx context.Context, r Revision, pieces []Piece, next Pointer, compared Head, count *put) (swapped bool, err error) {
	there, swept, err := s.piecesThere(ctx)
	if err != nil {
		return false, err
	}
	damaged, err := s.leaveDamaged(ctx, pieces, there)
	if err != nil {
		return false, err
	}
	written, err := s.putPieces(ctx, pieces, there)
	count.written += written
	if err != nil {
		return false, err
	}
	count.damaged += damaged
	free := clientv3.Compare(clientv3.CreateRevision(s.revisionKey(r.Number)), "=", 0)
	return s.swap(ctx, next, compared, []clientv3.Cmp{sweptAt(s, swept), free}, clientv3.OpPut(s.revisionKey(r.Number), encode(r)))
}

// became finds out what became of an attempt to push that did not end well, for the
// answer may have been lost: whether it is there, or who was first. Pointer and revision
// are read as of one time: an attempt may still be on its way, and end between two reads.
func (s *Store) became(ctx context.Context, r Revision, compared Head) (pushed bool, first *ConflictError, err error) {
	got, err := s.getAll(ctx, small, clientv3.OpGet(s.pointerKey()), clientv3.OpGet(s.revisionKey(r.Number)))
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
	case !now.Same(compared) && (len(found) > 0 || now.Pointer.Last < r.Number):
		return false, &ConflictError{Now: now}, nil
	case !now.Same(compared):
		return false, nil, errUncertain // it may have been pushed, and removed by later ones
	case len(found) > 0:
		return false, nil, hint.Add(fmt.Errorf("revision %d: %w", r.Number, errTaken), "auralink history says what it is; if it is nobody's, etcdctl del "+s.revisionKey(r.Number)+
			"; else etcdctl del "+s.pointerKey()+", and auralink rollback REVISION --uncompared counts on from it")
	}
	return false, nil, nil
}

// errTaken is for a revision that was written by hand, or a pointer that was.
var errTaken = errors.New("it is there already, and the pointer does not count it")

// retryAfter is how long to wait for an etcd that did not answer.
const retryAfter = 300 * time.Millisecond

// pause waits a while, or until the context is done.
func pause(ctx context.Context, while time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(while):
	}
}

// swap puts another pointer in the place of the one that was read, and does what else
// is to be done with it, or nothing of all that.
func (s *Store) swap(ctx context.Context, next Pointer, read Head, ifs []clientv3.Cmp, with ...clientv3.Op) (bool, error) {
	ifs = append(ifs, s.unmoved(read)...)
	done, err := s.commit(ctx, ifs, append(with, clientv3.OpPut(s.pointerKey(), encode(next)))...)
	return err == nil && done.Succeeded, err
}

// unmoved compares the pointer with the one that was read, as [Head.Same] does.
func (s *Store) unmoved(read Head) []clientv3.Cmp {
	ifs := []clientv3.Cmp{clientv3.Compare(clientv3.ModRevision(s.pointerKey()), "=", read.Swapped)}
	if read.Swapped != 0 { // what is not there has no text to compare
		ifs = append(ifs, clientv3.Compare(clientv3.Value(s.pointerKey()), "=", read.text))
	}
	return ifs
}
