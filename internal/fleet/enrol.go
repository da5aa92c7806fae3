package fleet

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// LeaseSeconds is how long a server that says nothing any more counts as alive.
const LeaseSeconds = 10

// Enrolment is how a server says what it serves, for as long as it runs.
type Enrolment struct {
	store    *Store
	name     string
	instance string
	version  string
	// tidies is when to take those of the name that are gone off the list: this server is
	// in their place. One that was killed just before is not gone until its lease ends. An etcd
	// that was restored has old ones again: so it is done anew with each lease.
	tidies *time.Timer
	tidied bool
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
		return e.store.explained(err)
	}
	if err := e.put(ctx, *last, lease); err != nil {
		return err
	}
	e.tidies, e.tidied = time.NewTimer(0), false
	defer e.tidies.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case _, open := <-kept:
			if !open {
				return errLeaseEnded
			}
			if err := e.stays(ctx, *last, lease); err != nil {
				return err
			}
		case <-e.tidies.C:
			e.tidy(ctx)
		case *last = <-views:
			if err := e.put(ctx, *last, lease); err != nil {
				return err
			}
		}
	}
}

// tidy takes those of the server's name that are gone off the list, at the start and once
// more when the lease of one that was killed has ended.
func (e *Enrolment) tidy(ctx context.Context) {
	_, err := e.store.forgetGone(ctx, e.name)
	switch {
	case errors.Is(err, ErrDenied): // the list is longer, and nothing else
	case err != nil:
		e.tidies.Reset(time.Second)
	case !e.tidied:
		e.tidied = true
		e.tidies.Reset((LeaseSeconds + 2) * time.Second)
	}
}

func (e *Enrolment) grant(ctx context.Context) (clientv3.LeaseID, error) {
	ctx, cancel := context.WithTimeout(clientv3.WithRequireLeader(ctx), requestTimeout)
	defer cancel()
	granted, err := e.store.client.Grant(ctx, LeaseSeconds)
	if err != nil {
		return 0, e.store.explained(err)
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
	text, alive, servers := e.record(v)
	_, err := e.store.commit(ctx, nil, clientv3.OpPut(alive, text, clientv3.WithLease(lease)), clientv3.OpPut(servers, text))
	return err
}

// record returns what the server says as it is written, and the two keys for it.
func (e *Enrolment) record(v View) (text, alive, servers string) {
	v.Format, v.Name, v.Instance, v.Version = format, e.name, e.instance, e.version
	instance := e.name + "/" + e.instance
	return encode(v), e.store.aliveKey() + instance, e.store.serversKey() + instance
}

// stays writes what the server has said again where etcd has it no more: it may be restored,
// with a lease that is still kept, and what the server said before.
func (e *Enrolment) stays(ctx context.Context, v View, lease clientv3.LeaseID) error {
	text, alive, servers := e.record(v)
	got, err := e.store.getAll(ctx, small, clientv3.OpGet(alive), clientv3.OpGet(servers))
	if err != nil {
		return nil // the lease tells whether etcd is there
	}
	for _, response := range got.Responses {
		if found := response.GetResponseRange().Kvs; len(found) != 1 || string(found[0].Value) != text {
			e.tidied = false
			e.tidies.Reset(0)
			return e.put(ctx, v, lease)
		}
	}
	return nil
}
