package peers

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Run runs tests that ask servers or wait for time, and returns the exit status: none of
// them with -short, which is for what a developer runs after each change. It is for
// TestMain.
func Run(m *testing.M) (status int) {
	if LeftOut() {
		return 0
	}
	return m.Run()
}

// leftOut is why a test does not run with -short.
const leftOut = "left out by -short: it asks servers, runs programs, or waits for time"

// LeftOut reports whether the tests are left out, and says so.
func LeftOut() bool {
	flag.Parse()
	if testing.Short() {
		fmt.Println(leftOut)
	}
	return testing.Short()
}

// BuildAndRun builds a command of this module, such as "auralink", into a directory,
// which it puts into dir, runs the tests, and removes the directory. It returns the
// exit status. It is for TestMain in a directory two below the module's, and leaves all out
// with -short, as [Run] does.
func BuildAndRun(m *testing.M, command string, dir *string) (status int) {
	if LeftOut() {
		return 0
	}
	made, err := os.MkdirTemp("", command)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(made) }()
	*dir = made
	build := exec.Command("go", "build", "-o", filepath.Join(made, command), "../../cmd/"+command)
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintf(os.Stderr, "building %s: %v\n", command, err)
		return 1
	}
	return m.Run()
}
