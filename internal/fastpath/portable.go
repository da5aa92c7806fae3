package fastpath

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"
)

// portable is a conn by package net: a packet at a time, for where there is no
// recvmmsg(2).
type portable struct {
	udp      *net.UDPConn
	draining bool
	octets   [MaxQuery]byte
	last     sender
}

// drainPatience is for how long a drained socket has to have nothing.
const drainPatience = time.Millisecond

func (c *portable) receive(b *batch) error {
	for {
		n, control, _, client, err := c.udp.ReadMsgUDPAddrPort(c.octets[:], c.last.control[:])
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded) && c.draining:
			return errDrained
		case errors.Is(err, os.ErrDeadlineExceeded): // interrupted
			c.draining = true
			_ = c.udp.SetReadDeadline(time.Now().Add(drainPatience))
			continue
		case err != nil:
			return err
		}
		c.last.client, c.last.length = client, uint8(control)
		anyInterface(c.last.control[:control])
		b.n = 1
		b.packets[0].query = c.octets[:n]
		b.packets[0].client = netip.AddrPortFrom(client.Addr().Unmap().WithZone(""), client.Port())
		return nil
	}
}

func (c *portable) send(b *batch) (refused int) {
	p := &b.packets[0]
	if b.n == 0 || p.reply == 0 {
		return 0
	}
	if c.sendTo(p.buf[:p.reply], c.last) != nil {
		return 1
	}
	return 0
}

func (c *portable) sender(*batch, int) sender { return c.last }

func (c *portable) sendTo(packet []byte, to sender) error {
	_, _, err := c.udp.WriteMsgUDPAddrPort(packet, to.control[:to.length], to.client)
	return err
}

// relax does nothing: package net waits in Go's poller anyway.
func (c *portable) relax(bool) {}

func (c *portable) probe() error { return c.control(probe) }

func (c *portable) steer(f filter) error {
	return c.control(func(fd int) error { return attach(fd, f) })
}

func (c *portable) unsteer() { _ = c.control(unsteer) }

func (c *portable) leave() error { return c.control(leave) }

func (c *portable) control(f func(fd int) error) error {
	raw, err := c.udp.SyscallConn()
	if err != nil {
		return err
	}
	return control(raw, f)
}

// control runs a function on a socket, and returns its error.
func control(raw syscall.RawConn, f func(fd int) error) error {
	var refused error
	err := raw.Control(func(fd uintptr) { refused = f(int(fd)) })
	return errors.Join(err, refused)
}

func (c *portable) interrupt() { _ = c.udp.SetReadDeadline(time.Unix(1, 0)) }

func (c *portable) close() { _ = c.udp.Close() }
