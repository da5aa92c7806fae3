//go:build linux

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// warmUp is how long each server is asked before anything counts, in seconds.
const warmUp = 1

// contest is the servers, one for each way, and what was measured of them.
type contest struct {
	options
	names   names
	dir     string
	servers []*server
	samples [][]sample // by server, one for each round
}

// newContest writes every server's files into dir.
func newContest(dir string, o options) (*contest, error) {
	view, n, err := writeTopology(dir, o.endpoints)
	if err != nil {
		return nil, err
	}
	if err := writeQueries(dir, n.owners); err != nil {
		return nil, err
	}
	c := &contest{options: o, names: n, dir: dir, samples: make([][]sample, len(ways))}
	for _, w := range ways {
		if w.write != nil {
			if err := w.write(dir, n, view); err != nil {
				return nil, fmt.Errorf("writing the files of %s: %w", w.plugin, err)
			}
		}
		ports, err := freePorts(2)
		if err != nil {
			return nil, err
		}
		corefile := filepath.Join(dir, "Corefile."+w.plugin)
		if err := os.WriteFile(corefile, []byte(w.corefile(ports[0], ports[1], n, o.prometheus)), 0o600); err != nil {
			return nil, fmt.Errorf("writing the Corefile of %s: %w", w.plugin, err)
		}
		c.servers = append(c.servers, &server{plugin: w.plugin, corefile: corefile, port: ports[0]})
	}
	return c, nil
}

// queryLines is how many queries dnsperf has before it begins again.
const queryLines = 50_000

// writeQueries writes dnsperf's input: the owners in an order that is random but
// the same each time.
func writeQueries(dir string, owners []string) error {
	random := rand.New(rand.NewPCG(1, 2))
	var text strings.Builder
	for range queryLines {
		fmt.Fprintf(&text, "%s A\n", strings.TrimSuffix(owners[random.IntN(len(owners))], "."))
	}
	if err := os.WriteFile(queryFile(dir), []byte(text.String()), 0o600); err != nil {
		return fmt.Errorf("writing the queries: %w", err)
	}
	return nil
}

func queryFile(dir string) string { return filepath.Join(dir, "queries") }

// start starts all servers and waits until they answer.
func (c *contest) start(ctx context.Context) error {
	for _, s := range c.servers {
		if err := s.start(ctx, c.coredns); err != nil {
			return fmt.Errorf("starting the server with %s: %w", s.plugin, err)
		}
	}
	for _, s := range c.servers {
		if err := s.await(ctx, c.names.owners[0]); err != nil {
			return fmt.Errorf("waiting for the server with %s: %w", s.plugin, err)
		}
	}
	return nil
}

// stop ends all servers that run.
func (c *contest) stop() {
	for _, s := range c.servers {
		s.stop()
	}
}

// compare asks every server for some of the names and checks that all give the
// same addresses with the same TTL; in which order is their own choice.
func (c *contest) compare(ctx context.Context) error {
	every := max(1, len(c.names.owners)/100)
	for _, s := range c.servers {
		for i := 0; i < len(c.names.owners); i += every {
			if err := s.check(ctx, c.names.owners[i], c.names.addrs); err != nil {
				return fmt.Errorf("asking the server with %s: %w", s.plugin, err)
			}
		}
	}
	return nil
}

// check asks for a name's addresses.
func (s *server) check(ctx context.Context, owner string, want []netip.Addr) error {
	client := &dns.Client{Timeout: time.Second}
	m, _, err := client.ExchangeContext(ctx, new(dns.Msg).SetQuestion(owner, dns.TypeA), s.address())
	if err != nil {
		return err
	}
	var got []netip.Addr
	for _, rr := range m.Answer {
		a, ok := rr.(*dns.A)
		if !ok || a.Hdr.Ttl != ttl {
			return fmt.Errorf("unexpected answer %q", rr)
		}
		addr, _ := netip.AddrFromSlice(a.A)
		got = append(got, addr.Unmap())
	}
	slices.SortFunc(got, netip.Addr.Compare)
	if m.Rcode != dns.RcodeSuccess || !slices.Equal(got, want) {
		return fmt.Errorf("%s has %s %v, want %v", owner, dns.RcodeToString[m.Rcode], got, want)
	}
	return nil
}

// measure has dnsperf ask each server once. Another server begins each round.
func (c *contest) measure(ctx context.Context, round int) error {
	for i := range c.servers {
		at := (round + i) % len(c.servers)
		s := c.servers[at]
		if round == 0 {
			if _, err := c.measureOne(ctx, s, warmUp); err != nil {
				return fmt.Errorf("warming up %s: %w", s.plugin, err)
			}
		}
		sample, err := c.measureOne(ctx, s, c.seconds)
		if err != nil {
			return fmt.Errorf("measuring %s: %w", s.plugin, err)
		}
		c.samples[at] = append(c.samples[at], sample)
	}
	fmt.Fprintf(os.Stderr, "round %d of %d done\n", round+1, c.rounds)
	return nil
}

// measureOne takes the server's processor time before and after dnsperf's run.
func (c *contest) measureOne(ctx context.Context, s *server, seconds int) (sample, error) {
	before, err := s.cpu()
	if err != nil {
		return sample{}, err
	}
	load, err := runDnsperf(ctx, s, queryFile(c.dir), seconds, c.options)
	if err != nil {
		return sample{}, err
	}
	after, err := s.cpu()
	if err != nil {
		return sample{}, err
	}
	return sample{
		user:   perQuery(after.user-before.user, load.completed),
		system: perQuery(after.system-before.system, load.completed),
		rate:   load.rate,
		sent:   load.sent,
		lost:   load.lost,
	}, nil
}
