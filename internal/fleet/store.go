package fleet

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"go.etcd.io/etcd/api/v3/mvccpb"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"

	"github.com/auralink/auralink/internal/hint"
)

// The errors that callers tell apart.
var (
	// ErrEmpty is for a fleet of which etcd has nothing.
	ErrEmpty = errors.New("nothing was pushed yet, or etcd was made anew since")
	// ErrUnpointed is for a fleet that has revisions, and no pointer.
	ErrUnpointed = errors.New("no pointer names one of them: somebody has removed it")
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
	who    string      // as whom we come, for errors
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
	store.tls, store.who = config.TLS, who(config)
	return store, nil
}

// NewStore returns the fleet below a prefix, by a client that is there.
func NewStore(client *clientv3.Client, prefix string) *Store {
	return &Store{client: client, prefix: prefix, who: "the user"}
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

func (s *Store) serversKey() string { return s.prefix + "/servers/" }

func (s *Store) aliveKey() string { return s.prefix + "/alive/" }

// Head is the pointer, as it was at one time.
type Head struct {
	Pointer Pointer
	// At is etcd's revision at which it was read, Swapped the one at which the pointer
	// was written; 0 if there is none.
	At, Swapped int64

	text string // of the pointer, as it was read
}

// Same reports whether two heads have the same pointer. Its text has the IDs of the revisions:
// their numbers, and etcd's, come again where etcd was made anew, or restored.
func (h Head) Same(other Head) bool { return h.Swapped == other.Swapped && h.text == other.text }

// Head reads the pointer. That of a fleet to which nothing was pushed is zero.
func (s *Store) Head(ctx context.Context) (Head, error) {
	got, err := s.get(ctx, small, s.pointerKey())
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
	h.Swapped, h.text = found[0].ModRevision, string(found[0].Value)
	err := decode(s.pointerKey(), found[0].Value, &h.Pointer)
	if err == nil && !h.Pointer.means() {
		err = fmt.Errorf("%s: %w", s.pointerKey(), errForeign)
	}
	if errors.Is(err, errForeign) {
		h.Pointer = Pointer{}
		err = hint.Add(err, "the servers go on with what they have; remove it (etcdctl del "+s.pointerKey()+"), then auralink history says what is kept, and auralink rollback REVISION --uncompared has it back")
	}
	return h, err
}

// Revision reads what is kept of a push, as of etcd's revision at; 0 is now.
func (s *Store) Revision(ctx context.Context, number, at int64) (Revision, error) {
	got, err := s.get(ctx, small, s.revisionKey(number), asOf(at)...)
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
	if err := r.check(number); err != nil {
		return r, fmt.Errorf("revision %d: %w", number, err)
	}
	return r, nil
}

// Pointed reads a revision that a pointer names, as of its time. It must be the one that was
// there when the pointer was written: a mirror may have an earlier one of that number, from an
// etcd that was made anew since.
func (s *Store) Pointed(ctx context.Context, head Head, number int64) (Revision, error) {
	r, err := s.Revision(ctx, number, head.At)
	if id := head.Pointer.idOf(number); err == nil && id != "" && id != r.ID {
		err = fmt.Errorf("revision %d: %w: it is another one than the pointer names", number, ErrDamaged)
	}
	return r, err
}

// History returns the revisions that are kept, the newest first. One whose record cannot be
// read has its number and an error. Keys that no revision has are none of the fleet's.
func (s *Store) History(ctx context.Context) ([]Revision, error) {
	got, err := s.get(ctx, large, s.prefix+"/revisions/", clientv3.WithPrefix(),
		clientv3.WithSort(clientv3.SortByKey, clientv3.SortDescend))
	if err != nil {
		return nil, err
	}
	var revisions []Revision
	for _, kv := range got.Kvs {
		number, ours := s.numberOf(string(kv.Key))
		if !ours {
			continue
		}
		var r Revision
		err := decode(string(kv.Key), kv.Value, &r)
		if err == nil {
			err = r.check(number)
		}
		if err != nil {
			r = Revision{Number: number, Error: err.Error()}
		}
		revisions = append(revisions, r)
	}
	return revisions, nil
}

// newest returns the number of the newest revision that is kept, which is 0 if none is.
func (s *Store) newest(ctx context.Context) (newest int64, err error) {
	got, err := s.get(ctx, large, s.prefix+"/revisions/", clientv3.WithPrefix(), clientv3.WithKeysOnly())
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

// Unpointed returns why no pointer means a revision for anybody, with what to do as a hint.
func (s *Store) Unpointed(ctx context.Context, url string) error {
	newest, err := s.newest(ctx)
	switch {
	case err != nil:
		return err
	case newest == 0:
		return hint.Add(ErrEmpty, "auralink push TOPOLOGY --to "+url+" --uncompared")
	}
	return hint.Add(fmt.Errorf("revisions up to %d are kept, and %w", newest, ErrUnpointed),
		fmt.Sprintf("auralink history %[1]s, and auralink rollback REVISION %[1]s --uncompared", url))
}

// Compacted reports whether an error says that etcd has not kept what was asked for:
// whoever reads begins anew.
func Compacted(err error) bool { return errors.Is(err, rpctypes.ErrCompacted) }

// numberOf returns the number in the key of a revision, and whether it is one.
func (s *Store) numberOf(key string) (number int64, ours bool) {
	number, err := strconv.ParseInt(strings.TrimPrefix(key, s.prefix+"/revisions/"), 10, 64)
	return number, err == nil && number > 0 && key == s.revisionKey(number)
}
