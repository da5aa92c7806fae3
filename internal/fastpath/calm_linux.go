package fastpath

import (
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// calm is how a socket is read while few packets come. To sleep in recvmmsg then
// costs the switch of the reader, and others: a thread in a system call keeps its
// processor, so that Go's monitor never sleeps for more than 10 ms and wants the loop
// to let the scheduler run, which wakes a further thread. A loop that waits in Go's
// poller leaves all of them asleep, as long as it makes no other call that the
// scheduler is told of: that wakes the monitor. So it makes its calls past the
// scheduler, which is fair, for they do not wait.
type calm struct {
	file *os.File // a duplicate of the socket, in the poller; nil while not calm
	raw  syscall.RawConn
	read func(fd uintptr) bool // is made once
	n    int                   // what it has read
	err  unix.Errno
}

// relax has the socket read as is best while few packets come, or many.
func (c *batched) relax(few bool) {
	switch {
	case few && c.calm.file == nil && !c.draining.Load():
		c.calm.begin(c)
	case !few && c.calm.file != nil:
		c.calm.end()
		_ = unix.SetNonblock(c.fd, false)
	}
}

// begin puts a duplicate of the socket into the poller. Where that cannot be had the
// socket is read as ever.
func (m *calm) begin(c *batched) {
	own, err := unix.FcntlInt(uintptr(c.fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return
	}
	if err := unix.SetNonblock(own, true); err != nil { // or os would not poll it
		_ = unix.Close(own)
		return
	}
	m.file = os.NewFile(uintptr(own), "udp")
	if m.raw, err = m.file.SyscallConn(); err != nil {
		m.end()
		return
	}
	m.read = func(uintptr) bool {
		n, _, errno := unix.RawSyscall6(unix.SYS_RECVMMSG, uintptr(c.fd), uintptr(unsafe.Pointer(&c.in[0])), BatchSize, unix.MSG_DONTWAIT, 0, 0)
		m.n, m.err = int(n), errno
		return errno != unix.EAGAIN || c.draining.Load()
	}
}

// end takes the duplicate out of the poller.
func (m *calm) end() {
	if m.file != nil {
		_ = m.file.Close()
		m.file = nil
	}
}

// read waits until there are packets, or takes what there is.
func (c *batched) read(draining bool) (int, unix.Errno) {
	if c.calm.file != nil && !draining {
		if c.calm.raw.Read(c.calm.read) == nil {
			return c.calm.n, c.calm.err
		}
		c.relax(false)
	}
	flags := unix.MSG_WAITFORONE
	if draining {
		flags = unix.MSG_DONTWAIT
	}
	n, _, errno := unix.Syscall6(unix.SYS_RECVMMSG, uintptr(c.fd), uintptr(unsafe.Pointer(&c.in[0])), BatchSize, uintptr(flags), 0, 0)
	return int(n), errno
}
