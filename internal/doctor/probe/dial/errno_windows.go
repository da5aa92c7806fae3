package dial

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// What Winsock says, by what it means.
var (
	refusals = []syscall.Errno{windows.WSAECONNREFUSED}
	dead     = []syscall.Errno{windows.WSAETIMEDOUT}
	noWay    = []syscall.Errno{windows.WSAEHOSTUNREACH, windows.WSAENETUNREACH, windows.WSAEHOSTDOWN, windows.WSAENETDOWN, windows.WSAEADDRNOTAVAIL, windows.WSAEAFNOSUPPORT}
	resets   = []syscall.Errno{windows.WSAECONNRESET, windows.WSAECONNABORTED, windows.WSAENETRESET}
)
