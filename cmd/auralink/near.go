package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/spell"
)

// nearPath asks whether a file or a directory is meant that is there, where an error says
// that one is not; else it is "".
func nearPath(err error) string {
	var missing *fs.PathError
	if !errors.As(err, &missing) || !errors.Is(missing, fs.ErrNotExist) {
		return ""
	}
	return cmp.Or(spell.Question(nearPaths(missing.Path)), existing.ServerMeant(missing.Path))
}

// nearPaths returns what is there of paths that are like one that is not: in the first step
// that there is not, another one is meant.
func nearPaths(path string) []string {
	dir, rest := filepath.Dir(path), ""
	for step := filepath.Base(path); ; step, dir = filepath.Base(dir), filepath.Dir(dir) {
		entries, err := os.ReadDir(dir)
		if err == nil {
			return joined(dir, spell.Near(step, visible(entries)), rest)
		}
		if rest = filepath.Join(step, rest); filepath.Dir(dir) == dir {
			return nil
		}
	}
}

// joined returns the paths that are there of those that have a name between a directory and
// a rest, or are like one of them.
func joined(dir string, names []string, rest string) []string {
	var paths []string
	for _, name := range names {
		path := filepath.Join(dir, name, rest)
		if _, err := os.Stat(path); err == nil {
			paths = append(paths, path)
		} else if rest != "" {
			paths = append(paths, nearPaths(path)...)
		}
	}
	return paths
}

// visible returns the names of entries that are not hidden.
func visible(entries []fs.DirEntry) []string {
	var names []string
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), ".") {
			names = append(names, entry.Name())
		}
	}
	return names
}

// inDirectory says what to do about a directory where a topology is wanted.
func inDirectory(dir string) string {
	if path := filepath.Join(dir, defaultTopology); isFile(path) {
		return fmt.Sprintf("did you mean %q?", path)
	}
	return fmt.Sprintf("a topology is a file, and %s is a directory", dir)
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
