//go:build linux

package soak_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"time"
)

// chaos disturbs the servers, one at a time but for outages of both.
type chaos struct {
	servers  []*server
	writer   *writer
	upstream *upstream
	outages  *outages
	rand     *rand.Rand
	counts   map[string]int // by what was done
}

// disturbance is done to one server. One that restarts it ends its process.
type disturbance struct {
	name     string
	restarts bool
	do       func(c *chaos, s *server) error
}

var disturbances = []disturbance{
	{"SIGUSR1", false, func(_ *chaos, s *server) error { return s.signal(syscall.SIGUSR1) }},
	{"SIGTERM", true, func(c *chaos, s *server) error { return c.restart(s, syscall.SIGTERM) }},
	{"SIGKILL", true, func(c *chaos, s *server) error { return c.restart(s, syscall.SIGKILL) }},
	{"SIGSTOP", false, (*chaos).stopped},
	{"interface down", false, (*chaos).unplugged},
	{"disk full", false, func(c *chaos, s *server) error { return c.full(s, false) }},
	{"disk full, SIGKILL", true, func(c *chaos, s *server) error { return c.full(s, true) }},
}

// run disturbs the servers until the context is done. The server spared is never
// restarted, so that what it uses can be compared in the end.
func (c *chaos) run(ctx context.Context, spared *server) error {
	for ctx.Err() == nil {
		s, d := c.servers[c.rand.IntN(len(c.servers))], disturbances[c.rand.IntN(len(disturbances))]
		if d.restarts && s == spared {
			continue
		}
		c.counts[d.name]++
		_, _ = fmt.Fprintf(s.log, "--- %s %s\n", time.Now().Format(time.TimeOnly+".000"), d.name) // between what the server says
		if err := d.do(c, s); err != nil {
			return fmt.Errorf("%s of %s: %w", d.name, s.addr, err)
		}
		wait(ctx, time.Duration(100+c.rand.IntN(600))*time.Millisecond)
	}
	return nil
}

// wait waits, but not longer than the context.
func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// downFor has a server be down while something is done, until it answers again.
func (c *chaos) downFor(s *server, do func() error) error {
	s.judge.up(s.index, time.Time{})
	c.outages.set(s.index, true)
	if err := do(); err != nil {
		return err
	}
	if err := s.await(); err != nil {
		return err
	}
	c.outages.set(s.index, false)
	return nil
}

// restart ends a server's process by a signal and starts another one.
func (c *chaos) restart(s *server, signal syscall.Signal) error {
	return c.downFor(s, func() error {
		s.end(signal)
		return s.start()
	})
}

// stopped stops a server's process for a while, as a host does that swaps.
func (c *chaos) stopped(s *server) error {
	return c.downFor(s, func() error {
		if err := s.signal(syscall.SIGSTOP); err != nil {
			return err
		}
		time.Sleep(time.Duration(500+c.rand.IntN(1500)) * time.Millisecond)
		return s.signal(syscall.SIGCONT)
	})
}

// unplugged takes a server's interface down for a while.
func (c *chaos) unplugged(s *server) error {
	return c.downFor(s, func() error {
		if err := s.network.Shell("ip link set eth0 down\n"); err != nil {
			return err
		}
		time.Sleep(time.Duration(500+c.rand.IntN(1000)) * time.Millisecond)
		return s.network.Shell("ip link set eth0 up\n")
	})
}

// full has a server's disk be full while topologies are written; then it may be killed,
// and has to start by what is there.
func (c *chaos) full(s *server, killed bool) error {
	free := c.writer.full(s.index)
	for _, way := range []string{"renamed", "in place", "torn"} {
		if _, err := c.writer.write(way); err != nil {
			return err
		}
		time.Sleep(200 * time.Millisecond)
	}
	if killed {
		if err := c.restart(s, syscall.SIGKILL); err != nil {
			return err
		}
	}
	if err := free(); err != nil {
		return err
	}
	_, err := c.writer.write("renamed")
	return err
}

// run writes topologies until the context is done. Of every few it waits for one that
// was replaced as a whole, until each server has come to it.
func (w *writer) run(ctx context.Context) error {
	for n := 0; ctx.Err() == nil; n++ {
		if _, err := w.write(ways...); err != nil {
			return err
		}
		wait(ctx, time.Duration(100+rand.IntN(400))*time.Millisecond)
		if n%8 != 7 {
			continue
		}
		number, err := w.write(wholes...)
		if err != nil {
			return err
		}
		for end := time.Now().Add(patience); ctx.Err() == nil && !w.judge.reached(number); wait(ctx, 100*time.Millisecond) {
			if time.Now().After(end) {
				return fmt.Errorf("version %d is not served: %s", number, w.judge.state())
			}
		}
	}
	return nil
}

// run has the upstream go and come until the context is done.
func (u *upstream) run(ctx context.Context) error {
	for {
		if wait(ctx, 14*time.Second); ctx.Err() != nil {
			return nil
		}
		u.away++
		u.stop()
		wait(ctx, 2*time.Second)
		if err := u.start(); err != nil {
			return fmt.Errorf("the upstream: %w", err)
		}
	}
}

// table writes counts in one line, by name.
func table(counts map[string]int) string {
	var parts []string
	for _, name := range sorted(counts) {
		parts = append(parts, fmt.Sprintf("%s %d", name, counts[name]))
	}
	return strings.Join(parts, ", ")
}
