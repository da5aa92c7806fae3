//go:build unix

package main

import "golang.org/x/sys/unix"

// withoutCores keeps passwords out of core dumps: there are none of this process. That
// it cannot be had is no reason not to go on.
func withoutCores() { _ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}) }
