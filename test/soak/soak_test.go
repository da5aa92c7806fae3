//go:build linux

package soak_test

import (
	"context"
	"flag"
	"maps"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

var (
	lasting = flag.Duration("soak", 20*time.Second, "how long all is disturbed")
	seed    = flag.Uint64("seed", uint64(time.Now().UnixNano()), "the seed of what is done")
)

// soak is all that takes part.
type soak struct {
	*testing.T
	world     *world
	judge     *judge
	servers   []*server
	upstream  *upstream
	outages   *outages
	writer    *writer
	chaos     *chaos
	hostile   *hostile
	secondary *follower
	clients   []*client
	uses      []use
}

// use is what a server used before and after it was disturbed.
type use struct {
	server        *server
	before, after usage
}

// TestSoak disturbs everything, in two parts: in each, one of the servers is never
// restarted, and what it uses is measured before and after.
func TestSoak(t *testing.T) {
	s := newSoak(t)
	for _, spared := range s.servers {
		s.part(spared, *lasting/time.Duration(len(s.servers)))
	}
	s.converge()
	t.Logf("seed %d\n%s%s", *seed, s.report(), strings.Join(s.judge.slow, "\n"))
	s.hold()
}

// newSoak starts all hosts and all that is on them.
func newSoak(t *testing.T) *soak {
	t.Helper()
	w, r := newWorld(t), rand.New(rand.NewPCG(*seed, 1))
	s := &soak{T: t, world: w, judge: newJudge(serverAddrs[0].String(), serverAddrs[1].String()), outages: &outages{down: make(map[int]bool)}}
	s.writer = &writer{judge: s.judge, rand: r, counts: make(map[string]int)}
	for i := range serverAddrs {
		s.servers = append(s.servers, newServer(t, w, i, s.judge))
		s.writer.disks = append(s.writer.disks, s.servers[i].disk)
	}
	s.upstream = &upstream{network: w.upstream}
	s.try(s.upstream.start())
	t.Cleanup(s.upstream.stop)
	_, err := s.writer.write("renamed")
	s.try(err)
	for _, server := range s.servers {
		s.try(server.start())
	}
	startSecondary(t, w.secondary)
	s.secondary = &follower{network: w.secondary, judge: s.judge}
	s.chaos = &chaos{servers: s.servers, writer: s.writer, upstream: s.upstream, outages: s.outages, rand: rand.New(rand.NewPCG(*seed, 2)), counts: make(map[string]int)}
	s.hostile = &hostile{network: w.hostiles, judge: s.judge, idle: idleConnections(), counts: make(map[string]int)}
	for addr, vpc := range clientAddrs {
		for range 3 { // questions of each at the same time
			s.clients = append(s.clients, &client{network: w.clients, addr: addr, vpc: vpc, judge: s.judge, outages: s.outages, upstream: s.upstream, pause: 8 * time.Millisecond})
		}
	}
	return s
}

func (s *soak) try(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// idleConnections is how many connections a server may be left with: 10,000, or what
// the limit of open files leaves of the test's own.
func idleConnections() int {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return 0
	}
	return min(10000, int(limit.Cur)-1000)
}

// part disturbs everything for a while, but spares one server of restarts.
func (s *soak) part(spared *server, lasting time.Duration) {
	s.Helper()
	s.clientsFor(2*time.Second, nil)
	before := s.measure(spared, nil)
	s.clientsFor(lasting, func(ctx context.Context, begin func(func(context.Context) error)) {
		begin(s.writer.run)
		begin(s.secondary.run)
		begin(func(ctx context.Context) error { return s.chaos.run(ctx, spared) })
		begin(s.upstream.run)
		s.hostile.run(ctx)
	})
	s.uses = append(s.uses, use{spared, before, s.measure(spared, &before)})
}

// clientsFor has all clients ask for a while, and others do theirs beside.
func (s *soak) clientsFor(lasting time.Duration, beside func(context.Context, func(func(context.Context) error))) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), lasting)
	defer cancel()
	var all sync.WaitGroup
	begin := func(run func(context.Context) error) {
		all.Go(func() {
			if err := run(ctx); err != nil {
				s.Error(err)
				cancel()
			}
		})
	}
	for _, c := range s.clients {
		begin(c.run)
	}
	if beside != nil {
		beside(ctx, begin)
	}
	all.Wait()
}

// measure measures what a server uses while nobody asks. After the disturbance it waits
// until that is as little as before, or for long enough.
func (s *soak) measure(server *server, before *usage) (u usage) {
	s.Helper()
	for end := time.Now().Add(patience / 2); ; time.Sleep(500 * time.Millisecond) {
		var err error
		u, err = server.usage()
		s.try(err)
		if before == nil || before.holds(u) == "" || time.Now().After(end) {
			return u
		}
	}
}

// converge has a last version written, and waits until it is served everywhere.
func (s *soak) converge() {
	s.Helper()
	_, err := s.writer.write("renamed")
	s.try(err)
	last := s.judge.newest(0)
	for end := time.Now().Add(patience); ; {
		s.clientsFor(200*time.Millisecond, nil)
		if s.judge.serves(0, last.number) && s.judge.serves(1, last.number) {
			break
		}
		if time.Now().After(end) {
			s.Errorf("version %d, the last one, is not served: %s", last.number, s.judge.state())
			break
		}
	}
	for end := time.Now().Add(patience); ; time.Sleep(500 * time.Millisecond) {
		behind := s.secondary.converged(last)
		if behind == "" {
			return
		}
		if time.Now().After(end) {
			s.Errorf("the secondary is behind: %s", behind)
			return
		}
	}
}

// hold fails the test where something was wrong.
func (s *soak) hold() {
	s.Helper()
	c := s.judge.counts
	if c.wrongs() > 0 || c.lost > 0 || s.secondary.counts.never > 0 {
		s.Errorf("%d answers wrong, %d questions lost, %d answers of the secondary wrong:\n%s", c.wrongs(), c.lost, s.secondary.counts.never, s.judge.complaints())
	}
	for _, use := range s.uses {
		if grown := use.before.holds(use.after); grown != "" {
			s.Errorf("%s uses more than before: %s (%s)", use.server.addr, grown, use.server.open())
		}
	}
	for what, n := range map[string]int{
		"questions answered": c.answered, "plans timed": c.plans, "answers without addresses": c.negative,
		"answers of the secondary": s.secondary.counts.answered,
	} {
		if n == 0 {
			s.Errorf("there were no %s", what)
		}
	}
	for _, attack := range attacks {
		if s.hostile.counts[attack.name] == 0 {
			s.Errorf("there was no attack %q", attack.name)
		}
	}
}

// firstClient is one of the VPC apps, wildClient one of the VPC that wildAddr is in.
func firstClient() netip.Addr { return netip.MustParseAddr("10.1.0.10") }
func wildClient() netip.Addr  { return netip.MustParseAddr("10.2.0.10") }

func sorted(counts map[string]int) []string { return slices.Sorted(maps.Keys(counts)) }
