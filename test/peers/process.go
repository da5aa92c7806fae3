package peers

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// process is a program that runs, with all the processes that it starts.
type process struct {
	cmd     *exec.Cmd
	started time.Time
	log     *logBuffer
	done    chan struct{} // closed when the program has ended
}

// startProcess starts a command, with its arguments, in dir, in a process group of
// its own: NSD forks, and all must go. On Linux it is killed if the test's process
// dies.
func startProcess(command []string, dir string) (*process, error) {
	p := &process{cmd: exec.Command(command[0], command[1:]...), log: &logBuffer{}, done: make(chan struct{})}
	p.cmd.Dir = dir
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	p.cmd.WaitDelay = time.Second // for those that hold the pipe and are not killed yet
	p.cmd.SysProcAttr = ownGroup()
	p.started = time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.done)
		if err := p.cmd.Wait(); err != nil {
			fmt.Fprintf(p.log, "(%s: %v)\n", filepath.Base(command[0]), err)
		}
	}()
	return p, nil
}

// ended reports whether the program has ended.
func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// endsWithin is how long a program has to end by itself; it takes milliseconds.
const endsWithin = 2 * time.Second

// stop ends the program and all that it started. It is asked before it is killed,
// so that it can bury its children: there may be no one else who does.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // an error means that it has ended
	select {
	case <-p.done:
	case <-time.After(endsWithin):
	}
	group := -p.cmd.Process.Pid
	_ = syscall.Kill(group, syscall.SIGKILL) // an error means that none is left
	<-p.done
}

// appArmor says whether the kernel confines programs by their path.
const appArmor = "/sys/module/apparmor/parameters/enabled"

// unconfined returns a path under which the program may read its files in dir:
// on Debian AppArmor keeps /usr/sbin/named and /usr/sbin/unbound out of all
// directories but their own. The profile goes by the path, so a copy is free.
func unconfined(binary, dir string) (string, error) {
	enabled, err := os.ReadFile(appArmor)
	if err != nil || strings.TrimSpace(string(enabled)) != "Y" {
		return binary, nil // no such file, no AppArmor
	}
	return copyProgram(binary, dir)
}

// copyProgram copies a program into dir.
func copyProgram(binary, dir string) (string, error) {
	from, err := os.Open(binary)
	if err != nil {
		return "", err
	}
	defer from.Close()
	path := filepath.Join(dir, filepath.Base(binary))
	to, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o700)
	if err != nil {
		return "", err
	}
	if _, err := io.Copy(to, from); err != nil {
		_ = to.Close() // the first error is the one to tell
		return "", err
	}
	return path, to.Close()
}

// logBuffer gathers what a program writes.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

// String returns all that was written so far.
func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
