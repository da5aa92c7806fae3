// Package exportdir keeps an export in a directory: new files replace the old ones
// when all of them are on disk, a manifest says which are ours, serials rise with the
// zones, guards refuse what is more likely a mistake, and one export writes at a
// time.
package exportdir

import (
	"context"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/zones/formats"
)

// Dir is a directory and the export that is to be there.
type Dir struct {
	// Path is that of the directory.
	Path string
	// Now is the manifest of the export, as yet without files.
	Now Manifest
	// Files are those of the export.
	Files iter.Seq[formats.File]
	// Serials gives the serials of zone files.
	Serials Serials
	// Guard stands before what would be replaced.
	Guard Protection
	// Progress shows how far the writing has come.
	Progress Progress
	// Stale is told the path of each file that differs when it is checked; nil if
	// nobody wants to know.
	Stale func(path string)
}

func (d *Dir) stale(name string) {
	if d.Stale != nil {
		d.Stale(filepath.Join(d.Path, name))
	}
}

// Progress shows how far an export has come.
type Progress interface {
	// Watch returns the file with what is written of it counted.
	Watch(file formats.File) formats.File
	// Done takes what is shown away.
	Done()
}

// StageName is the directory in an export's directory where new files wait until all
// of them are there. It is in the same file system, so that they can be renamed, and
// has the group and labels by which a name server may read them. What an export that
// was killed left in it is removed by the next one.
const StageName = ".auralink.tmp"

// maxFiles bounds the files of one directory. Name servers do not take so many zones
// either: BIND needs some 50 KiB for each.
const maxFiles = 200_000

// Write makes the directory hold the export, and says what it did. Until all new
// files are written, and safe on disk, the old ones stand. It waits for another
// export that writes there.
func (d *Dir) Write(ctx context.Context, log io.Writer) error {
	return WriteAll(ctx, []*Dir{d}, nil, log)
}

// open reads the directory's manifest, and refuses to go on where files are not
// this export's to replace. It lists the files of the export.
func (d *Dir) open() (before Manifest, err error) {
	before, err = ReadManifest(d.Path)
	if err != nil {
		return before, err
	}
	if err := before.adopt(d.Path, d.Now); err != nil {
		return before, err
	}
	if err := before.checkSame(d.Path, d.Now); err != nil {
		return before, err
	}
	if d.Now.List == "" {
		d.Now.List = before.List
	}
	for file := range d.Files {
		if len(d.Now.Files) == maxFiles {
			return before, hint.Add(fmt.Errorf("the export has more than %d files", maxFiles), "--shape one-zone, or --format rpz, which is one file")
		}
		d.Now.Files = append(d.Now.Files, file.Name)
	}
	before.keepNamed(d.Now)
	return before, d.Now.checkForeign(d.Path)
}

// report says what an export did to the files that people look at.
func (d *Dir) report(log io.Writer, changed, removed []string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s in %s: %d new or changed; %d removed\n",
		spell.Count(visible(d.Now.Files), "file"), d.Path, visible(changed), len(removed))
	for _, name := range removed {
		fmt.Fprintf(&b, "removed %s\n", name)
	}
	if len(removed) > 0 && d.Now.Format == "bind" {
		b.WriteString("auralink: hint: reload the servers' configuration as well: " +
			"a server that cannot find a zone's file may go on with what it has in memory\n")
	}
	_, err := io.WriteString(log, b.String())
	return err
}

// visible returns how many files there are without the one for the guards.
func visible(names []string) int {
	if slices.Contains(names, ViewName) {
		return len(names) - 1
	}
	return len(names)
}
