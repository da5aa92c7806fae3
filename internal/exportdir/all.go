package exportdir

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/spell"
)

// WriteAll makes each directory hold its export, takes the exports out of those in
// gone, and says what it did. All new files are written, and safe on disk, and all
// guards have been asked, before the first of the old ones is replaced: what is
// refused or cannot be written for one directory changes none of them. It waits for
// other exports that write there.
func WriteAll(ctx context.Context, dirs []*Dir, gone []string, log io.Writer) error {
	unlock, err := lockAll(ctx, dirs, gone, log)
	if err != nil {
		return err
	}
	defer unlock()
	changes, err := prepareAll(dirs)
	for _, c := range changes {
		defer c.drop()
	}
	if err != nil {
		return err
	}
	for _, c := range changes {
		if err := c.commit(log); err != nil {
			return fmt.Errorf("%s: %w", c.dir.Path, err)
		}
	}
	for _, path := range gone {
		if err := empty(path, log); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

// lockAll makes and locks all directories, in the order of their paths: two runs at
// once wait for each other, and not both for the other.
func lockAll(ctx context.Context, dirs []*Dir, gone []string, log io.Writer) (unlock func(), err error) {
	paths := slices.Clone(gone)
	for _, d := range dirs {
		if err := os.MkdirAll(d.Path, 0o755); err != nil {
			err = fmt.Errorf("making the directory: %w", err)
			if errors.Is(err, syscall.ENOTDIR) {
				err = hint.Add(err, "name a directory, which is made where it is not there")
			}
			return nil, err
		}
		paths = append(paths, d.Path)
	}
	slices.Sort(paths)
	var unlocks []func()
	unlock = func() {
		for _, u := range unlocks {
			u()
		}
	}
	for _, path := range paths {
		u, err := lock(ctx, path, alone, log)
		if err != nil {
			unlock()
			return nil, err
		}
		unlocks = append(unlocks, u)
	}
	return unlock, nil
}

// prepareAll prepares all changes. It goes on after an error, so that all errors
// are seen at once.
func prepareAll(dirs []*Dir) ([]*change, error) {
	var changes []*change
	var failed []error
	for _, d := range dirs {
		c, err := d.prepare()
		switch {
		case err == nil:
			changes = append(changes, c)
		case len(dirs) > 1:
			failed = append(failed, fmt.Errorf("%s: %w", d.Path, err))
		default:
			failed = append(failed, err)
		}
	}
	if len(failed) == 1 {
		return changes, failed[0] // which keeps its hint
	}
	return changes, errors.Join(failed...)
}

// empty takes an export out of a directory, and the directory away if nothing else
// is in it.
func empty(path string, log io.Writer) error {
	m, err := ReadManifest(path)
	if err != nil {
		return err
	}
	ours, err := (Manifest{VPC: m.VPC}).others(path, m.Files)
	if err != nil {
		return err
	}
	for _, name := range ours {
		if err := os.Remove(filepath.Join(path, name)); err != nil {
			return err
		}
	}
	if err := os.Remove(filepath.Join(path, ManifestName)); err != nil {
		return err
	}
	if err := syncDir(path); err != nil {
		return err
	}
	_ = os.Remove(path) // if nothing else is in it
	_, err = fmt.Fprintf(log, "%s is not listed any more: %s removed\n", path, spell.Count(visible(ours), "file"))
	return err
}

// CheckGone prints what would be removed from a directory that is not listed any
// more.
func CheckGone(path string, out io.Writer) error {
	m, err := ReadManifest(path)
	if err != nil {
		return err
	}
	ours, err := (Manifest{VPC: m.VPC}).others(path, m.Files)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "%s is not listed any more\n", path); err != nil {
		return err
	}
	for _, name := range ours {
		if name == ViewName {
			continue
		}
		if err := printDifference(out, filepath.Join(path, name), nil); err != nil {
			return err
		}
	}
	return nil
}

// Unlisted returns the directories below that of a list whose exports the list has
// written, but for those that it has now. Hidden directories have none.
func Unlisted(list string, now []string) ([]string, error) {
	listed := make(map[string]bool, len(now))
	for _, path := range now {
		listed[filepath.Clean(path)] = true
	}
	var gone []string
	base := filepath.Dir(list)
	err := filepath.WalkDir(base, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil && path == base:
			return err
		case err != nil:
			return fs.SkipDir // not ours to read, and so not ours
		case entry.IsDir() && path != base && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case entry.Name() != ManifestName || listed[filepath.Dir(path)]:
			return nil
		}
		dir := filepath.Dir(path)
		m, err := ReadManifest(dir)
		if err != nil {
			return err
		}
		if m.List != "" && filepath.Join(dir, filepath.FromSlash(m.List)) == filepath.Clean(list) {
			gone = append(gone, dir)
		}
		return nil
	})
	return gone, err
}

// ListFrom returns the path of a list as the manifest in a directory below it has it.
func ListFrom(dir, list string) (string, error) {
	path, err := filepath.Rel(dir, list)
	return filepath.ToSlash(path), err
}
