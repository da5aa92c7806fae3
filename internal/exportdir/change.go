package exportdir

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/zones/formats"
)

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
