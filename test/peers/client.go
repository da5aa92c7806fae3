package peers

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/miekg/dns"
)

// Client asks one server, over one transport and from one address. It keeps its
// connection from question to question. It is not safe for concurrent use.
type Client struct {
	network  string // "udp" or "tcp"
	from, to netip.AddrPort
	conn     *dns.Conn
}

// Dial connects to a server by "udp" or "tcp". The address to ask from may be
// the zero Addr: then the kernel picks it.
func Dial(to netip.AddrPort, network string, from netip.Addr) (*Client, error) {
	c := &Client{network: network, from: netip.AddrPortFrom(from, 0), to: to}
	return c, c.connect()
}

// answerWithin bounds the time that a server on the same machine takes to
// answer; it is so long because the machine may be busy.
const answerWithin = 5 * time.Second

func (c *Client) connect() error {
	dialer := net.Dialer{Timeout: answerWithin}
	if c.from.Addr().IsValid() {
		if c.network == "udp" {
			dialer.LocalAddr = net.UDPAddrFromAddrPort(c.from)
		} else {
			dialer.LocalAddr = net.TCPAddrFromAddrPort(c.from)
		}
	}
	conn, err := dialer.Dial(c.network, c.to.String())
	if err != nil {
		return err
	}
	c.conn = &dns.Conn{Conn: conn, UDPSize: dns.MaxMsgSize}
	return nil
}

// Close ends the connection.
func (c *Client) Close() {
	if c.conn != nil {
		_ = c.conn.Close() // nothing is lost with it
	}
}

// Ask sends a message and returns the answer to it. A connection that the server
// has closed meanwhile, which it may at any time, is made anew once.
func (c *Client) Ask(m *dns.Msg) (*dns.Msg, error) {
	reply, err := c.exchange(m)
	if err != nil && c.network == "tcp" {
		c.Close()
		if err := c.connect(); err != nil {
			return nil, err
		}
		reply, err = c.exchange(m)
	}
	if err != nil {
		return nil, fmt.Errorf("asking %s over %s: %w", c.to, c.network, err)
	}
	return reply, nil
}

func (c *Client) exchange(m *dns.Msg) (*dns.Msg, error) {
	if err := c.conn.SetDeadline(time.Now().Add(answerWithin)); err != nil {
		return nil, err
	}
	if err := c.conn.WriteMsg(m); err != nil {
		return nil, err
	}
	for {
		reply, err := c.conn.ReadMsg()
		switch {
		case err != nil:
			return nil, err
		case reply.Id == m.Id:
			return reply, nil
		case c.network == "tcp":
			return nil, errors.New("an answer to another question")
		}
		// Over UDP it is a late answer to a question that was given up.
	}
}
