package peers

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// BuildAndRun builds a command of this module, such as "auralink", into a directory,
// which it puts into dir, runs the tests, and removes the directory. It returns the
// exit status. It is for TestMain in a directory two below the module's.
func BuildAndRun(m *testing.M, command string, dir *string) (status int) {
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
