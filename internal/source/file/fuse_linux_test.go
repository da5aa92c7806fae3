package file_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/auralink/auralink/test/peers"
)

// TestElsewhere: what another host writes to a file system that both have is seen,
// although no event tells of it. The other host is the directory behind a FUSE mount.
func TestElsewhere(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("mounting needs root")
	}
	bindfs := peers.Find(t, "bindfs", "bindfs")
	there, here := t.TempDir(), t.TempDir()
	write(t, filepath.Join(there, "topology.yaml"), "old")
	// Without what the kernel keeps: it would answer for the other host.
	if out, err := exec.Command(bindfs, "-o", "attr_timeout=0,entry_timeout=0,negative_timeout=0", there, here).CombinedOutput(); err != nil {
		t.Skipf("no FUSE here: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(here, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	f := open(t, filepath.Join(here, "topology.yaml"))
	expect(t, f, "old"+inPlace)
	path := filepath.Join(there, "topology.yaml")
	write(t, path, "new")
	expect(t, f, "new"+inPlace)
	write(t, path+".tmp", "newer")
	must(t, os.Rename(path+".tmp", path))
	expect(t, f, "newer"+inPlace)
	write(t, path+".real", "newest")
	must(t, os.Symlink("topology.yaml.real", path+".tmp"), os.Rename(path+".tmp", path))
	expect(t, f, "newest"+whole)
}
