//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/auralink/auralink/test/peers"
)

// lowRate is how many queries a second are few.
const lowRate = 1000

// resting is how long a server is left alone before it counts as idle: what it
// does at its start, and when it was asked, is over then.
const resting = 3 * time.Second

// soloSample is what was measured of a server in the networks of the pair: of an idle
// one beside the others, which are as idle, of all else alone.
type soloSample struct {
	starts      []time.Duration // from each start until the first answer, on all processors
	idle        float64         // context switches a second while nobody asks, likewise
	few         float64         // processor time a query at lowRate, in microseconds
	fewSwitches float64         // context switches a query at lowRate
	crowd       float64         // processor time a query of the crowd, in microseconds
	unanswered  int
	memory      float64 // in MiB, after the crowd
}

// solo is a contestant that runs by itself, and what was measured of it.
type solo struct {
	contestant
	samples []soloSample
}

// measureAlone measures contestants whose servers are there, each by itself, round after
// round, from its start to its end: in a network of its own, asked by 200 clients over a
// cable.
func (c *contest) measureAlone(ctx context.Context, w io.Writer, list []contestant) (err error) {
	between, err := newPair()
	if err != nil {
		return fmt.Errorf("making two networks (this needs root): %w", err)
	}
	defer func() { err = errors.Join(err, between.close()) }()
	runs := make([]*solo, len(list))
	for i, one := range list {
		runs[i] = &solo{contestant: one}
	}
	for round := range c.rounds {
		dir := filepath.Join(c.dir, fmt.Sprintf("alone.%d", round))
		if err := between.servers.Do(func() error { return rest(ctx, runs, dir, seconds(c.idle)) }); err != nil {
			return fmt.Errorf("watching idle servers: %w", err)
		}
		for i, one := range runs {
			dir := fmt.Sprintf("%s.%d", dir, i)
			if err := between.clients.Do(func() error { return one.measure(ctx, between, dir, c.options) }); err != nil {
				return fmt.Errorf("measuring %s alone: %w", one.peer.Name, err)
			}
		}
		fmt.Fprintf(c.log, "round %d of %d of each alone done\n", round+1, c.rounds)
	}
	return c.printAlone(w, runs)
}

// rest begins a sample of each server with the context switches that it makes in a time
// in which nobody asks. All are idle at once, on the ports behind the one of serverAt.
func rest(ctx context.Context, runs []*solo, dir string, duration time.Duration) error {
	servers := make([]*peers.Server, len(runs))
	for i, one := range runs {
		port := serverAt.Port() + 1 + uint16(i)
		place := peers.Place{Dir: fmt.Sprintf("%s.idle.%d", dir, i), Addr: netip.AddrPortFrom(serverAt.Addr(), port)}
		server, err := one.launch(place)
		if err != nil {
			return err
		}
		defer server.Stop()
		servers[i] = server
	}
	starting, stop := context.WithTimeout(ctx, startTime)
	defer stop()
	for _, server := range servers {
		if err := server.AwaitReady(starting); err != nil {
			return err
		}
	}
	if err := sleep(ctx, resting); err != nil {
		return err
	}
	before := make([]int, len(servers))
	for i, server := range servers {
		var err error
		if before[i], err = switchesOf(server.Group()); err != nil {
			return err
		}
	}
	if err := sleep(ctx, duration); err != nil {
		return err
	}
	for i, server := range servers {
		after, err := switchesOf(server.Group())
		if err != nil {
			return err
		}
		runs[i].samples = append(runs[i].samples, soloSample{idle: float64(after-before[i]) / duration.Seconds()})
	}
	return nil
}

// measure starts the server, from the network of the clients, and completes its last
// sample: several times on all processors, as it is installed, until its first answer,
// and once tied to one, to see what queries take.
func (a *solo) measure(ctx context.Context, between pair, dir string, o options) error {
	takeThread()
	one := &a.samples[len(a.samples)-1]
	// It is started where it is to be, for a command that goes there first takes time.
	err := between.servers.Do(func() (err error) {
		one.starts, err = a.start(ctx, between, dir+".start")
		return err
	})
	if err != nil {
		return err
	}
	clients, err := newCrowd(serverAt, a.names, a.edns, clientCount)
	if err != nil {
		return err
	}
	defer clients.close()
	server, err := a.launch(peers.Place{Dir: dir, Addr: serverAt, Through: between.tied()})
	if err != nil {
		return err
	}
	defer server.Stop()
	if _, err := awaitFirst(ctx, clients, server); err != nil {
		return err
	}
	if err := (&entrant{contestant: a.contestant, server: server}).check(); err != nil {
		return err
	}
	return one.load(ctx, server.Group(), clients, seconds(o.seconds))
}

// launch starts the server in a directory that it makes. Its files are older than
// those that may still be being written, which ours waits for.
func (a *solo) launch(place peers.Place) (*peers.Server, error) {
	if err := os.Mkdir(place.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("making a directory: %w", err)
	}
	place.Rest = resting
	return peers.Launch(a.peer, place)
}

// load measures a server that is asked now and then, and by all at once.
func (s *soloSample) load(ctx context.Context, group int, clients *crowd, duration time.Duration) error {
	few, err := spentOn(group, func() (tally, error) { return clients.inTurn(ctx, lowRate, duration) })
	if err != nil {
		return err
	}
	many, err := spentOn(group, func() (tally, error) { return clients.together(ctx, duration) })
	if err != nil {
		return err
	}
	memory, err := memoryOf(group)
	if err != nil {
		return err
	}
	s.few, s.fewSwitches, s.crowd = few.cpu(), few.perQuery(), many.cpu()
	s.unanswered = few.sent - few.answered + many.sent - many.answered
	s.memory = float64(memory) / 1024
	return nil
}

// sleep waits for so long, or until ctx ends.
func sleep(ctx context.Context, duration time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(duration):
		return nil
	}
}

// spent is what a server's processes have used for queries.
type spent struct {
	tally
	time     time.Duration
	switches int
}

// cpu returns microseconds of processor time for a query that was answered.
func (s spent) cpu() float64 { return perQuery(s.time, max(1, s.answered)) }

// perQuery returns context switches for a query that was answered.
func (s spent) perQuery() float64 { return float64(s.switches) / float64(max(1, s.answered)) }

// spentOn returns what the processes of a group use while somebody asks.
func spentOn(group int, asking func() (tally, error)) (spent, error) {
	switches, err1 := switchesOf(group)
	before, err2 := usedBy(group)
	if err := errors.Join(err1, err2); err != nil {
		return spent{}, err
	}
	asked, err := asking()
	if err != nil {
		return spent{}, err
	}
	after, err1 := usedBy(group)
	now, err2 := switchesOf(group)
	return spent{tally: asked, time: after.minus(before).total(), switches: now - switches}, errors.Join(err1, err2)
}
