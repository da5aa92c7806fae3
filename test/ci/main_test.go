package ci_test

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// built is a directory with the command.
var built string

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run builds the command once for all tests.
func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "auralink-ci")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir) //nolint:errcheck // nobody to tell
	built = dir
	build := exec.Command("go", "build", "-C", "../..", "-o", dir, "./cmd/auralink") //nolint:gosec // the program under test
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
		return 1
	}
	return m.Run()
}
