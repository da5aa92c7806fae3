//go:build linux

package lab

import (
	"bytes"
	"fmt"
	"os/exec"
	"slices"
	"sync"
	"syscall"
	"time"
)

// startPatience is how long a program may take to start on a busy machine, and
// endPatience how long to end when it is asked.
const (
	startPatience = 30 * time.Second
	endPatience   = 5 * time.Second
)

// Program is a program that runs on a host.
type Program struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended

	mu  sync.Mutex
	log bytes.Buffer
}

// start starts a command, which ends with the lab.
func (w *World) start(cmd *exec.Cmd) (*Program, error) {
	p := &Program{cmd: cmd, done: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = p, p
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.WaitDelay = time.Second // for those that hold the pipe and are not killed yet
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %q: %w", cmd.Args, err)
	}
	go func() {
		defer close(p.done)
		_ = cmd.Wait() // whoever waits for it looks at its log
	}()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.programs = append(w.programs, p)
	return p, nil
}

// Start starts a program on a host, which ends with the lab at the latest.
func (w *World) Start(host Host, program string, args ...string) (*Program, error) {
	return w.start(host.Command(program, args...))
}

// Write implements io.Writer for what the program prints.
func (p *Program) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(b)
}

// Log returns what it has printed so far.
func (p *Program) Log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// Ended reports whether it has ended.
func (p *Program) Ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// Signal sends it a signal.
func (p *Program) Signal(signal syscall.Signal) error { return p.cmd.Process.Signal(signal) }

// Stop ends it, with all that it has started, and waits.
func (p *Program) Stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // an error means that it has ended
	select {
	case <-p.done:
	case <-time.After(endPatience):
	}
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // an error means that none is left
	<-p.done
}

// stopAll ends all programs, the last one first.
func (w *World) stopAll() {
	w.mu.Lock()
	programs := slices.Clone(w.programs)
	w.programs = nil
	w.mu.Unlock()
	for _, program := range slices.Backward(programs) {
		program.Stop()
	}
}
