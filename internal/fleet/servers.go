package fleet

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"github.com/auralink/auralink/internal/acceptance"
)

// leaseSeconds is how long a server that says nothing any more counts as alive.
const leaseSeconds = 10

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
}

// Servers returns all servers that have ever said something, by name, and how they
// stand to the pointer. Two that run with one name are two.
func (s *Store) Servers(ctx context.Context) ([]Server, Head, error) {
	got, err := s.getAll(ctx,
		clientv3.OpGet(s.pointerKey()),
		clientv3.OpGet(s.serverKey(""), clientv3.WithPrefix()),
		clientv3.OpGet(s.prefix+"/alive/", clientv3.WithPrefix()))
	if err != nil {
		return nil, Head{}, err
	}
	head := Head{At: got.Header.Revision}
	if found := got.Responses[0].GetResponseRange().Kvs; len(found) > 0 {
		head.Swapped = found[0].ModRevision
		if err := decode(s.pointerKey(), found[0].Value, &head.Pointer); err != nil {
			return nil, head, err
		}
	}
	digests, err := s.digests(ctx, head)
	if err != nil {
		return nil, head, err
	}
	servers := []Server{}
	alive := make(map[string]bool)
	for _, kv := range got.Responses[2].GetResponseRange().Kvs {
		v := s.decodeView(kv.Key, kv.Value)
		alive[v.Name] = true
		servers = append(servers, stateOf(v, head.Pointer, digests))
	}
	for _, kv := range got.Responses[1].GetResponseRange().Kvs {
		if v := s.decodeView(kv.Key, kv.Value); !alive[v.Name] {
			servers = append(servers, Server{View: v, State: Gone, Wanted: head.Pointer.For(v.Name)})
		}
	}
	slices.SortStableFunc(servers, func(a, b Server) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Instance, b.Instance))
	})
	return servers, head, nil
}

// decodeView reads what a server says. Its name is that of the key: a server that may
// write its own key alone cannot speak for another. What cannot be read is an error of
// that server, and hides no other one.
func (s *Store) decodeView(key, value []byte) View {
	var v View
	if err := decode(string(key), value, &v); err != nil {
		v = View{Error: err.Error()}
	}
	name := strings.TrimPrefix(strings.TrimPrefix(string(key), s.serverKey("")), s.prefix+"/alive/")
	v.Name, _, _ = strings.Cut(name, "/")
	return v
}

// digests returns the digests of the revisions that the pointer names, by number. One that
// is not there has none: no server has it.
func (s *Store) digests(ctx context.Context, head Head) (map[int64]acceptance.Digest, error) {
	digests := make(map[int64]acceptance.Digest)
	for _, number := range head.Pointer.named() {
		r, err := s.Revision(ctx, number, head.At)
		if errors.Is(err, ErrNoRevision) || errors.Is(err, ErrFormat) {
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
	switch {
	case v.Error != "":
		server.State = Refusing
	case v.Revision != 0 && v.Revision == server.Wanted && v.Digest == digests[v.Revision]:
		server.State = UpToDate
	}
	return server
}

// Forget removes what a server that is gone has said. It reports whether there was
// anything.
func (s *Store) Forget(ctx context.Context, name string) (bool, error) {
	done, err := s.commit(ctx, nil, clientv3.OpDelete(s.serverKey(name)))
	return err == nil && done.Responses[0].GetResponseDeleteRange().Deleted > 0, err
}

// Enrolment is how a server says what it serves, for as long as it runs.
type Enrolment struct {
	store    *Store
	name     string
	instance string
	version  string
}

// Enrol returns the enrolment of a server. Names have no slash.
func (s *Store) Enrol(name, version string) *Enrolment {
	return &Enrolment{store: s, name: name, instance: rand.Text()[:8], version: version}
}

// Run says what the server serves, each time that there is something new on views,
// under a lease that is kept until the context is done; then it is given back. What
// goes wrong is told, and tried again.
func (e *Enrolment) Run(ctx context.Context, views <-chan View, lost func(error)) {
	var last View
	select {
	case <-ctx.Done():
		return
	case last = <-views:
	}
	for ctx.Err() == nil {
		err := e.session(ctx, views, &last)
		if ctx.Err() != nil {
			return
		}
		lost(err)
		wait := time.Second
		if errors.Is(err, ErrDenied) {
			wait = time.Minute
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// errLeaseEnded is for a lease that etcd has not kept: the server could not reach it.
var errLeaseEnded = errors.New("the lease has ended")

// session is one lease: what happens while etcd is there.
func (e *Enrolment) session(ctx context.Context, views <-chan View, last *View) error {
	lease, err := e.grant(ctx)
	if err != nil {
		return err
	}
	defer e.revoke(lease)
	kept, err := e.store.client.KeepAlive(ctx, lease)
	if err != nil {
		return explained(err)
	}
	if err := e.put(ctx, *last, lease); err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case _, open := <-kept:
			if !open {
				return errLeaseEnded
			}
		case *last = <-views:
			if err := e.put(ctx, *last, lease); err != nil {
				return err
			}
		}
	}
}

func (e *Enrolment) grant(ctx context.Context) (clientv3.LeaseID, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	granted, err := e.store.client.Grant(ctx, leaseSeconds)
	if err != nil {
		return 0, explained(err)
	}
	return granted.ID, nil
}

// revoke gives a lease back: the server is gone at once. If that cannot be said, the
// lease ends by itself.
func (e *Enrolment) revoke(lease clientv3.LeaseID) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, _ = e.store.client.Revoke(ctx, lease)
}

// put writes what the server says: under the lease, and to stay.
func (e *Enrolment) put(ctx context.Context, v View, lease clientv3.LeaseID) error {
	v.Format, v.Name, v.Instance, v.Version = format, e.name, e.instance, e.version
	text := encode(v)
	_, err := e.store.commit(ctx, nil,
		clientv3.OpPut(e.store.aliveKey(e.name, e.instance), text, clientv3.WithLease(lease)),
		clientv3.OpPut(e.store.serverKey(e.name), text))
	return err
}
