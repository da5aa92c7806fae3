//go:build linux

package aura_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auralink/auralink/test/aura/lab"
	"github.com/auralink/auralink/test/peers"
)

// programs, in the environment, is the directory with our programs.
const programs = "AURALINK_LAB_PROGRAMS"

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run builds the programs, and runs the tests where labs can be built.
func run(m *testing.M) int {
	if os.Getenv(driving) != "" {
		return drive(os.Stdin, os.Stdout)
	}
	if os.Getenv(programs) == "" && os.Geteuid() == 0 {
		dir, err := os.MkdirTemp("", "auralink-lab")
		if err != nil {
			return complain(err)
		}
		defer os.RemoveAll(dir) //nolint:errcheck // it is in a directory for that
		if err := build(dir); err != nil {
			return complain(err)
		}
		os.Setenv(programs, dir) //nolint:errcheck // it has a name and no NUL
	}
	if status, exit := lab.Enter(); exit {
		return status
	}
	return m.Run()
}

func complain(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// build builds our programs into a directory.
func build(dir string) error {
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/auralink/auralink").Output()
	if err != nil {
		return fmt.Errorf("finding the module: %w", err)
	}
	cmd := exec.Command("go", "build", "-o", dir+string(filepath.Separator), "./cmd/coredns", "./cmd/auralink")
	cmd.Dir = strings.TrimSpace(string(root))
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return err
	}
	cmd = exec.Command("go", "build", "-o", dir+string(filepath.Separator), "./cmd/lab")
	cmd.Stderr = os.Stderr
	return cmd.Run()
}

// long skips a test that takes seconds or minutes, but where those are wanted.
func long(t *testing.T) {
	t.Helper()
	if os.Getenv("AURALINK_LAB_LONG") == "" {
		t.Skip("it takes long: make lab-test has it")
	}
}

// newWorld builds a lab that ends with the test.
func newWorld(t *testing.T, options lab.Options) *lab.World {
	t.Helper()
	if !lab.Possible() {
		const line = "a lab needs root, and namespaces for networks, mounts and processes"
		if os.Getenv("CI") == "true" {
			t.Fatal(line)
		}
		t.Skip(line)
	}
	peers.Find(t, "ip", "iproute2")
	peers.Find(t, "nft", "nftables")
	options.Programs = os.Getenv(programs)
	w, err := lab.Build(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// must ends the test with an error, if there is one.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
