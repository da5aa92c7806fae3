package peers

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// MissingError says that a peer's program, or a part of it, is not there.
type MissingError struct {
	// Binary is the program or the part's pattern, Package the Debian package
	// that has it.
	Binary, Package string
}

// Error implements error.
func (e *MissingError) Error() string {
	return fmt.Sprintf("%s is not there: install the Debian package %s", e.Binary, e.Package)
}

// find returns the path of a peer's program.
func find(peer Peer) (string, error) {
	binary, ok := lookPath(peer.Binary)
	if !ok {
		return "", &MissingError{Binary: peer.Binary, Package: peer.Package}
	}
	if peer.Part.Pattern == "" {
		return binary, nil
	}
	if found, err := filepath.Glob(peer.Part.Pattern); err != nil || len(found) == 0 {
		return "", errors.Join(err, &MissingError{Binary: peer.Part.Pattern, Package: peer.Part.Package})
	}
	return binary, nil
}

// Find returns the path of a program. If it is not there, it skips the test with
// the Debian package that has it, and fails it under CI=true. With -short it skips the
// test in any case: whoever looks for a program runs it.
func Find(tb testing.TB, program, debianPackage string) string {
	tb.Helper()
	skipShort(tb)
	path, ok := lookPath(program)
	if ok {
		return path
	}
	skipMissing(tb, &MissingError{Binary: program, Package: debianPackage})
	return ""
}

// skipShort skips a test with -short.
func skipShort(tb testing.TB) {
	tb.Helper()
	if testing.Short() {
		tb.Skip(leftOut)
	}
}

// skipMissing skips a test for which something is not there, or fails it in CI.
func skipMissing(tb testing.TB, missing *MissingError) {
	tb.Helper()
	if os.Getenv("CI") == "true" {
		tb.Fatal(missing)
	}
	tb.Skip(missing)
}

// lookPath looks for a program where servers are as well: the PATH of a user who
// is not root has no sbin on Debian.
func lookPath(binary string) (string, bool) {
	if path, err := exec.LookPath(binary); err == nil {
		return path, true
	}
	for _, dir := range []string{"/usr/sbin", "/usr/local/sbin"} {
		if path, err := exec.LookPath(filepath.Join(dir, binary)); err == nil {
			return path, true
		}
	}
	return "", false
}
