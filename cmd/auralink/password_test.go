//go:build unix

package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/spf13/cobra"
)

// TestPasswordOfPipe: a password from a pipe is read once, and had each time; that of a file is
// read each time.
func TestPasswordOfPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skipf("no named pipes here: %v", err)
	}
	go func() { _ = os.WriteFile(pipe, []byte("secret\n"), 0o600) }()
	password, err := passwordOf(&cobra.Command{}, pipe)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got, err := password(); err != nil || got != "secret" {
			t.Errorf("%q, %v", got, err)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	for _, want := range []string{"first", "second"} {
		if err := os.WriteFile(file, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		if want == "first" {
			if password, err = passwordOf(&cobra.Command{}, file); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := password(); err != nil || got != want {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
	}
}
