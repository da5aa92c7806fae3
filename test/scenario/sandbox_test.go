//go:build linux

package scenario_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"unsafe"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// refuse, in the environment, makes the test binary a sandbox: it has the kernel
// refuse something to itself (seccomp(2)), and becomes the command that follows.
const refuse = "AURALINK_TEST_REFUSE"

// inSandbox returns a command that runs another one in a sandbox.
func inSandbox(ts *testscript.TestScript, cmd *exec.Cmd) *exec.Cmd {
	self, err := os.Executable()
	ts.Check(err)
	return exec.Command(self, cmd.Args...)
}

// serveRefused becomes the command in the arguments, without something:
//
//	filter    setsockopt for SO_ATTACH_REUSEPORT_CBPF: "operation not permitted"
//	reuseport setsockopt for SO_REUSEPORT: likewise
//	batches   recvmmsg and sendmmsg: "function not implemented"
func serveRefused(what string) error {
	const (
		load   = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		equals = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		answer = unix.BPF_RET | unix.BPF_K
		// Where things are in struct seccomp_data, of little endian.
		number, level, option = 0, 16 + 8, 16 + 2*8
	)
	refuseOption := func(which uint32) []unix.SockFilter {
		return []unix.SockFilter{
			{Code: load, K: number},
			{Code: equals, K: unix.SYS_SETSOCKOPT, Jf: 5},
			{Code: load, K: level},
			{Code: equals, K: unix.SOL_SOCKET, Jf: 3},
			{Code: load, K: option},
			{Code: equals, K: which, Jf: 1},
			{Code: answer, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)},
			{Code: answer, K: unix.SECCOMP_RET_ALLOW},
		}
	}
	filters := map[string][]unix.SockFilter{
		"filter":    refuseOption(unix.SO_ATTACH_REUSEPORT_CBPF),
		"reuseport": refuseOption(unix.SO_REUSEPORT),
		"batches": {
			{Code: load, K: number},
			{Code: equals, K: unix.SYS_RECVMMSG, Jt: 1},
			{Code: equals, K: unix.SYS_SENDMMSG, Jf: 1},
			{Code: answer, K: unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)},
			{Code: answer, K: unix.SECCOMP_RET_ALLOW},
		},
	}
	filter, known := filters[what]
	if !known {
		return fmt.Errorf("nothing is called %q", what)
	}
	runtime.LockOSThread() // the filter is this thread's, and goes on to what it becomes
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	err := errors.Join(
		unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
		unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0),
	)
	if err != nil {
		return fmt.Errorf("refusing %s: %w", what, err)
	}
	return syscall.Exec(os.Args[1], os.Args[1:], os.Environ())
}
