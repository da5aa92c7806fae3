package fleet_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/auralink/auralink/test/peers"
)

// programs is the directory with the programs that are built for the tests.
var programs string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if peers.LeftOut() {
		return 0
	}
	dir, err := os.MkdirTemp("", "fleet")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	programs = dir
	for _, build := range [][]string{
		{".", "-o", "etcd", "go.etcd.io/etcd/server/v3"},
		{".", "-o", "etcdctl", "go.etcd.io/etcd/etcdctl/v3"},
		{"../..", "-tags", "fleet", "-o", "coredns", "./cmd/coredns"},
		{"../..", "-o", "auralink", "./cmd/auralink"},
	} {
		if err := buildProgram(build[0], build[1:]); err != nil {
			fmt.Fprintf(os.Stderr, "building %q: %v\n", build, err)
			return 1
		}
	}
	return m.Run()
}

// buildProgram builds a program of the module in a directory.
func buildProgram(module string, args []string) error {
	for i, arg := range args {
		if i > 0 && args[i-1] == "-o" {
			args[i] = filepath.Join(programs, arg)
		}
	}
	build := exec.Command("go", append([]string{"build"}, args...)...)
	build.Dir, build.Stderr = module, os.Stderr
	return build.Run()
}
