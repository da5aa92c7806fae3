//go:build linux

package lab

import (
	"fmt"
	"net/netip"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// end is one end of a wire: a host, the interface there, and its address with the
// prefix that is reached through it.
type end struct {
	host   Host
	name   string
	prefix netip.Prefix
}

// address has the end's interface be up and have its address.
func (e end) address() error {
	return ip(e.host, fmt.Sprintf("addr add %s dev %s\nlink set %s up\n", e.prefix, e.name, e.name))
}

// connect lays a wire between two hosts. With a delay each packet takes so long from
// one to the other: kernels may have no netem, so the wire is then a program between
// two tun devices, and the meter sees its packets. Its end is a function.
func connect(a, b end, delay time.Duration, m *meter) (cut func(), err error) {
	cut = func() {}
	if delay > 0 {
		cut, err = connectSlowly(a, b, delay, m)
	} else {
		err = ip(a.host, fmt.Sprintf("link add %s type veth peer name %s netns %s\n", a.name, b.name, b.host))
	}
	if err != nil {
		return cut, err
	}
	if err := a.address(); err != nil {
		return cut, err
	}
	return cut, b.address()
}

func connectSlowly(a, b end, delay time.Duration, m *meter) (cut func(), err error) {
	from, err := openTun(a)
	if err != nil {
		return func() {}, err
	}
	to, err := openTun(b)
	if err != nil {
		_ = from.Close()
		return func() {}, err
	}
	var running sync.WaitGroup
	running.Go(func() { carry(from, to, delay, m) })
	running.Go(func() { carry(to, from, delay, m) })
	return func() {
		_ = from.Close()
		_ = to.Close()
		running.Wait()
	}, nil
}

// openTun makes a tun device: a file of which each packet that is sent through the
// interface can be read, and to which those are written that arrive there.
func openTun(e end) (file *os.File, err error) {
	err = e.host.do(func() error {
		fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
		if err != nil {
			return fmt.Errorf("opening /dev/net/tun: %w", err)
		}
		request, err := unix.NewIfreq(e.name)
		if err != nil {
			return err
		}
		request.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
		if err := unix.IoctlIfreq(fd, unix.TUNSETIFF, request); err != nil {
			return fmt.Errorf("making the device %s of %q: %w", e.name, e.host, err)
		}
		file = os.NewFile(uintptr(fd), e.name)
		return nil
	})
	return file, err
}

// underway is a packet that has left and has not arrived.
type underway struct {
	octets  []byte
	arrives time.Time
}

// maxUnderway bounds the packets on a wire at one time. What is more is lost, as it is
// in networks.
const maxUnderway = 10_000

// carry brings packets from one device to another, in order, until the first is closed.
func carry(from, to *os.File, delay time.Duration, m *meter) {
	queue := make(chan underway, maxUnderway)
	defer close(queue)
	go func() {
		for packet := range queue {
			time.Sleep(time.Until(packet.arrives))
			_, _ = to.Write(packet.octets) // a packet may be lost
		}
	}()
	buffer := make([]byte, 65536)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		m.see(buffer[:n])
		select {
		case queue <- underway{octets: append([]byte(nil), buffer[:n]...), arrives: time.Now().Add(delay)}:
		default:
		}
	}
}
