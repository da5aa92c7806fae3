//go:build unix

package inputfile_test

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/auralink/auralink/internal/inputfile"
)

// bounds are short, for what must not be waited for.
var bounds = inputfile.Options{Writer: 50 * time.Millisecond, Whole: time.Minute}

func fifo(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skipf("no named pipes here: %v", err)
	}
	return path
}

// TestOpenRefuses: what has no end is not opened.
func TestOpenRefuses(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "socket")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Skipf("no sockets of this kind here: %v", err)
	}
	defer listener.Close()
	for path, want := range map[string]string{
		"/dev/zero": "/dev/zero: it is a device, and not a file",
		socket:      socket + ": it is a socket, and not a file",
		"no-such":   "open no-such: no such file or directory",
	} {
		if _, err := bounds.Open(path); err == nil || err.Error() != want {
			t.Errorf("%s: error %v, want %s", path, err, want)
		}
	}
	path := fifo(t)
	if _, err := bounds.Open(path); err == nil || err.Error() != path+": it is a pipe into which nobody writes" {
		t.Errorf("a pipe without a writer: error %v", err)
	}
}

// TestOpenPipe: what a command writes into a pipe is read.
func TestOpenPipe(t *testing.T) {
	path := fifo(t)
	go func() { _ = os.WriteFile(path, []byte("10.0.0.1 a\n"), 0) }()
	file, err := inputfile.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if text, err := io.ReadAll(file); err != nil || string(text) != "10.0.0.1 a\n" {
		t.Errorf("%q, error %v", text, err)
	}
}

// TestOpenSlow: a writer that never ends does not hold a reader up without end.
func TestOpenSlow(t *testing.T) {
	path := fifo(t)
	writer := make(chan *os.File, 1)
	go func() {
		file, _ := os.OpenFile(path, os.O_WRONLY, 0)
		writer <- file
	}()
	file, err := inputfile.Options{Writer: time.Minute, Whole: 50 * time.Millisecond}.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	_, err = io.ReadAll(file)
	if err == nil || !strings.Contains(err.Error(), "not done in time") {
		t.Errorf("error %v", err)
	}
	if w := <-writer; w != nil {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestReadBounds: no more of a file is taken than the bound.
func TestReadBounds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("four"), 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := inputfile.Read(path, 4); err != nil || string(text) != "four" {
		t.Errorf("within: %q, %v", text, err)
	}
	if text, err := inputfile.Read(path, 3); err == nil || err.Error() != path+" has more than 3 octets" {
		t.Errorf("beyond: %q, %v", text, err)
	}
}
