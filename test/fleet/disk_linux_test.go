package fleet_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"github.com/auralink/auralink/internal/fleet"
)

// TestDiskFull: one node of three has no room on its disk any more. Pushes go on, and all
// servers take them; with room again the node is one of three as before.
func TestDiskFull(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("mounting needs root")
	}
	w := newWorld(t, 2)
	n := w.others(w.leader())[0]
	disk := smallDisk(t)
	n.kill()
	at := slices.Index(n.flags, "--data-dir") + 1
	if err := os.CopyFS(disk, os.DirFS(n.flags[at])); err != nil {
		t.Fatal(err)
	}
	n.flags[at] = disk
	w.start(n)
	w.all(w.push())

	filler := filepath.Join(disk, "filler")
	fill(t, filler)
	for i := range 20 {
		if _, err := w.client.Put(t.Context(), "/other", string(lines(25_000, uint64(i)))); err != nil {
			t.Fatalf("value %d: %v", i, err) // 1 MB each: none fits into what the node has left
		}
		w.all(w.push())
	}
	select {
	case <-n.done:
	default:
		t.Error("the node has all that was written, and no room for it")
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	w.start(n)
	for _, other := range w.others(n)[:1] { // now the node is needed for the majority
		other.kill()
		w.all(w.push())
		w.start(other)
	}
	w.all(w.push())
	for _, s := range w.servers {
		awaitState(t, w.store, s.name, fleet.UpToDate, headOf(t, w.store).Pointer.Current)
	}
	w.finish()
}

func headOf(t *testing.T, s *fleet.Store) fleet.Head {
	t.Helper()
	head, err := s.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return head
}

// smallDisk mounts a disk that has room for what etcd sets aside for its log, and little
// more.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=300m"); err != nil {
		t.Skipf("no disk can be mounted: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fill writes a file until there is no room.
func fill(t *testing.T, path string) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for block := bytes.Repeat([]byte("x"), 1<<16); ; {
		if _, err := file.Write(block); errors.Is(err, syscall.ENOSPC) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
