//go:build linux

// Package network makes networks of their own, as other hosts have them, for
// tests and benchmarks: Linux's network namespaces (namespaces(7)). It needs root,
// or root of a user namespace, and leaves nothing behind: a network is gone once
// it is closed and nobody uses it any more.
package network

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// Network is a network of its own.
type Network struct{ file *os.File }

// New makes a network in which there is nothing yet. The error wraps
// [syscall.EPERM] where this host allows nobody like us to make one.
func New() (*Network, error) {
	n := new(Network)
	err := onThread(func() error {
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("making a network: %w", err)
		}
		var err error
		n.file, err = os.Open(fmt.Sprintf("/proc/self/task/%d/ns/net", unix.Gettid()))
		return err
	})
	if err != nil {
		return nil, err
	}
	return n, nil
}

// Close lets go of the network.
func (n *Network) Close() error { return n.file.Close() }

// Do does something in the network, on a thread that ends with it. What it opens
// stays there: sockets, and programs, which are killed with the thread if they
// are to die with the one that started them.
func (n *Network) Do(f func() error) error {
	return onThread(func() error {
		if err := unix.Setns(int(n.file.Fd()), unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("entering a network: %w", err)
		}
		return f()
	})
}

// Shell runs commands in the network, one a line.
func (n *Network) Shell(commands string) error {
	for line := range strings.Lines(commands) {
		err := n.Do(func() error {
			out, err := exec.Command("sh", "-c", line).CombinedOutput()
			if err != nil {
				return fmt.Errorf("%s%w\n%s", line, err, out)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Path is where the network is, for programs that run while this one does.
func (n *Network) Path() string { return fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), n.file.Fd()) }

// onThread does something on a thread that nobody uses any more then: what it is in
// cannot be left.
func onThread(f func() error) error {
	result := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked, so that the thread ends
		result <- f()
	}()
	return <-result
}
