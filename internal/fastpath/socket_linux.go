package fastpath

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// receiveBuffer is what is asked of the kernel for packets that wait to be read,
// in octets: some 5,000 of the size of queries. Without privileges it gives no
// more than net.core.rmem_max; the default for that is enough for 550.
const receiveBuffer = 4 << 20

// sendBuffer is what is asked of the kernel for replies that it has not sent, in
// octets: those to one host that does not answer to ARP take up to 208 KiB, for
// seconds, which is all that there is by default. Without privileges it gives no more
// than net.core.wmem_max.
const sendBuffer = 4 << 20

// open binds a socket to an address as CoreDNS does, so that it is in the same
// group, and gives the group the filter.
//
// A socket that has a filter before it is bound makes a group of its own, and no
// packet can be there before the filter; but it cannot be bound where there is a
// group already (EADDRINUSE). One that joins a group has for a moment the filter
// of that, or none.
func open(address string, f filter) (conn, net.Addr, error) {
	udp, err := bind(address, f) // tells as well whether filters are allowed
	if errors.Is(err, unix.EADDRINUSE) {
		udp, err = bind(address, nil)
	}
	if err != nil {
		return nil, nil, err
	}
	local := udp.LocalAddr()
	fresh := &portable{udp: udp}
	if err := fresh.steer(f); err != nil { // before all else: nobody reads it yet
		fresh.close()
		return nil, nil, err
	}
	c, err := adopt(fresh)
	if err != nil {
		fresh.close()
		return nil, nil, err
	}
	return c, local, nil
}

// bind binds a socket, with a filter unless that is nil.
func bind(address string, f filter) (*net.UDPConn, error) {
	config := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) error {
		return control(raw, func(fd int) error { return prepare(fd, f) })
	}}
	packets, err := config.ListenPacket(context.Background(), "udp", address)
	if op := (*net.OpError)(nil); errors.As(err, &op) {
		return nil, op.Err // without the address, which the caller knows
	}
	if err != nil {
		return nil, err
	}
	return packets.(*net.UDPConn), nil
}

// prepare sets the options of a socket that is not bound yet.
func prepare(fd int, f filter) error {
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1); err != nil {
		return fmt.Errorf("sharing the port (SO_REUSEPORT): %w", err)
	}
	enlarge(fd, unix.SO_RCVBUFFORCE, unix.SO_RCVBUF, receiveBuffer)
	enlarge(fd, unix.SO_SNDBUFFORCE, unix.SO_SNDBUF, sendBuffer)
	if f == nil {
		return nil
	}
	return attach(fd, f)
}

// enlarge sets the size of a buffer, by force where that is allowed.
func enlarge(fd, force, option, size int) {
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, force, size) != nil {
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, option, size)
	}
}

// attach gives the kernel the filter of the group that a socket is in.
func attach(fd int, f filter) error {
	raw, err := bpf.Assemble(f)
	if err != nil {
		return fmt.Errorf("assembling the filter of a group: %w", err)
	}
	program := make([]unix.SockFilter, len(raw))
	for i, in := range raw {
		program[i] = unix.SockFilter{Code: in.Op, Jt: in.Jt, Jf: in.Jf, K: in.K}
	}
	err = unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_REUSEPORT_CBPF,
		&unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]})
	if err != nil {
		return fmt.Errorf("steering packets (SO_ATTACH_REUSEPORT_CBPF): %w", err)
	}
	return nil
}

// adopt makes a batched conn of a bound socket, if the kernel lets us.
func adopt(c *portable) (conn, error) {
	own, ipv6 := -1, false
	err := c.control(func(fd int) (err error) {
		if ipv6, err = tellLocalAddress(fd); err == nil && batches(fd) {
			own, err = unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if own < 0 {
		return c, nil
	}
	b, err := newBatched(own, ipv6)
	if err != nil {
		_ = unix.Close(own)
		return nil, err
	}
	c.close() // there is a duplicate
	return b, nil
}

// tellLocalAddress has the kernel say for each packet which address it was sent
// to, if the socket is bound to all there are. On a socket for both families that
// is the IPv6 way for IPv4 too, by mapped addresses. It returns the family.
func tellLocalAddress(fd int) (ipv6 bool, err error) {
	name, err := unix.Getsockname(fd)
	if err != nil {
		return false, err
	}
	switch bound := name.(type) {
	case *unix.SockaddrInet4:
		if bound.Addr == [4]byte{} {
			err = unix.SetsockoptInt(fd, unix.SOL_IP, unix.IP_PKTINFO, 1)
		}
	case *unix.SockaddrInet6:
		ipv6 = true
		if bound.Addr == [16]byte{} {
			err = unix.SetsockoptInt(fd, unix.SOL_IPV6, unix.IPV6_RECVPKTINFO, 1)
		}
	}
	if err != nil {
		return ipv6, fmt.Errorf("asking for the local address (IP_PKTINFO): %w", err)
	}
	return ipv6, nil
}

// batches reports whether recvmmsg and sendmmsg are to be had: a sandbox may
// refuse what the kernel has. It is a variable for tests.
var batches = func(fd int) bool {
	_, _, receiving := unix.Syscall6(unix.SYS_RECVMMSG, uintptr(fd), 0, 0, unix.MSG_DONTWAIT, 0, 0)
	_, _, sending := unix.Syscall6(unix.SYS_SENDMMSG, uintptr(fd), 0, 0, unix.MSG_DONTWAIT, 0, 0)
	return allowed(receiving) && allowed(sending)
}

func allowed(errno unix.Errno) bool {
	return errno != unix.ENOSYS && errno != unix.EPERM && errno != unix.EACCES
}

// unsteer takes the filter of the group away that a socket is in (Linux 5.3).
func unsteer(fd int) error {
	return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DETACH_REUSEPORT_BPF, 0)
}

// leave connects a socket to itself: the kernel gives a socket that has a peer
// nothing from anybody else. One that is bound to all addresses has that of loopback
// for a peer, which may be there for IPv4 alone.
func leave(fd int) error {
	name, err := unix.Getsockname(fd)
	if err != nil {
		return err
	}
	err = unix.Connect(fd, name)
	if bound, ok := name.(*unix.SockaddrInet6); ok && err != nil && bound.Addr == [16]byte{} {
		bound.Addr = netip.MustParseAddr("::ffff:127.0.0.1").As16()
		err = unix.Connect(fd, bound)
	}
	return err
}

// probe looks whether there is something to read, and leaves it.
func probe(fd int) error {
	_, _, err := unix.Recvfrom(fd, make([]byte, 1), unix.MSG_PEEK|unix.MSG_DONTWAIT)
	if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR) {
		return nil
	}
	return err
}
