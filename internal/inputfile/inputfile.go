// Package inputfile opens files that people give to be read, so that reading
// them ends: no devices, and no pipe into which nobody writes.
package inputfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

var (
	errDevice = errors.New("it is a device, and not a file")
	errSocket = errors.New("it is a socket, and not a file")
	errNoPipe = errors.New("it is a pipe into which nobody writes")
	errSlow   = errors.New("it is a pipe whose writer is not done in time")
)

// Options bound how long a pipe is waited for.
type Options struct {
	// Writer is how long a pipe's writer is waited for; Whole is how long reading
	// all of it may take.
	Writer, Whole time.Duration
}

// Defaults are the bounds for people and scripts.
var Defaults = Options{Writer: 10 * time.Second, Whole: 5 * time.Minute}

// Open opens a file for reading with the default bounds.
func Open(path string) (io.ReadCloser, error) { return Defaults.Open(path) }

// Open opens a file, or a pipe such as a shell's <(command). The error wraps the
// [fs.PathError] of what cannot be opened.
func (o Options) Open(path string) (io.ReadCloser, error) {
	info, err := os.Stat(path)
	var missing *fs.PathError
	if errors.As(err, &missing) {
		missing.Op = "open" // whichever call it was that told
	}
	if err != nil {
		return nil, err
	}
	switch mode := info.Mode(); {
	case mode.IsRegular(), mode.IsDir(): // reading a directory fails with its own error
		return os.Open(path)
	case mode&fs.ModeNamedPipe != 0:
		return o.openPipe(path)
	case mode&fs.ModeSocket != 0:
		return nil, fmt.Errorf("%s: %w", path, errSocket)
	default:
		return nil, fmt.Errorf("%s: %w", path, errDevice)
	}
}

// openPipe opens a pipe once somebody writes into it. Where nobody does, what waits
// for them ends with the process.
func (o Options) openPipe(path string) (io.ReadCloser, error) {
	type opened struct {
		file *os.File
		err  error
	}
	done := make(chan opened, 1)
	go func() {
		file, err := os.Open(path)
		done <- opened{file, err}
	}()
	select {
	case got := <-done:
		if got.err != nil {
			return nil, got.err
		}
		// A pipe that knows no deadline is read without one.
		_ = got.file.SetReadDeadline(time.Now().Add(o.Whole))
		return pipe{got.file}, nil
	case <-time.After(o.Writer):
		return nil, fmt.Errorf("%s: %w", path, errNoPipe)
	}
}

// pipe is a pipe with a deadline.
type pipe struct{ *os.File }

// Read implements io.Reader.
func (p pipe) Read(b []byte) (int, error) {
	n, err := p.File.Read(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = errSlow
	}
	return n, err
}

// MaxAuthorities bounds a file of certificates of authorities, in octets: those of a system are a quarter of a
// mebibyte.
const MaxAuthorities = 16 << 20

// Read reads all of a file, or of a pipe, that has at most limit octets.
func Read(path string, limit int64) ([]byte, error) {
	file, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err == nil && int64(len(text)) > limit {
		return nil, fmt.Errorf("%s has more than %d octets", path, limit)
	}
	return text, err
}
