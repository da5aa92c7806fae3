//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
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

// idleWindow is how long an idle server is watched. It wakes a few times a second
// at most: in a shorter window single wakes decide the figure.
const idleWindow = 20 * time.Second

// soloSample is what was measured of a server that runs alone, across the pair.
type soloSample struct {
	start       time.Duration // until its first answer, on all processors
	idle        float64       // context switches a second while nobody asks, likewise
	few         float64       // processor time a query at lowRate, in microseconds
	fewSwitches float64       // context switches a query at lowRate
	crowd       float64       // processor time a query of the crowd, in microseconds
	unanswered  int
	memory      float64 // in MiB, after the crowd
}

// solo is a contestant that runs by itself, and what was measured of it.
type solo struct {
	contestant
	samples []soloSample
}

// measureAlone measures each contestant by itself, round after round, from its
// start to its end: in a network of its own, asked by 200 clients over a cable.
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
		for i, one := range runs {
			dir := filepath.Join(c.dir, fmt.Sprintf("alone.%d.%d", round, i))
			err := between.clients.Do(func() error { return one.measure(ctx, between, dir, c.options) })
			var missing *peers.MissingError
			if errors.As(err, &missing) {
				continue // the contest has said so
			}
			if err != nil {
				return fmt.Errorf("measuring %s alone: %w", one.peer.Name, err)
			}
		}
		fmt.Fprintf(c.log, "round %d of %d of each alone done\n", round+1, c.rounds)
	}
	return c.printAlone(w, runs)
}

// measure runs the server twice, from the network of the clients: on all processors,
// as it is installed, from its start and with nobody asking, and tied to one, to see
// what queries take.
func (a *solo) measure(ctx context.Context, between pair, dir string, o options) error {
	takeThread()
	// Whoever asks is there before the server, which is timed from its start.
	clients, err := newCrowd(serverAt, a.names, a.edns, clientCount)
	if err != nil {
		return err
	}
	defer clients.close()
	var one soloSample
	// It is started where it is to be, for a command that goes there first takes time.
	err = between.servers.Do(func() error {
		return a.run(ctx, clients, peers.Place{Dir: dir + ".idle", Addr: serverAt}, func(server *peers.Server, first time.Duration) error {
			one.start = first
			return one.rest(ctx, server.Group(), max(seconds(o.seconds), idleWindow))
		})
	})
	if err != nil {
		return err
	}
	err = a.run(ctx, clients, peers.Place{Dir: dir, Addr: serverAt, Through: between.tied()}, func(server *peers.Server, _ time.Duration) error {
		if err := (&entrant{contestant: a.contestant, server: server}).check(); err != nil {
			return err
		}
		return one.load(ctx, server.Group(), clients, seconds(o.seconds))
	})
	if err != nil {
		return err
	}
	a.samples = append(a.samples, one)
	return nil
}

// run starts the server, has it seen once it is ready, with the time until its first
// answer, and stops it.
func (a *solo) run(ctx context.Context, clients *crowd, place peers.Place, see func(*peers.Server, time.Duration) error) error {
	server, err := a.launch(place)
	if err != nil {
		return err
	}
	defer server.Stop()
	starting, stop := context.WithTimeout(ctx, startTime)
	defer stop()
	if err := clients.awaitAnswer(starting); err != nil {
		return fmt.Errorf("%w\n%s", err, server.Log())
	}
	first := time.Since(server.Started())
	if err := server.AwaitReady(starting); err != nil {
		return err
	}
	return see(server, first)
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

// rest counts the context switches of a server that nobody asks.
func (s *soloSample) rest(ctx context.Context, group int, duration time.Duration) error {
	if err := sleep(ctx, resting); err != nil {
		return err
	}
	before, err := switchesOf(group)
	if err != nil {
		return err
	}
	if err := sleep(ctx, duration); err != nil {
		return err
	}
	after, err := switchesOf(group)
	s.idle = float64(after-before) / duration.Seconds()
	return err
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
