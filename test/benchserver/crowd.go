//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"time"

	"github.com/miekg/dns"
)

// crowd is clients with an address each, of whom each has at most one query under
// way.
type crowd struct {
	sockets []*net.UDPConn
	queries [][]byte
	random  *rand.Rand
}

// newCrowd connects as many clients to a server.
func newCrowd(to netip.AddrPort, n names, edns bool, count int) (*crowd, error) {
	c := &crowd{random: rand.New(rand.NewPCG(5, 6))}
	var err error
	if c.queries, err = packedQueries(n, edns); err != nil {
		return nil, err
	}
	for i := range count {
		socket, err := net.DialUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(clientAddr(i), 0)), net.UDPAddrFromAddrPort(to))
		if err != nil {
			c.close()
			return nil, fmt.Errorf("opening the socket of client %s: %w", clientAddr(i), err)
		}
		c.sockets = append(c.sockets, socket)
	}
	return c, nil
}

func (c *crowd) close() {
	for _, socket := range c.sockets {
		_ = socket.Close() // nothing is lost with it
	}
}

// send has a client ask for one of the names.
func (c *crowd) send(client int) error {
	_, err := c.sockets[client].Write(c.queries[c.random.IntN(len(c.queries))])
	return err
}

// receive waits for a client's answer and reports whether it came, and without an
// error in it (RCODE 0, in the fourth octet of a message, RFC 1035 section 4.1.1).
func (c *crowd) receive(client int, within time.Duration) (bool, error) {
	var reply [dns.DefaultMsgSize]byte
	if err := c.sockets[client].SetReadDeadline(time.Now().Add(within)); err != nil {
		return false, err
	}
	n, err := c.sockets[client].Read(reply[:])
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return false, nil
	}
	return n > 3 && reply[3]&0xF == dns.RcodeSuccess, err
}

// tally is how many queries were sent, and to how many there was an answer.
type tally struct{ sent, answered int }

// together has all clients ask at once, again and again for so long: each as soon
// as all have their answers.
func (c *crowd) together(ctx context.Context, duration time.Duration) (t tally, err error) {
	for end := time.Now().Add(duration); ctx.Err() == nil && time.Now().Before(end); {
		for client := range c.sockets {
			if err := c.send(client); err != nil {
				return t, err
			}
		}
		for client := range c.sockets {
			answered, err := c.receive(client, probePatience)
			if err != nil {
				return t, err
			}
			t.count(answered)
		}
	}
	return t, ctx.Err()
}

// inTurn has one client after another ask, at a rate a second, for so long.
func (c *crowd) inTurn(ctx context.Context, rate int, duration time.Duration) (t tally, err error) {
	next := time.Now()
	for end := next.Add(duration); ctx.Err() == nil && next.Before(end); {
		next = next.Add(time.Second / time.Duration(rate))
		time.Sleep(time.Until(next))
		client := t.sent % len(c.sockets)
		if err := c.send(client); err != nil {
			return t, err
		}
		answered, err := c.receive(client, probePatience)
		if err != nil {
			return t, err
		}
		t.count(answered)
	}
	return t, ctx.Err()
}

func (t *tally) count(answered bool) {
	t.sent++
	if answered {
		t.answered++
	}
}

// awaitAnswer asks until the first answer comes, a thousand times a second, from
// one client. Nobody may listen yet: what then comes back is no answer.
func (c *crowd) awaitAnswer(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := c.send(0); err == nil {
			if answered, err := c.receive(0, time.Millisecond); err == nil && answered {
				return nil
			}
		}
		time.Sleep(200 * time.Microsecond)
	}
	return fmt.Errorf("waiting for the first answer: %w", ctx.Err())
}
