package fleet_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/auralink/auralink/test/peers"
)

// programs is the directory with the programs that are built for the tests: it is given
// to the process within.
var programs = os.Getenv(inside)

// inside tells the process within that it is there.
const inside = "AURALINK_FLEET_INSIDE"

// TestMain builds the programs, and has root run the tests in a process that has a
// network, processes and mounts of its own: whatever becomes of it, nothing stays behind.
// Who is not root runs them here, without those that need networks.
func TestMain(m *testing.M) {
	if peers.LeftOut() {
		os.Exit(0)
	}
	if programs != "" {
		os.Exit(within(m))
	}
	os.Exit(without(m))
}

// without builds the programs, and runs the tests within or here.
func without(m *testing.M) int {
	dir, err := os.MkdirTemp("", "fleet")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	programs = dir
	if err := buildAll(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if os.Geteuid() == 0 {
		if status, may := enclose(); may {
			return status
		}
	}
	return m.Run()
}

// builds are the programs: the module's directory, and what go build is told.
var builds = [][]string{
	{".", "-o", "etcd", "go.etcd.io/etcd/server/v3"},
	{".", "-o", "etcdctl", "go.etcd.io/etcd/etcdctl/v3"},
	{"../..", "-tags", "fleet", "-o", "coredns", "./cmd/coredns"},
	{"../..", "-o", "auralink", "./cmd/auralink"},
}

// buildAll builds the programs into a directory, each with further flags.
func buildAll(dir string, flags ...string) error {
	for _, b := range builds {
		build := exec.Command("go", append(append([]string{"build"}, flags...), b[1:]...)...)
		for i, arg := range build.Args {
			if i > 0 && build.Args[i-1] == "-o" {
				build.Args[i] = filepath.Join(dir, arg)
			}
		}
		build.Dir, build.Stderr = b[0], os.Stderr
		if err := build.Run(); err != nil {
			return fmt.Errorf("building %q: %w", b, err)
		}
	}
	return nil
}
