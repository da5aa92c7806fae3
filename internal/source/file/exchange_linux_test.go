package file_test

import (
	"testing"

	"golang.org/x/sys/unix"
)

// exchange swaps the file with a finished one, in one step.
func exchange(t *testing.T, path string) {
	t.Helper()
	write(t, path+".tmp", "new")
	must(t, unix.Renameat2(unix.AT_FDCWD, path+".tmp", unix.AT_FDCWD, path, unix.RENAME_EXCHANGE))
}
