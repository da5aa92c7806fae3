//go:build linux

package soak_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/auralink/auralink/test/peers"
)

// built is the directory with bin/coredns as it is now.
var built string

// inside, in the environment, says that this process has its own mounts and processes.
const inside = "AURALINK_SOAK_INSIDE"

// TestMain runs the tests in a process that has its own mounts and processes: whatever
// becomes of it, nothing stays behind.
func TestMain(m *testing.M) {
	if peers.LeftOut() {
		os.Exit(0)
	}
	if os.Getenv(inside) == "" {
		os.Exit(enclose())
	}
	if err := unix.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		fmt.Fprintln(os.Stderr, "mounting /proc:", err)
		os.Exit(1)
	}
	os.Exit(peers.BuildAndRun(m, "coredns", &built))
}

// enclose starts this program once more, and returns how it ended.
func enclose() int {
	runtime.LockOSThread() // whose end would be that of the process
	cmd := exec.Command("/proc/self/exe", os.Args[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), inside+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS, Unshareflags: syscall.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL,
	}
	err := cmd.Run()
	switch {
	case cmd.ProcessState != nil:
		return cmd.ProcessState.ExitCode()
	case os.IsPermission(err) && os.Getenv("CI") != "true":
		fmt.Println("left out: this user may not have processes and mounts of their own")
		return 0
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}
