//go:build linux

package lab

import (
	"bytes"
	"errors"
	"os/exec"
	"path/filepath"
)

// Result is how a command ended.
type Result struct {
	// Stdout and Stderr are what it printed.
	Stdout, Stderr string
	// Status is its exit status, or -1 if it was not started or was killed.
	Status int
}

// Auralink runs our command line on a host, in the lab's directory, and waits until it
// ends.
func (w *World) Auralink(host Host, args ...string) Result {
	return Run(w.Command(host, args...))
}

// Command returns a command of our command line on a host, in the lab's directory.
func (w *World) Command(host Host, args ...string) *exec.Cmd {
	cmd := host.Command(filepath.Join(w.options.Programs, "auralink"), args...)
	cmd.Dir = w.Dir
	return cmd
}

// Run runs a command and waits until it ends.
func Run(cmd *exec.Cmd) Result {
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	result := Result{Stdout: stdout.String(), Stderr: stderr.String(), Status: cmd.ProcessState.ExitCode()}
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		result.Stderr += err.Error()
	}
	return result
}
