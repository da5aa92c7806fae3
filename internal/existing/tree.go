package existing

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/auralink/auralink/zones/formats"
)

// tree is the files at and below the directory of what is read. None outside is opened,
// by whatever path or link.
type tree struct {
	root *os.Root
	dir  string   // as it was given, or ""
	abs  []string // the same as absolute paths: as given, and without links
	left int64    // how many octets may still be read
	// opened is told of each file that is opened.
	opened func(name string)
}

// newTree returns the tree of a file or a directory.
func newTree(path string, opened func(name string)) (*tree, error) {
	dir := path
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		dir = filepath.Dir(path)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	t := &tree{root: root, dir: dir, left: formats.MaxOctets, opened: opened}
	if abs, err := filepath.Abs(dir); err == nil {
		t.abs = append(t.abs, abs)
		if straight, err := filepath.EvalSymlinks(abs); err == nil && straight != abs {
			t.abs = append(t.abs, straight)
		}
	}
	return t, nil
}

// close ends the use of the tree.
func (t *tree) close() { _ = t.root.Close() } // it was only read

// Find implements [formats.Tree].
func (t *tree) Find(m formats.Mention) (formats.Found, error) {
	path := filepath.FromSlash(m.Path)
	if filepath.IsAbs(path) {
		rel, err := t.relative(path)
		if err != nil {
			return formats.Found{}, err
		}
		names, err := t.list(rel, m.Kind)
		return formats.Found{Names: names}, err
	}
	dirs, outside := t.dirs(m)
	err := formats.ErrOutside
	for i, dir := range dirs {
		names, listErr := t.list(filepath.Join(dir, path), m.Kind)
		if listErr == nil {
			beside := outside == "" && i > 0 && i == len(dirs)-1
			return formats.Found{Names: names, Instead: outside, Beside: beside}, nil
		}
		if errors.Is(err, formats.ErrOutside) && outside == "" {
			err = listErr
		}
	}
	return formats.Found{}, err
}

// dirs returns the directories, relative to the root, in which a relative path may be
// meant: that which the file says, or that of the first file, or that of the file itself.
// A directory that is outside is returned by itself.
func (t *tree) dirs(m formats.Mention) (dirs []string, outside string) {
	var all []string
	first, last := filepath.Dir(m.From[0]), filepath.Dir(m.From[len(m.From)-1])
	if m.Beside {
		first = last
	}
	if m.Dir != "" {
		dir := filepath.FromSlash(m.Dir)
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(first, dir)
		}
		if rel, err := t.relative(dir); err == nil {
			all = append(all, rel)
		} else {
			outside = m.Dir
		}
	}
	for _, dir := range []string{first, last} {
		if rel, err := t.relative(dir); err == nil && !slices.Contains(all, rel) {
			all = append(all, rel)
		}
	}
	return all, outside
}

// relative returns a path as it is below the root.
func (t *tree) relative(path string) (string, error) {
	if !filepath.IsAbs(path) {
		rel, err := filepath.Rel(t.dir, path)
		if err != nil || !filepath.IsLocal(rel) {
			return "", formats.ErrOutside
		}
		return rel, nil
	}
	for _, abs := range t.abs {
		if rel, err := filepath.Rel(abs, path); err == nil && filepath.IsLocal(rel) {
			return rel, nil
		}
	}
	return "", formats.ErrOutside
}

// list returns the files for which a path below the root stands.
func (t *tree) list(path string, kind formats.MentionKind) ([]string, error) {
	path = filepath.Clean(path)
	if !filepath.IsLocal(path) {
		return nil, formats.ErrOutside
	}
	switch {
	case kind == formats.Folder:
		return t.folder(path)
	case kind == formats.Deep:
		return t.deep(path)
	case kind == formats.Pattern && strings.ContainsAny(path, "*?["):
		return t.matches(path)
	}
	info, err := t.root.Stat(path)
	if err != nil {
		return nil, escaped(err)
	}
	if kind == formats.Either && info.IsDir() {
		return t.folder(path)
	}
	return []string{filepath.Join(t.dir, path)}, nil
}

// escaped is an error of the root, of which a link that leads outside is one.
func escaped(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var path *fs.PathError
	if errors.As(err, &path) && strings.Contains(path.Err.Error(), "escapes") {
		return formats.ErrOutside
	}
	return err
}

// folder returns the files directly in a directory.
func (t *tree) folder(path string) ([]string, error) {
	entries, err := fs.ReadDir(t.root.FS(), filepath.ToSlash(path))
	if err != nil {
		return nil, escaped(err)
	}
	names := []string{}
	for _, entry := range entries {
		info, err := t.root.Stat(filepath.Join(path, entry.Name()))
		if err == nil && info.Mode().IsRegular() {
			names = append(names, filepath.Join(t.dir, path, entry.Name()))
		}
	}
	return names, nil
}

// deep returns the files of a directory at any depth.
func (t *tree) deep(path string) ([]string, error) {
	names := []string{}
	err := fs.WalkDir(t.root.FS(), filepath.ToSlash(path), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return escaped(err)
		}
		if entry.Type().IsRegular() {
			names = append(names, filepath.Join(t.dir, path))
		}
		if len(names) > maxDeep {
			return errDeep
		}
		return nil
	})
	return names, err
}

// maxDeep is how many files a directory may have that is read at any depth.
const maxDeep = 10000

// matches returns the files whose names match a pattern of glob(7).
func (t *tree) matches(pattern string) ([]string, error) {
	found, err := fs.Glob(t.root.FS(), strings.ReplaceAll(filepath.ToSlash(pattern), "[!", "[^"))
	if err != nil {
		return nil, fmt.Errorf("it is no pattern: %w", err)
	}
	var names []string
	for _, path := range found {
		hidden := strings.HasPrefix(filepath.Base(path), ".") && !strings.HasPrefix(filepath.Base(pattern), ".")
		if info, err := t.root.Stat(path); hidden || err != nil || !info.Mode().IsRegular() {
			continue
		}
		names = append(names, filepath.Join(t.dir, path))
	}
	if len(names) == 0 && t.hasDirectory(pattern) {
		return nil, formats.ErrNoMatch
	}
	if len(names) == 0 {
		return nil, fs.ErrNotExist
	}
	return names, nil
}

// hasDirectory reports whether the directory of a pattern is there, as far as it is named.
func (t *tree) hasDirectory(pattern string) bool {
	dir := filepath.Dir(pattern)
	for strings.ContainsAny(dir, "*?[") {
		dir = filepath.Dir(dir)
	}
	info, err := t.root.Stat(dir)
	return err == nil && info.IsDir()
}

var (
	errRegular = errors.New("it is no file")
	errDeep    = fmt.Errorf("it has more than %d files", maxDeep)
	errTooMuch = errors.New("the files that others name have too many octets together")
)

// Open implements [formats.Tree].
func (t *tree) Open(name string) (io.ReadCloser, error) {
	rel, err := t.relative(name)
	if err != nil {
		return nil, err
	}
	info, err := t.root.Stat(rel)
	if err != nil {
		return nil, escaped(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errRegular
	}
	file, err := t.root.Open(rel)
	if err != nil {
		return nil, escaped(err)
	}
	if t.opened != nil {
		t.opened(name)
	}
	return counted{file, t}, nil
}

// counted is a file whose octets count for the whole tree.
type counted struct {
	*os.File
	tree *tree
}

// Read implements io.Reader.
func (c counted) Read(p []byte) (int, error) {
	if c.tree.left <= 0 {
		return 0, errTooMuch
	}
	n, err := c.File.Read(p[:min(int64(len(p)), c.tree.left)])
	c.tree.left -= int64(n)
	return n, err
}
