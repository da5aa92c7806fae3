package fastpath

import (
	"encoding/binary"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// batched is a conn that reads and writes a whole batch by one system call
// (recvmmsg(2), sendmmsg(2)).
//
// Its reader sleeps in the kernel instead of in Go's poller: a thread that waits
// in recvmmsg is woken with the packets in hand, where the poller would need a
// further system call and two switches between goroutines. At a packet or two a
// wake-up that is more than all the rest that is done here for a query. While few
// packets come it is the other way round; see [calm].
//
// Everything that the kernel is shown is made once, and is in use from receive
// to send: the sender's address and the address that was asked are replied with
// as they came.
type batched struct {
	fd       int
	ipv6     bool
	draining atomic.Bool
	// sending is held for reading by sendTo, for writing to close the socket: a
	// number of a closed socket may be that of another file next.
	sending sync.RWMutex
	closed  bool

	in       [BatchSize]unix.Mmsghdr
	iovecs   [BatchSize]unix.Iovec
	names    [BatchSize]unix.RawSockaddrInet6
	controls [BatchSize][controlSize]byte
	octets   [BatchSize][MaxQuery]byte

	out outbox

	calm calm
}

// newBatched takes over a socket.
func newBatched(fd int, ipv6 bool) (*batched, error) {
	if err := unix.SetNonblock(fd, false); err != nil {
		return nil, err
	}
	c := &batched{fd: fd, ipv6: ipv6}
	c.out.cuts = canCut(fd)
	for i := range c.in {
		c.iovecs[i].Base = &c.octets[i][0]
		c.iovecs[i].SetLen(MaxQuery)
		hdr := &c.in[i].Hdr
		hdr.Name = (*byte)(unsafe.Pointer(&c.names[i]))
		hdr.Control = &c.controls[i][0]
		hdr.Iov = &c.iovecs[i]
		hdr.SetIovlen(1)
		c.rearm(i)
	}
	return c, nil
}

// rearm makes the i-th header ready for the next packet.
func (c *batched) rearm(i int) {
	hdr := &c.in[i].Hdr
	hdr.Namelen = unix.SizeofSockaddrInet6
	hdr.SetControllen(controlSize)
}

func (c *batched) receive(b *batch) error {
	for i := range b.n {
		c.rearm(i)
	}
	b.n = 0
	for b.n == 0 {
		draining := c.draining.Load()
		n, errno := c.read(draining)
		switch {
		case errno == unix.EAGAIN && draining:
			return errDrained
		case errno == unix.EINTR, errno == unix.EAGAIN:
			continue
		case errno != 0:
			return errno
		}
		b.n = c.arrived(n)
	}
	for i := range b.n {
		p := &b.packets[i]
		p.query = c.octets[i][:c.in[i].Len]
		p.client = c.client(i)
		anyInterface(c.control(i))
	}
	return nil
}

// arrived returns how many of n packets are packets. A socket that has been shut
// down gives none from nobody, which are not.
func (c *batched) arrived(n int) int {
	for i := range n {
		if c.in[i].Hdr.Namelen == 0 {
			for j := i; j < n; j++ {
				c.rearm(j)
			}
			return i
		}
	}
	return n
}

// control returns the ancillary data of the i-th packet.
func (c *batched) control(i int) []byte { return c.controls[i][:c.in[i].Hdr.Controllen] }

// client returns the sender of the i-th packet.
func (c *batched) client(i int) netip.AddrPort {
	name := &c.names[i]
	if !c.ipv6 {
		v4 := (*unix.RawSockaddrInet4)(unsafe.Pointer(name))
		return netip.AddrPortFrom(netip.AddrFrom4(v4.Addr), networkOrder(v4.Port))
	}
	return netip.AddrPortFrom(netip.AddrFrom16(name.Addr).Unmap(), networkOrder(name.Port))
}

// networkOrder reads a port, which is in network byte order wherever it lies.
func networkOrder(port uint16) uint16 {
	return binary.BigEndian.Uint16((*[2]byte)(unsafe.Pointer(&port))[:])
}

// anyInterface clears the interface by which a packet came in, in the ancillary
// data that goes out with the reply: it leaves by the route there is. A link-local
// address means nothing without its interface, and keeps it.
func anyInterface(control []byte) {
	if len(control) < unix.SizeofCmsghdr+4 {
		return
	}
	header := (*unix.Cmsghdr)(unsafe.Pointer(&control[0]))
	data := control[unix.CmsgLen(0):]
	switch {
	case header.Level == unix.SOL_IP && header.Type == unix.IP_PKTINFO:
		clear(data[:4]) // in_pktinfo begins with the index
	case header.Level == unix.SOL_IPV6 && header.Type == unix.IPV6_PKTINFO && len(data) >= unix.SizeofInet6Pktinfo:
		if data[0] != 0xfe || data[1]&0xc0 != 0x80 { // fe80::/10
			clear(data[16:20]) // in6_pktinfo ends with it
		}
	}
}

func (c *batched) sender(b *batch, i int) sender {
	o := sender{client: b.packets[i].client}
	if c.ipv6 {
		o.scope = c.names[i].Scope_id
	}
	o.length = uint8(copy(o.control[:], c.control(i)))
	return o
}

func (c *batched) sendTo(packet []byte, to sender) error {
	c.sending.RLock()
	defer c.sending.RUnlock()
	if c.closed {
		return net.ErrClosed
	}
	for {
		_, err := unix.SendmsgN(c.fd, packet, to.control[:to.length], c.sockaddr(to), 0)
		if err != unix.EINTR {
			return err
		}
	}
}

// sockaddr returns the address of a client in the socket's family.
func (c *batched) sockaddr(to sender) unix.Sockaddr {
	port := int(to.client.Port())
	if !c.ipv6 {
		return &unix.SockaddrInet4{Port: port, Addr: to.client.Addr().As4()}
	}
	return &unix.SockaddrInet6{Port: port, Addr: to.client.Addr().As16(), ZoneId: to.scope}
}

func (c *batched) probe() error {
	var octet byte
	var iov unix.Iovec
	iov.Base = &octet
	iov.SetLen(1)
	var message unix.Mmsghdr
	message.Hdr.Iov = &iov
	message.Hdr.SetIovlen(1)
	_, _, errno := unix.Syscall6(unix.SYS_RECVMMSG, uintptr(c.fd), uintptr(unsafe.Pointer(&message)), 1, unix.MSG_PEEK|unix.MSG_DONTWAIT, 0, 0)
	if errno == 0 || errno == unix.EAGAIN || errno == unix.EINTR {
		_, _, errno = unix.Syscall6(unix.SYS_SENDMMSG, uintptr(c.fd), 0, 0, unix.MSG_DONTWAIT, 0, 0)
	}
	if errno != 0 && errno != unix.EINTR {
		return errno
	}
	return nil
}

func (c *batched) steer(f filter) error { return attach(c.fd, f) }

func (c *batched) unsteer() { _ = unsteer(c.fd) }

func (c *batched) leave() error { return leave(c.fd) }

// interrupt wakes the reader. To shut a UDP socket down that has no peer is an
// error (ENOTCONN), but the kernel does so all the same, for this very purpose.
func (c *batched) interrupt() {
	c.draining.Store(true)
	_ = unix.Shutdown(c.fd, unix.SHUT_RD)
}

func (c *batched) close() {
	c.sending.Lock()
	defer c.sending.Unlock()
	c.closed = true
	c.calm.end()
	_ = unix.Close(c.fd)
}
