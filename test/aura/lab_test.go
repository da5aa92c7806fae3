//go:build linux

package aura_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/test/aura/lab"
	"github.com/auralink/auralink/test/peers"
)

// labCommand returns "make lab" with arguments, as it is run outside of a lab.
func labCommand(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	if !lab.Possible() {
		newWorld(t, lab.Options{}) // it says why not
	}
	dir := os.Getenv(programs)
	cmd := exec.Command(filepath.Join(dir, "lab"), append([]string{"-programs", dir}, args...)...)
	for _, setting := range os.Environ() {
		if !strings.HasPrefix(setting, "AURALINK_LAB_INSIDE=") {
			cmd.Env = append(cmd.Env, setting)
		}
	}
	return cmd
}

// reader is a server of a routing table from which a driver may read.
var reader = regexp.MustCompile(`-000[23]\.`)

// TestReadme: what the README shows of the lab is what it prints. "make lab-readme"
// writes it anew.
func TestReadme(t *testing.T) {
	peers.Find(t, "curl", "curl")
	peers.Find(t, "dig", "bind9-dnsutils")
	got := lab.Run(labCommand(t, "-try"))
	if got.Status != 0 {
		t.Fatalf("%+v", got)
	}
	text, err := os.ReadFile("../../README.md")
	must(t, err)
	_, want, _ := strings.Cut(string(text), "<!-- by make lab-readme -->\n```console\n")
	want, _, _ = strings.Cut(want, "```\n<!-- end -->")
	anyReader := func(text string) string { return reader.ReplaceAllString(text, "-000N.") }
	if diff := cmp.Diff(anyReader(want), anyReader(got.Stdout)); diff != "" {
		t.Errorf("the README differs: run make lab-readme (-README +printed):\n%s", diff)
	}
}

// TestNothingLeft: when the lab's program ends, by itself or by a signal that it cannot
// even see, everything that it has started ends with it.
func TestNothingLeft(t *testing.T) {
	for name, end := range map[string]func(cmd *exec.Cmd, shell io.WriteCloser) error{
		"exit":    func(_ *exec.Cmd, shell io.WriteCloser) error { return shell.Close() },
		"SIGTERM": func(cmd *exec.Cmd, _ io.WriteCloser) error { return cmd.Process.Signal(syscall.SIGTERM) },
		"SIGKILL": func(cmd *exec.Cmd, _ io.WriteCloser) error { return cmd.Process.Kill() },
	} {
		t.Run(name, func(t *testing.T) {
			cmd := labCommand(t)
			var said bytes.Buffer
			cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &said, &said, 10*time.Second
			defer func() {
				_ = cmd.Wait() // it may have been killed
				if t.Failed() {
					t.Logf("the lab said:\n%s", said.String())
				}
			}()
			shell, err := cmd.StdinPipe()
			must(t, err)
			must(t, cmd.Start())
			eventually(t, "the lab has no shell", func() bool { return running("coredns") && running("--rcfile") })
			must(t, end(cmd, shell))
			eventually(t, "something is left", func() bool { return !running("coredns") && !running("--rcfile") && !running("wg-laptop") })
		})
	}
}

// running reports whether there is a process with a word on its command line.
func running(word string) bool {
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, path := range lines {
		line, _ := os.ReadFile(path) // it may have ended
		if strings.Contains(string(line), word) {
			return true
		}
	}
	return false
}
