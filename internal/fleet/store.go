package fleet

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.etcd.io/etcd/api/v3/mvccpb"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"

	"github.com/auralink/auralink/internal/topology"
)

// requestTimeout bounds each request that writes. An election takes a second or two.
const requestTimeout = 5 * time.Second

// readTimeouts bound the attempts to read. The next one asks another node: one that has
// lost its network says nothing, and one that has lost the others waits for them.
var readTimeouts = []time.Duration{500 * time.Millisecond, time.Second, 1500 * time.Millisecond, 2 * time.Second}

// The errors that callers tell apart.
var (
	// ErrEmpty is for a fleet to which nothing was pushed.
	ErrEmpty = errors.New("nothing was pushed yet")
	// ErrNoRevision is for a revision that is not kept, or never was.
	ErrNoRevision = errors.New("no such revision is kept")
	// ErrDamaged is for a revision whose text is not what was pushed.
	ErrDamaged = errors.New("the revision is damaged")
	// ErrFormat is for a record that another version has written, or somebody else.
	ErrFormat = errors.New("no record of a fleet that this version knows")
	// ErrAccess is for files of [Access] that cannot be used.
	ErrAccess = errors.New("coming to etcd")
	// ErrDenied is for what etcd's roles do not let us do.
	ErrDenied = errors.New("etcd does not permit it")
	// ErrFull is for what etcd has no room for: nothing of it was done.
	ErrFull = errors.New("etcd is full")
	// ErrLimits is for an etcd that takes less at a time than it does by default.
	ErrLimits = errors.New("etcd takes less at a time than it does by default")
)

// Store is a fleet in etcd. All methods may be called by several goroutines.
type Store struct {
	client *clientv3.Client
	prefix string
	tls    *tls.Config // of the connections; nil for none
}

// Open returns the fleet at an address. It asks nobody yet.
func Open(address Address, access Access) (*Store, error) {
	config, err := access.config(address.Endpoints)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAccess, err)
	}
	client, err := clientv3.New(config)
	if err != nil {
		return nil, explained(err)
	}
	store := NewStore(client, address.Prefix)
	store.tls = config.TLS
	return store, nil
}

// NewStore returns the fleet below a prefix, by a client that is there.
func NewStore(client *clientv3.Client, prefix string) *Store {
	return &Store{client: client, prefix: prefix}
}

// Close ends the connections.
func (s *Store) Close() { _ = s.client.Close() }

// The keys; see docs/adr/0025-a-fleet-on-etcd.md.
func (s *Store) pointerKey() string { return s.prefix + "/pointer" }

func (s *Store) sweepKey() string { return s.prefix + "/sweep" }

func (s *Store) pieceKey(digest string) string { return s.prefix + "/pieces/" + digest }

func (s *Store) revisionKey(number int64) string {
	return s.prefix + fmt.Sprintf("/revisions/%010d", number)
}

func (s *Store) serverKey(name string) string { return s.prefix + "/servers/" + name }

func (s *Store) aliveKey(name, instance string) string {
	return s.prefix + "/alive/" + name + "/" + instance
}

// Head is the pointer, as it was at one time.
type Head struct {
	Pointer Pointer
	// At is etcd's revision at which it was read, Swapped the one at which the pointer
	// was written; 0 if there is none.
	At, Swapped int64
}

// Head reads the pointer. That of a fleet to which nothing was pushed is zero.
func (s *Store) Head(ctx context.Context) (Head, error) {
	got, err := s.get(ctx, s.pointerKey())
	if err != nil {
		return Head{}, err
	}
	return s.headOf(got.Kvs, got.Header.Revision)
}

// headOf returns the pointer that was found, if there is one, as of a revision of etcd.
func (s *Store) headOf(found []*mvccpb.KeyValue, at int64) (Head, error) {
	h := Head{At: at}
	if len(found) == 0 {
		return h, nil
	}
	h.Swapped = found[0].ModRevision
	return h, decode(s.pointerKey(), found[0].Value, &h.Pointer)
}

// get is a read, with the time for one.
func (s *Store) get(ctx context.Context, key string, options ...clientv3.OpOption) (got *clientv3.GetResponse, err error) {
	err = s.read(ctx, func(ctx context.Context) (err error) {
		got, err = s.client.Get(ctx, key, options...)
		return err
	})
	return got, err
}

// getAll is a read of several things as of one revision of etcd, with the time for one.
func (s *Store) getAll(ctx context.Context, gets ...clientv3.Op) (got *clientv3.TxnResponse, err error) {
	err = s.read(ctx, func(ctx context.Context) (err error) {
		got, err = s.client.Txn(ctx).Then(gets...).Commit()
		return err
	})
	return got, err
}

// read has something asked until it is answered, in the time for a read.
func (s *Store) read(ctx context.Context, ask func(context.Context) error) (err error) {
	for _, within := range readTimeouts {
		attempt, cancel := context.WithTimeout(ctx, within)
		err = ask(attempt)
		late := attempt.Err() != nil && ctx.Err() == nil
		cancel()
		if err == nil || !late {
			break
		}
	}
	return s.explained(err)
}

// commit is a transaction that writes, with the time for one.
func (s *Store) commit(ctx context.Context, ifs []clientv3.Cmp, then ...clientv3.Op) (*clientv3.TxnResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	done, err := s.client.Txn(ctx).If(ifs...).Then(then...).Commit()
	return done, s.explained(err)
}

// explained is [explained], which finds out why nobody answers.
func (s *Store) explained(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return s.unanswered()
	}
	return explained(err)
}

// explained says in our words what the errors of etcd mean that people can do
// something about.
func explained(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, rpctypes.ErrPermissionDenied):
		return fmt.Errorf("%w: the user's roles lack it", ErrDenied)
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

// Revision reads what is kept of a push, as of etcd's revision at; 0 is now.
func (s *Store) Revision(ctx context.Context, number, at int64) (Revision, error) {
	got, err := s.get(ctx, s.revisionKey(number), clientv3.WithRev(at))
	if err != nil {
		return Revision{}, err
	}
	if len(got.Kvs) == 0 {
		return Revision{}, fmt.Errorf("revision %d: %w", number, ErrNoRevision)
	}
	var r Revision
	if err := decode(s.revisionKey(number), got.Kvs[0].Value, &r); err != nil {
		return r, err
	}
	if r.Octets < 0 || r.Octets > topology.MaxOctets {
		return r, fmt.Errorf("revision %d: %w: it would have %d octets", number, ErrDamaged, r.Octets)
	}
	return r, nil
}

// History returns the revisions that are kept, the newest first. Keys that no revision
// has are none of the fleet's.
func (s *Store) History(ctx context.Context) ([]Revision, error) {
	got, err := s.get(ctx, s.prefix+"/revisions/", clientv3.WithPrefix(),
		clientv3.WithSort(clientv3.SortByKey, clientv3.SortDescend))
	if err != nil {
		return nil, err
	}
	var revisions []Revision
	for _, kv := range got.Kvs {
		if _, ours := s.numberOf(string(kv.Key)); !ours {
			continue
		}
		var r Revision
		if err := decode(string(kv.Key), kv.Value, &r); err != nil {
			return nil, err
		}
		revisions = append(revisions, r)
	}
	return revisions, nil
}

// newest returns the number of the newest revision that is kept, which is 0 if none is.
func (s *Store) newest(ctx context.Context) (newest int64, err error) {
	got, err := s.get(ctx, s.prefix+"/revisions/", clientv3.WithPrefix(), clientv3.WithKeysOnly())
	if err != nil {
		return 0, err
	}
	for _, kv := range got.Kvs {
		if number, ours := s.numberOf(string(kv.Key)); ours {
			newest = max(newest, number)
		}
	}
	return newest, nil
}

// readTogether is how many pieces are asked for at a time: 8 MiB at most.
const readTogether = 16

// Text reads the text of a revision, as of etcd's revision at; 0 is now. It is what was
// pushed, octet for octet, or the error is [ErrDamaged].
func (s *Store) Text(ctx context.Context, r Revision, at int64) ([]byte, error) {
	text := make([]byte, 0, r.Octets)
	for first := 0; first < len(r.Pieces); first += readTogether {
		names := r.Pieces[first:min(len(r.Pieces), first+readTogether)]
		pieces, err := s.pieces(ctx, names, at)
		if err != nil {
			return nil, fmt.Errorf("revision %d: %w", r.Number, err)
		}
		for _, piece := range pieces {
			text = append(text, piece...)
		}
	}
	if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != r.SHA256 || int64(len(text)) != r.Octets {
		return nil, fmt.Errorf("revision %d: %w: its pieces are not the whole", r.Number, ErrDamaged)
	}
	return text, nil
}

// pieces reads some pieces, each of which must be what its name says.
func (s *Store) pieces(ctx context.Context, digests []string, at int64) ([][]byte, error) {
	ops := make([]clientv3.Op, len(digests))
	for i, digest := range digests {
		ops[i] = clientv3.OpGet(s.pieceKey(digest), clientv3.WithRev(at))
	}
	got, err := s.getAll(ctx, ops...)
	if err != nil {
		return nil, err
	}
	pieces := make([][]byte, len(digests))
	for i, response := range got.Responses {
		found := response.GetResponseRange().Kvs
		if len(found) != 1 || digestOf(found[0].Value) != digests[i] {
			return nil, fmt.Errorf("%w: piece %.12s is not there, or not what it was", ErrDamaged, digests[i])
		}
		pieces[i] = found[0].Value
	}
	return pieces, nil
}

// Compacted reports whether an error says that etcd has not kept what was asked for:
// whoever reads begins anew.
func Compacted(err error) bool { return errors.Is(err, rpctypes.ErrCompacted) }

// numberOf returns the number in the key of a revision, and whether it is one.
func (s *Store) numberOf(key string) (number int64, ours bool) {
	number, err := strconv.ParseInt(strings.TrimPrefix(key, s.prefix+"/revisions/"), 10, 64)
	return number, err == nil && number > 0 && key == s.revisionKey(number)
}
