package file_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestUpFromALink: a ".." behind a symbolic link is above what that leads to, as the
// system follows it, in a path and in a link's target. The file there is watched, and not
// the one that has the same name where the link stands.
func TestUpFromALink(t *testing.T) {
	for name, path := range map[string]string{"in the path": "cur/../topology.yaml", "in a link's target": "to.yaml"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			led, other := filepath.Join(dir, "real", "topology.yaml"), filepath.Join(dir, "topology.yaml")
			must(t, os.MkdirAll(filepath.Join(dir, "real", "deep"), 0o700), os.Symlink("real/deep", filepath.Join(dir, "cur")),
				os.Symlink("cur/../topology.yaml", filepath.Join(dir, "to.yaml")))
			write(t, led, "old")
			write(t, other, "other")
			time.Sleep(20 * time.Millisecond)
			write(t, led, "old") // after the links were made
			f := open(t, dir+"/"+path)
			expect(t, f, "old"+inPlace)
			write(t, led, "torn")
			write(t, other+".tmp", "another")
			must(t, os.Rename(other+".tmp", other))
			expect(t, f, "torn"+inPlace)
			write(t, led+".tmp", "new")
			must(t, os.Rename(led+".tmp", led))
			expect(t, f, "new"+whole)
		})
	}
}

// TestLinkMadeAnew: a symbolic link that is made anew, and leads where it did, makes no
// text whole that was written in place.
func TestLinkMadeAnew(t *testing.T) {
	for _, target := range []string{"real", "./real", "real/../real"} {
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			link, path := filepath.Join(dir, "link"), filepath.Join(dir, "link", "topology.yaml")
			must(t, os.Mkdir(filepath.Join(dir, "real"), 0o700), os.Symlink("real", link))
			time.Sleep(20 * time.Millisecond)
			write(t, path, "old")
			f := open(t, path)
			expect(t, f, "old"+inPlace)
			write(t, path, "new")
			time.Sleep(20 * time.Millisecond)
			must(t, os.Symlink(target, link+".tmp"), os.Rename(link+".tmp", link))
			expect(t, f, "new"+inPlace)
		})
	}
}
