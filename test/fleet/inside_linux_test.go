package fleet_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// enclose starts this program once more within, and returns how it ended. It may not
// where containers have no right to make networks.
func enclose() (status int, may bool) {
	runtime.LockOSThread() // whose end would be that of the process
	cmd := exec.Command("/proc/self/exe", os.Args[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), inside+"="+programs)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:   syscall.CLONE_NEWPID | syscall.CLONE_NEWNS | syscall.CLONE_NEWNET,
		Unshareflags: syscall.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL,
	}
	err := cmd.Run()
	switch {
	case cmd.ProcessState != nil:
		return cmd.ProcessState.ExitCode(), true
	case os.IsPermission(err):
		return 0, false
	}
	fmt.Fprintln(os.Stderr, err)
	return 1, true
}

// within runs the tests in what is their own.
func within(m *testing.M) int {
	if err := unix.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		fmt.Fprintln(os.Stderr, "mounting /proc:", err)
		return 1
	}
	if out, err := exec.Command("ip", "link", "set", "lo", "up").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "having a loopback: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}
