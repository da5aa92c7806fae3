//go:build !linux

package fleet_test

import "testing"

// enclose is for Linux.
func enclose() (status int, may bool) { return 0, false }

// within is for Linux.
func within(m *testing.M) int { return m.Run() }
