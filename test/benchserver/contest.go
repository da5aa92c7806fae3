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
	"slices"
	"strings"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/peers"
)

// entrant is a contestant that runs, and what was measured of it.
type entrant struct {
	contestant
	server  *peers.Server
	dir     string // the server's own
	queries string // dnsperf's input file
	samples []sample
}

func (e *entrant) name() string { return e.peer.Name }

// contest is the servers that run, one for each contestant.
type contest struct {
	options
	log      io.Writer
	dir      string
	entrants []*entrant
	skipped  []string
	after    func() string
}

// newContest gathers the contestants of a field.
func newContest(ctx context.Context, dir string, f field, o options) (*contest, []contestant, error) {
	e := &entry{options: o, dir: dir}
	if err := f.enter(ctx, e); err != nil {
		return nil, nil, err
	}
	list := slices.DeleteFunc(e.contestants, func(c contestant) bool { return !o.wants(c.peer.Name) })
	return &contest{options: o, log: os.Stderr, dir: dir, skipped: e.skipped, after: e.after}, list, nil
}

// start starts all servers. One that is not there is skipped.
func (c *contest) start(list []contestant) error {
	for i, one := range list {
		e := &entrant{
			contestant: one,
			dir:        filepath.Join(c.dir, fmt.Sprintf("%02d", i)), // short: it may have sockets in it
			queries:    filepath.Join(c.dir, fmt.Sprintf("queries.%02d", i)),
		}
		err := e.start()
		var missing *peers.MissingError
		if errors.As(err, &missing) {
			c.skipped = append(c.skipped, fmt.Sprintf("%s is skipped: %v", e.name(), err))
			continue
		}
		if err != nil {
			return err
		}
		c.entrants = append(c.entrants, e)
	}
	return nil
}

// start starts a server, tied to a processor, and writes what it is to be asked.
func (e *entrant) start() error {
	if err := os.Mkdir(e.dir, 0o700); err != nil {
		return fmt.Errorf("making a directory: %w", err)
	}
	if err := e.names.writeQueries(e.queries); err != nil {
		return err
	}
	at, err := peers.FreeAddr(e.peer.Host())
	if err != nil {
		return err
	}
	e.server, err = peers.Launch(e.peer, peers.Place{Dir: e.dir, Addr: at, Through: tiedTo(serverCPU)})
	return err
}

// stop ends all servers that run.
func (c *contest) stop() {
	for _, e := range c.entrants {
		e.server.Stop()
	}
	c.entrants = nil
}

// takingPart returns those contestants whose servers were there and gave right answers.
func (c *contest) takingPart(list []contestant) (there []contestant) {
	for _, one := range list {
		if slices.ContainsFunc(c.entrants, func(e *entrant) bool { return e.peer.Name == one.peer.Name }) {
			there = append(there, one)
		}
	}
	return there
}

// disqualify waits until the servers are ready, stops those that are not, or that
// do not answer as they should, and returns what was wrong.
func (c *contest) disqualify(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	var errs []error
	c.entrants = slices.DeleteFunc(c.entrants, func(e *entrant) bool {
		err := e.server.AwaitReady(ctx)
		if err == nil {
			err = e.check()
		}
		if err != nil {
			e.server.Stop()
			errs = append(errs, fmt.Errorf("%s is disqualified: %w", e.name(), err))
		}
		return err != nil
	})
	return errors.Join(errs...)
}

// fastPathOff is what our plugin logs, and why, when it does without the fast path.
const fastPathOff = "fast path off"

// check asks for some of the names. Each must have its addresses with the TTL, in
// which order is the server's own choice; the floor must send back the question.
func (e *entrant) check() error {
	if e.fast && strings.Contains(e.server.Log(), fastPathOff) {
		return fmt.Errorf("it does not use the fast path:\n%s", e.server.Log())
	}
	client, err := peers.Dial(e.server.Addr, "udp", netip.Addr{})
	if err != nil {
		return err
	}
	defer client.Close()
	every := max(1, e.names.count()/100)
	for i := 0; i < e.names.count(); i += every {
		query := new(dns.Msg).SetQuestion(e.names.owner(i), dns.TypeA)
		if e.edns {
			query.SetEdns0(dns.DefaultMsgSize, false)
		}
		reply, err := client.Ask(query)
		if err != nil {
			return err
		}
		if err := e.judge(query, reply); err != nil {
			return fmt.Errorf("asked for %s: %w", e.names.owner(i), err)
		}
	}
	return nil
}

// judge finds what is wrong with a reply.
func (e *entrant) judge(query, reply *dns.Msg) error {
	if e.echo {
		if reply.String() != query.String() {
			return fmt.Errorf("it came back as\n%s", reply)
		}
		return nil
	}
	if reply.Rcode != dns.RcodeSuccess || !reply.Response || !slices.Equal(reply.Question, query.Question) {
		return fmt.Errorf("unexpected reply\n%s", reply)
	}
	if (reply.IsEdns0() != nil) != e.edns {
		return fmt.Errorf("unexpected EDNS, or none, in the reply\n%s", reply)
	}
	var got []netip.Addr
	for _, rr := range reply.Answer {
		a, ok := rr.(*dns.A)
		if !ok || a.Hdr.Ttl != ttl || !strings.EqualFold(a.Hdr.Name, query.Question[0].Name) {
			return fmt.Errorf("unexpected answer %q", rr)
		}
		addr, _ := netip.AddrFromSlice(a.A)
		got = append(got, addr.Unmap())
	}
	slices.SortFunc(got, netip.Addr.Compare)
	if want := e.names.addrs(); !slices.Equal(got, want) {
		return fmt.Errorf("got %v, want %v", got, want)
	}
	return nil
}

// measure measures each server once. Another one begins each round.
func (c *contest) measure(ctx context.Context, round int) error {
	for i := range c.entrants {
		e := c.entrants[(round+i)%len(c.entrants)]
		if round == 0 && c.warmUp > 0 {
			if _, err := e.load(seconds(c.warmUp), 0).run(ctx, c.options); err != nil {
				return fmt.Errorf("warming up %s: %w", e.name(), err)
			}
		}
		s, err := c.measureOne(ctx, e)
		if err != nil {
			return fmt.Errorf("measuring %s: %w", e.name(), err)
		}
		e.samples = append(e.samples, s)
	}
	fmt.Fprintf(c.log, "round %d of %d done\n", round+1, c.rounds)
	return nil
}

// load is a load on the server, at a limit of queries a second or without.
func (e *entrant) load(duration time.Duration, limit int) load {
	return load{to: e.server.Addr, queries: e.queries, edns: e.edns, duration: duration, limit: limit}
}

// measureOne takes the server's processor time before and after as many queries
// as it answers, and then how long answers take at half of that load.
func (c *contest) measureOne(ctx context.Context, e *entrant) (sample, error) {
	duration := seconds(c.seconds)
	before, err := usedBy(e.server.Group())
	if err != nil {
		return sample{}, err
	}
	full, err := e.load(duration, 0).run(ctx, c.options)
	if err != nil {
		return sample{}, err
	}
	after, err := usedBy(e.server.Group())
	if err != nil {
		return sample{}, err
	}
	user, system := after.minus(before).byMode()
	half, err := c.atHalf(ctx, e, full.rate, duration)
	return sample{
		user:   perQuery(user, full.completed),
		system: perQuery(system, full.completed),
		full:   full,
		half:   half,
	}, err
}
