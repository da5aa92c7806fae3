//go:build linux

package soak_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/network"
)

// A client asks one server, and if that does not answer in time the other one, and so
// on, as a resolver of an operating system does, though less patiently.
const tries, tryWithin = 6, 2 * time.Second

// outages are the times at which no server is up.
type outages struct {
	mu   sync.Mutex
	down map[int]bool
	none time.Time // since when none is up
	last time.Time // when one was up again
}

// set notes that a server is down or up.
func (o *outages) set(server int, down bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := len(o.down) == len(serverAddrs)
	if down {
		o.down[server] = true
	} else {
		delete(o.down, server)
	}
	switch now := len(o.down) == len(serverAddrs); {
	case now && !all:
		o.none = time.Now()
	case all && !now:
		o.none, o.last = time.Time{}, time.Now()
	}
}

// since reports whether there was a moment since a time at which no server was up.
func (o *outages) since(start time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return !o.none.IsZero() || o.last.After(start)
}

// client asks from one address.
type client struct {
	network  *network.Network
	addr     netip.Addr
	vpc      int
	judge    *judge
	outages  *outages
	upstream *upstream
	pause    time.Duration // between questions
}

// run asks until the context is done. All its sockets are in the network of clients.
func (c *client) run(ctx context.Context) error {
	return c.network.Do(func() error {
		all, r := names(), rand.New(rand.NewPCG(uint64(c.addr.As4()[1]), uint64(time.Now().UnixNano())))
		for ctx.Err() == nil {
			c.question(ctx, all[r.IntN(len(all))], r)
			time.Sleep(c.pause)
		}
		return nil
	})
}

// question asks one question until it is answered.
func (c *client) question(ctx context.Context, n name, r *rand.Rand) {
	start, first, ipv6 := time.Now(), r.IntN(len(serverAddrs)), r.IntN(10) == 0
	transport := []string{"udp", "udp", "udp", "udp", "udp", "udp", "tcp", "tcp", "tcp-tls"}[r.IntN(9)]
	c.judge.count(func(k *counts) { k.asked++ })
	var failures []error
	for try := range tries {
		m := c.judge.moment((first + try) % len(serverAddrs))
		got, err := c.ask(m, transport, n, ipv6)
		if err == nil {
			c.judge.judge(got)
			return
		}
		if try == 0 {
			c.judge.count(func(k *counts) { k.retried++ })
		}
		failures = append(failures, fmt.Errorf("%s: %w", serverAddrs[m.server], err))
	}
	c.lost(ctx, start, n, transport, failures)
}

// lost counts a question that nobody has answered.
func (c *client) lost(ctx context.Context, start time.Time, n name, transport string, failures []error) {
	c.judge.count(func(k *counts) {
		switch {
		case ctx.Err() != nil:
			k.cut++
		case c.outages.since(start):
			k.noServer++
		case !n.ours(c.vpc) && !c.upstream.steady(start):
			k.noUpstream++
		default:
			k.lost++
			c.judge.tell("nobody has answered %s by %s for %s: %v", c.addr, transport, n.text, failures)
		}
	})
}

// ask asks a server once. A server that fails has not answered, nor has one that
// refuses one of its own clients.
func (c *client) ask(m moment, transport string, n name, ipv6 bool) (answer, error) {
	got := answer{asked: m, by: fmt.Sprintf("%s over %s", c.addr, transport), vpc: c.vpc, name: n, ipv6: ipv6, secure: transport == "tcp-tls"}
	port := plainPort
	if transport == "tcp-tls" {
		port = tlsPort
	}
	qtype := dns.TypeA
	if ipv6 {
		qtype = dns.TypeAAAA
	}
	question := new(dns.Msg).SetQuestion(n.text, qtype).SetEdns0(1232, false)
	reply, err := exchange(c.addr, netip.AddrPortFrom(serverAddrs[m.server], uint16(port)), transport, question)
	if err != nil {
		return got, err
	}
	got.addrs, got.text, err = read(reply)
	return got, err
}

// exchange asks one question, from an address of the host that the thread is on.
func exchange(from netip.Addr, to netip.AddrPort, transport string, m *dns.Msg) (*dns.Msg, error) {
	dialer := &net.Dialer{Timeout: tryWithin, LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(from, 0))}
	if transport == "udp" {
		dialer.LocalAddr = net.UDPAddrFromAddrPort(netip.AddrPortFrom(from, 0))
	}
	// Who is asked is not what is tested.
	dnsClient := dns.Client{Net: transport, Timeout: tryWithin, Dialer: dialer, TLSConfig: &tls.Config{InsecureSkipVerify: true}}
	reply, _, err := dnsClient.Exchange(m, to.String())
	return reply, err
}

// read returns the addresses of a reply, and what it says. The error is for one that is
// no answer.
func read(reply *dns.Msg) (addrs []netip.Addr, text string, err error) {
	switch reply.Rcode {
	case dns.RcodeSuccess:
	case dns.RcodeNameError:
		return nil, noName, nil
	default:
		return nil, "", errors.New(dns.RcodeToString[reply.Rcode])
	}
	if reply.Truncated {
		return nil, "", errors.New("truncated")
	}
	for _, rr := range reply.Answer {
		switch rr := rr.(type) {
		case *dns.A:
			addr, _ := netip.AddrFromSlice(rr.A.To4())
			addrs = append(addrs, addr)
		default:
			return nil, rr.String(), nil
		}
	}
	switch {
	case len(addrs) == 0:
		return nil, noData, nil
	case len(addrs) == 1 && addrs[0] == passedAddr:
		return addrs, passed, nil
	}
	return addrs, join(addrs), nil
}
