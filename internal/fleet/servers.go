package fleet

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	clientv3 "go.etcd.io/etcd/client/v3"

	"github.com/auralink/auralink/internal/acceptance"
)

// State is how a server stands to what is meant for it.
type State string

// The states of servers.
const (
	UpToDate State = "up to date"
	Behind   State = "behind"
	Refusing State = "refusing"
	Gone     State = "gone"
)

// Server is a server of a fleet.
type Server struct {
	View
	State State `json:"state"`
	// Wanted is the number of the revision that is meant for it.
	Wanted int64 `json:"wanted"`
	// Why says what the numbers do not, of a server that says no error.
	Why string `json:"why,omitempty"`
}

// Servers returns all servers that have ever said something, by name, and how they
// stand to the pointer. Two that run with one name are two. A pointer that cannot be read is
// an error, with the servers: it names no revision for them.
func (s *Store) Servers(ctx context.Context) ([]Server, Head, error) {
	got, err := s.getAll(ctx, large,
		clientv3.OpGet(s.pointerKey()),
		clientv3.OpGet(s.serversKey(), clientv3.WithPrefix()),
		clientv3.OpGet(s.aliveKey(), clientv3.WithPrefix()))
	if err != nil {
		return nil, Head{}, err
	}
	head, spoiled := s.headOf(got.Responses[0].GetResponseRange().Kvs, got.Header.Revision)
	digests, err := s.digests(ctx, head)
	if err != nil {
		return nil, head, err
	}
	servers := []Server{}
	alive := make(map[string]bool)
	for _, kv := range got.Responses[2].GetResponseRange().Kvs {
		alive[s.instanceOf(kv.Key)] = true
		servers = append(servers, stateOf(s.decodeView(kv.Key, kv.Value), head.Pointer, digests))
	}
	for _, kv := range got.Responses[1].GetResponseRange().Kvs {
		if v := s.decodeView(kv.Key, kv.Value); !alive[s.instanceOf(kv.Key)] {
			servers = append(servers, Server{View: v, State: Gone, Wanted: head.Pointer.For(v.Name)})
		}
	}
	slices.SortStableFunc(servers, func(a, b Server) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Instance, b.Instance))
	})
	return servers, head, spoiled
}

// decodeView reads what a server says. Name and instance are those of the key: a server
// that may write its own keys alone cannot speak for another. What cannot be read is an error of
// that server, and hides no other one.
func (s *Store) decodeView(key, value []byte) View {
	var v View
	if err := decode(string(key), value, &v); err != nil {
		v = View{Error: err.Error()}
	}
	v.Name, v.Instance, _ = strings.Cut(s.instanceOf(key), "/")
	return v
}

// instanceOf returns NAME/INSTANCE of the key of what a server says.
func (s *Store) instanceOf(key []byte) string {
	return strings.TrimPrefix(strings.TrimPrefix(string(key), s.serversKey()), s.aliveKey())
}

// digests returns the digests of the revisions that the pointer names, by number. One that
// is not there, or damaged, has none: no server has it.
func (s *Store) digests(ctx context.Context, head Head) (map[int64]acceptance.Digest, error) {
	digests := make(map[int64]acceptance.Digest)
	for _, number := range head.Pointer.named() {
		r, err := s.Pointed(ctx, head, number)
		if errors.Is(err, ErrNoRevision) || errors.Is(err, ErrFormat) || errors.Is(err, ErrDamaged) {
			continue
		}
		if err != nil {
			return nil, err
		}
		digests[number] = r.Digest
	}
	return digests, nil
}

// stateOf returns how a server that is alive stands to the pointer. It is up to date
// if the text is the one that is meant, and not by the number alone: a fleet that was
// begun anew counts from 1 again.
func stateOf(v View, p Pointer, digests map[int64]acceptance.Digest) Server {
	server := Server{View: v, State: Behind, Wanted: p.For(v.Name)}
	wanted, known := digests[server.Wanted]
	switch {
	case v.Error != "":
		server.State = Refusing
	case v.Revision == 0 || v.Revision != server.Wanted || !known:
	case v.Digest == wanted:
		server.State = UpToDate
	default:
		server.Why = fmt.Sprintf("it has %.12s under this number, and %.12s is meant: etcd was made anew, or restored", v.Digest, wanted)
	}
	return server
}

// Forget removes what those servers of a name have said that are gone. It reports
// whether there was anything.
func (s *Store) Forget(ctx context.Context, name string) (bool, error) {
	foreign, err := s.forget(ctx, clientv3.OpGet(s.serversKey()+name))
	if err != nil {
		return false, err
	}
	ours, err := s.forgetGone(ctx, name)
	return foreign || ours, err
}

// forgetGone is [Store.Forget], but for what no server has written.
func (s *Store) forgetGone(ctx context.Context, name string) (bool, error) {
	return s.forget(ctx, clientv3.OpGet(s.serversKey()+name+"/", clientv3.WithPrefix(), clientv3.WithKeysOnly()))
}

// forget removes what servers that are gone have said, and reports whether there was some.
func (s *Store) forget(ctx context.Context, said clientv3.Op) (some bool, err error) {
	got, err := s.getAll(ctx, large, said)
	if err != nil {
		return false, err
	}
	for _, kv := range got.Responses[0].GetResponseRange().Kvs {
		gone := clientv3.Compare(clientv3.CreateRevision(s.aliveKey()+s.instanceOf(kv.Key)), "=", 0)
		done, err := s.commit(ctx, []clientv3.Cmp{gone}, clientv3.OpDelete(string(kv.Key)))
		if err != nil {
			return some, err
		}
		some = some || done.Succeeded
	}
	return some, nil
}
