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
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/guard"
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

// change is an export that only needs to be moved into place.
type change struct {
	dir              *Dir
	before           Manifest
	stage            string
	changed, removed []string
}

// prepare writes what differs beside what is there, in a directory that is locked,
// and asks the guards.
func (d *Dir) prepare() (c *change, err error) {
	// What reading the topology has left is given back, and does not count for
	// when the next garbage is collected: a large export needs little more than
	// the plan.
	debug.FreeOSMemory()
	c = &change{dir: d, stage: filepath.Join(d.Path, StageName)}
	if c.before, err = d.open(); err != nil {
		return nil, err
	}
	if err := os.RemoveAll(c.stage); err != nil {
		return nil, err
	}
	if err := os.Mkdir(c.stage, 0o755); err != nil {
		return nil, err
	}
	if err := c.fill(); err != nil {
		c.drop()
		return nil, err
	}
	return c, nil
}

// fill stages the change.
func (c *change) fill() (err error) {
	d := c.dir
	var missed *guard.SerialStep
	if c.changed, missed, err = d.stage(c.stage); err != nil {
		return err
	}
	if c.removed, err = d.Now.others(d.Path, c.before.Files); err != nil {
		return err
	}
	if len(c.changed)+len(c.removed) == 0 {
		return nil
	}
	return d.Guard.check(d.Path, c.before, missed)
}

// drop removes what was staged and not moved. The next export removes what cannot
// be removed now.
func (c *change) drop() { _ = os.RemoveAll(c.stage) }

// commit moves the change into place.
func (c *change) commit(log io.Writer) error {
	d := c.dir
	// Should the work be cut short from here on, the next export knows of all
	// files that may be there.
	if err := d.Now.after(c.before).write(d.Path); err != nil {
		return err
	}
	if err := d.replace(c.stage, c.changed, c.removed); err != nil {
		return err
	}
	if err := d.Now.write(d.Path); err != nil {
		return err
	}
	return d.report(log, c.changed, c.removed)
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

// stage writes the files that differ from what is there into the stage, and
// returns their names, and the first step of a serial that secondaries would miss.
func (d *Dir) stage(stage string) (changed []string, missed *guard.SerialStep, err error) {
	defer d.Progress.Done()
	for file := range d.Files {
		written := digestOf(file)
		serial, same, err := d.Serials.of(filepath.Join(d.Path, file.Name), d.Progress.Watch(written.File))
		if err != nil {
			return nil, nil, err
		}
		if missed == nil && !same {
			if missed, err = d.Serials.step(filepath.Join(d.Path, file.Name), file); err != nil {
				return nil, nil, err
			}
		}
		if !same || lacksRunBit(filepath.Join(d.Path, file.Name), file) {
			if err := writeSynced(filepath.Join(stage, file.Name), d.Progress.Watch(written.File), serial); err != nil {
				return nil, nil, err
			}
			changed = append(changed, file.Name)
		}
		if ReaderOf(d.Now.Format, file.Name) == nil || file.Name == ViewName {
			d.Now.Digests[file.Name] = []string{written.digest()}
		}
	}
	return changed, missed, nil
}

// modeOf returns the permissions of a new file: a script can be run as it is.
func modeOf(file formats.File) os.FileMode {
	if strings.HasSuffix(file.Name, ".sh") {
		return 0o755
	}
	return 0o644
}

// lacksRunBit reports whether a script is there that nobody may run.
func lacksRunBit(path string, file formats.File) bool {
	info, err := os.Stat(path)
	return err == nil && modeOf(file)&0o100 != 0 && info.Mode()&0o100 == 0
}

// writeSynced writes a file that was not there, and waits until it is on disk.
func writeSynced(path string, file formats.File, serial uint32) error {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, modeOf(file))
	if err != nil {
		return err
	}
	defer out.Close()
	if err := file.Write(out, serial); err != nil {
		return fmt.Errorf("writing %s: %w", file.Name, err)
	}
	if err := out.Sync(); err != nil {
		return fmt.Errorf("writing %s: %w", file.Name, err)
	}
	return out.Close()
}

// replace moves what has changed from the stage into place, and removes what is
// no longer part of the export.
func (d *Dir) replace(stage string, changed, removed []string) error {
	for _, name := range changed {
		if err := os.Rename(filepath.Join(stage, name), filepath.Join(d.Path, name)); err != nil {
			return err
		}
	}
	for _, name := range removed {
		if err := os.Remove(filepath.Join(d.Path, name)); err != nil {
			return err
		}
	}
	return syncDir(d.Path)
}

// syncDir waits until a directory's entries are on disk.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
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
