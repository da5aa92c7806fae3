//go:build unix

package dial

import "syscall"

// What the kernel says, by what it means.
var (
	refusals = []syscall.Errno{syscall.ECONNREFUSED}
	dead     = []syscall.Errno{syscall.ETIMEDOUT}
	noWay    = []syscall.Errno{syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.EHOSTDOWN, syscall.ENETDOWN, syscall.EADDRNOTAVAIL, syscall.EAFNOSUPPORT}
	resets   = []syscall.Errno{syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED}
)
