package file_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestLinkReplaced: where there was a symbolic link, as a ConfigMap has it, there is a
// file: finished if it was moved there.
func TestLinkReplaced(t *testing.T) {
	moved := func(t *testing.T, path string) {
		write(t, path+".tmp", "new")
		must(t, os.Rename(path+".tmp", path))
	}
	tests := []struct {
		name   string
		change func(t *testing.T, path string)
		want   string
	}{
		{"renamed over", moved, "new" + whole},
		{"renamed over, then written to", func(t *testing.T, path string) {
			moved(t, path)
			write(t, path, "newer")
		}, "newer" + inPlace},
		{"removed and made anew", func(t *testing.T, path string) {
			must(t, os.Remove(path))
			write(t, path, "new")
		}, "new" + inPlace},
		{"swapped, then removed and made anew", func(t *testing.T, path string) {
			write(t, path+".other", "other")
			must(t, os.Symlink(path+".other", path+".tmp"), os.Rename(path+".tmp", path), os.Remove(path))
			write(t, path, "new")
		}, "new" + inPlace},
		{"swapped, then written to", func(t *testing.T, path string) {
			write(t, path+".2", "new")
			must(t, os.Symlink(path+".2", path+".tmp"), os.Rename(path+".tmp", path))
			time.Sleep(20 * time.Millisecond) // the clock that files get their times from is coarse
			write(t, path, "newer")
		}, "newer" + inPlace},
		{"renamed over, and a link again", func(t *testing.T, path string) {
			moved(t, path)
			write(t, path+".other", "newer")
			must(t, os.Symlink(path+".other", path+".tmp"), os.Rename(path+".tmp", path))
		}, "newer" + whole},
		{"renamed over, a link again, then written to", func(t *testing.T, path string) {
			moved(t, path)
			link(t, path)
			write(t, path, "newest")
		}, "newest" + inPlace},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "topology.yaml")
			write(t, path+".1", "old")
			must(t, os.Symlink(path+".1", path))
			f := open(t, path)
			if first := next(t, f); first != "old"+inPlace && first != "old"+whole { // by how soon the link was made
				t.Fatal(first)
			}
			tt.change(t, path)
			expect(t, f, tt.want)
		})
	}
}
