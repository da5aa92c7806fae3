package run

import (
	"context"
	"sync"

	"github.com/auralink/auralink/internal/doctor"
)

// Gate is a [doctor.Gate].
type Gate struct {
	perHost int
	all     chan struct{}

	mu    sync.Mutex
	hosts map[string]chan struct{}
}

var _ doctor.Gate = (*Gate)(nil)

// NewGate returns a gate that lets so many connections be open at once to each host,
// and so many in all.
func NewGate(perHost, inAll int) *Gate {
	return &Gate{perHost: perHost, all: make(chan struct{}, inAll), hosts: make(map[string]chan struct{})}
}

// Enter implements [doctor.Gate]. Whoever waits for a host keeps nobody from another
// one.
func (g *Gate) Enter(ctx context.Context, host string) (leave func(), err error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	room := g.room(host)
	if err := enter(ctx, room); err != nil {
		return nil, err
	}
	if err := enter(ctx, g.all); err != nil {
		<-room
		return nil, err
	}
	return sync.OnceFunc(func() {
		<-g.all
		<-room
	}), nil
}

func enter(ctx context.Context, room chan struct{}) error {
	select {
	case room <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// room has as many places as there may be connections to a host.
func (g *Gate) room(host string) chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	room := g.hosts[host]
	if room == nil {
		room = make(chan struct{}, g.perHost)
		g.hosts[host] = room
	}
	return room
}
