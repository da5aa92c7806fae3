package fleet_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

// fullDisk has no room any more on the disk of one node of three. Pushes go on, and all
// servers take them, until the node ends; with room again it is one of three as before.
func (w *world) fullDisk() int {
	w.compact()
	w.defragment()
	n := w.others(w.leader())[0]
	n.kill()
	at := slices.Index(n.flags, "--data-dir") + 1
	own := n.flags[at]
	disk := smallDisk(w.T, sizeOf(w.T, own))
	moveTo := func(to string) {
		if err := os.CopyFS(to, os.DirFS(n.flags[at])); err != nil {
			w.Fatal(err)
		}
		n.flags[at] = to
		w.start(n)
	}
	moveTo(disk)
	w.all(w.push())

	filler := filepath.Join(disk, "filler")
	fill(w.T, filler)
	for i := 0; !n.hasEnded(); i++ {
		if i == 100 {
			w.Fatal("the node has 100 MB that were written, and no room for it")
		}
		if _, err := w.client.Put(w.Context(), "/other", string(lines(25_000, uint64(i)))); err != nil { // 1 MB
			w.Fatalf("value %d: %v", i, err)
		}
		w.all(w.push())
	}
	if err := os.Remove(filler); err != nil {
		w.Fatal(err)
	}
	w.start(n)
	other := w.others(n)[0] // without it the node is needed for the majority
	other.kill()
	w.all(w.push())
	w.start(other)
	if _, err := w.client.Delete(w.Context(), "/other"); err != nil {
		w.Fatal(err)
	}
	w.awaitLeader()
	n.kill()
	if err := os.RemoveAll(own); err != nil {
		w.Fatal(err)
	}
	moveTo(own)
	if err := syscall.Unmount(disk, 0); err != nil {
		w.Fatal(err)
	}
	return w.push()
}

// hasEnded reports whether a node has ended by itself.
func (n *node) hasEnded() bool {
	select {
	case <-n.done:
		return true
	default:
		return false
	}
}

// sizeOf returns how many octets a directory has.
func sizeOf(t *testing.T, dir string) (size int64) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Stat(path)
		if err == nil && info.Mode().IsRegular() {
			size += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return size
}

// smallDisk mounts a disk that has room for so many octets, for what etcd sets aside for
// its log, and little more. It goes with the mounts of this process.
func smallDisk(t *testing.T, octets int64) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm", octets>>20+200)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) }) // an error means that it is done
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
