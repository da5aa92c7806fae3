package file_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestWays: whatever happened to a file while nobody looked, a text that was written in
// place last is never taken for one that was replaced whole.
func TestWays(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for files to rest")
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	for n := range 20 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			w := ways{T: t, path: filepath.Join(t.TempDir(), "topology.yaml"), rand: rand.New(rand.NewPCG(seed, uint64(n)))}
			write(t, w.path, "first")
			f := open(t, w.path)
			next(t, f)
			for range 3 {
				w.change()
				if got := next(t, f); got != w.want() {
					t.Fatalf("%q, want %q, after %s", got, w.want(), strings.Join(w.taken, ", "))
				}
			}
		})
	}
}

// ways changes a file, in several ways at once.
type ways struct {
	*testing.T
	path  string
	rand  *rand.Rand
	count int
	taken []string
}

// change makes up to four changes. Between two of them the clock moves on that files get
// their times from.
func (w *ways) change() {
	for range 1 + w.rand.IntN(4) {
		w.count++
		text := fmt.Sprint("text ", w.count)
		way := []string{"renamed", "swapped", "in place", "in place"}[w.rand.IntN(4)]
		switch way {
		case "renamed":
			write(w.T, w.path+".new", text)
			must(w.T, os.Rename(w.path+".new", w.path))
		case "swapped":
			dir := fmt.Sprint(w.path, ".", w.count)
			must(w.T, os.Mkdir(dir, 0o700))
			write(w.T, filepath.Join(dir, "real"), text)
			must(w.T, os.Symlink(filepath.Join(dir, "real"), w.path+".link"), os.Rename(w.path+".link", w.path))
		default:
			write(w.T, w.path, text)
		}
		w.taken = append(w.taken, way)
		time.Sleep(20 * time.Millisecond)
	}
}

// want is what is to be told of the last change.
func (w *ways) want() string {
	if w.taken[len(w.taken)-1] == "in place" {
		return fmt.Sprint("text ", w.count, inPlace)
	}
	return fmt.Sprint("text ", w.count, whole)
}
