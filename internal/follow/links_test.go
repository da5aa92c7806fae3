package follow

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/auralink/auralink/internal/source/file"
	"github.com/auralink/auralink/internal/source/rest"
)

// TestLinkSwappedMeanwhile: a text that was written in place is held after a restart, though
// the link that leads to it was made anew while nobody looked; a link that was swapped
// releases it.
func TestLinkSwappedMeanwhile(t *testing.T) {
	tests := []struct {
		name   string
		relink string // what the link leads to when the server is started again
		links  int
	}{
		{"made anew", "one", 2},
		{"spelled otherwise", "./one", 2},
		{"swapped", "two", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			link, waits := filepath.Join(dir, "link"), rest.Waits{Rest: time.Millisecond, Young: time.Millisecond, Look: time.Millisecond, Sanity: time.Minute, Unrest: time.Minute}
			put := func(version, text string) {
				t.Helper()
				if err := os.MkdirAll(filepath.Join(dir, version), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, version, "topology.yaml"), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				time.Sleep(20 * time.Millisecond) // the clock that files get their times from is coarse
			}
			relink := func(target string) {
				t.Helper()
				if err := os.Symlink(target, link+".new"); err != nil {
					t.Fatal(err)
				}
				if err := os.Rename(link+".new", link); err != nil {
					t.Fatal(err)
				}
			}
			sc := &scene{T: t, log: &logged{}, block: &block{}}
			options := Options{Guard: GuardInPlace, Snapshot: filepath.Join(dir, "snapshot.yaml")}
			start := func() {
				t.Helper()
				src, err := file.New(filepath.Join(link, "topology.yaml"), 1<<20, waits)
				if err != nil {
					t.Fatal(err)
				}
				f, err := Open(Opening{Source: src, Generation: t.Name(), Options: options, Within: 20 * time.Second, Log: sc.log})
				if err != nil {
					t.Fatal(err)
				}
				sc.follower = f
				f.Join(sc.block, options)
			}
			put("one", twoLinks)
			relink("one")
			start()
			sc.serves(2)
			sc.end()
			put("one", oneLink)
			put("two", oneLink)
			relink(tt.relink)
			start()
			sc.serves(tt.links)
			sc.end()
		})
	}
}
