package main

import (
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/auralink/auralink/zones/formats"
)

// exportDir is a directory and the export that is to be there.
type exportDir struct {
	path     string
	now      manifest // of the export
	files    iter.Seq[formats.File]
	serials  serialPolicy
	guard    exportGuard
	progress progress
}

const (
	// stageName is the directory in an export's directory where new files wait
	// until all of them are there. It is in the same file system, so that they
	// can be renamed, and has the group and labels by which a name server may
	// read them. What an export that was killed left in it is removed by the
	// next one.
	stageName = ".auralink.tmp"

	// maxFiles bounds the files of one directory. Name servers do not take so
	// many zones either: BIND needs some 50 KiB for each.
	maxFiles = 200_000
)

// write makes the directory hold the export, and says what it did. Until all new
// files are written, and safe on disk, the old ones stand.
func (d *exportDir) write(log io.Writer) error {
	if err := os.MkdirAll(d.path, 0o755); err != nil {
		return fmt.Errorf("making the directory: %w", err)
	}
	// What reading the topology has left is given back, and does not count for
	// when the next garbage is collected: a large export needs little more than
	// the plan.
	debug.FreeOSMemory()
	before, err := d.open()
	if err != nil {
		return err
	}
	stage := filepath.Join(d.path, stageName)
	if err := os.RemoveAll(stage); err != nil {
		return err
	}
	if err := os.Mkdir(stage, 0o755); err != nil {
		return err
	}
	defer os.RemoveAll(stage) //nolint:errcheck // the next export removes it
	changed, err := d.stage(stage)
	if err != nil {
		return err
	}
	removed, err := d.now.others(d.path, before.Files)
	if err != nil {
		return err
	}
	if len(changed)+len(removed) > 0 {
		if err := d.guard.check(d.path, before); err != nil {
			return err
		}
	}
	// Should the work be cut short from here on, the next export knows of all
	// files that may be there.
	if err := d.now.after(before).write(d.path); err != nil {
		return err
	}
	if err := d.replace(stage, changed, removed); err != nil {
		return err
	}
	if err := d.now.write(d.path); err != nil {
		return err
	}
	return d.report(log, changed, removed)
}

// open reads the directory's manifest, and refuses to go on where files are not
// this export's to replace. It lists the files of the export.
func (d *exportDir) open() (before manifest, err error) {
	before, err = readManifest(d.path)
	if err != nil {
		return before, err
	}
	if err := before.adopt(d.path, d.now); err != nil {
		return before, err
	}
	if err := before.checkSame(d.path, d.now); err != nil {
		return before, err
	}
	for file := range d.files {
		if len(d.now.Files) == maxFiles {
			return before, hintedError{
				err:  fmt.Errorf("the export has more than %d files", maxFiles),
				hint: "--shape one-zone, or --format rpz, which is one file",
			}
		}
		d.now.Files = append(d.now.Files, file.Name)
	}
	return before, d.now.checkForeign(d.path)
}

// stage writes the files that differ from what is there into the stage, and
// returns their names.
func (d *exportDir) stage(stage string) ([]string, error) {
	defer d.progress.done()
	var changed []string
	for file := range d.files {
		serial, same, err := d.serials.of(filepath.Join(d.path, file.Name), d.progress.watch(file))
		if err != nil {
			return nil, err
		}
		if same {
			continue
		}
		if err := writeSynced(filepath.Join(stage, file.Name), d.progress.watch(file), serial); err != nil {
			return nil, err
		}
		changed = append(changed, file.Name)
	}
	return changed, nil
}

// writeSynced writes a file that was not there, and waits until it is on disk.
func writeSynced(path string, file formats.File, serial uint32) error {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
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
func (d *exportDir) replace(stage string, changed, removed []string) error {
	for _, name := range changed {
		if err := os.Rename(filepath.Join(stage, name), filepath.Join(d.path, name)); err != nil {
			return err
		}
	}
	for _, name := range removed {
		if err := os.Remove(filepath.Join(d.path, name)); err != nil {
			return err
		}
	}
	return syncDir(d.path)
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
func (d *exportDir) report(log io.Writer, changed, removed []string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d files in %s: %d new or changed; %d removed\n",
		visible(d.now.Files), d.path, visible(changed), len(removed))
	for _, name := range removed {
		fmt.Fprintf(&b, "removed %s\n", name)
	}
	if len(removed) > 0 && d.now.Format == "bind" {
		b.WriteString("auralink: hint: reload the servers' configuration as well: " +
			"a server that cannot find a zone's file may go on with what it has in memory\n")
	}
	_, err := io.WriteString(log, b.String())
	return err
}

// visible returns how many files there are without the one for the guards.
func visible(names []string) int {
	if slices.Contains(names, viewName) {
		return len(names) - 1
	}
	return len(names)
}
