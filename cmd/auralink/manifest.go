package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/renameio/v2"
)

// manifestName is the file in an export's directory that lists the others.
const manifestName = ".auralink.json"

// manifest says which files in a directory an export has written, and for whom.
// Without it, the wildcard's zone file of a VPC that has several links by now
// would stay behind, and be loaded.
type manifest struct {
	Format string   `json:"format"`
	VPC    string   `json:"vpc"`
	Files  []string `json:"files"`
}

// readManifest returns the zero manifest for a directory without one.
func readManifest(dir string) (manifest, error) {
	path := filepath.Join(dir, manifestName)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return manifest{}, nil
	}
	if err != nil {
		return manifest{}, err
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return manifest{}, fmt.Errorf("reading %s: %w", path, err)
	}
	for _, name := range m.Files {
		if name != filepath.Base(name) {
			return manifest{}, fmt.Errorf("reading %s: %q is not the name of a file in this directory", path, name)
		}
	}
	return m, nil
}

// checkSame refuses to mix the exports of two VPCs, or of two formats: one
// would overwrite the other's files.
func (m manifest) checkSame(dir string, now manifest) error {
	if m.VPC == "" || m.VPC == now.VPC && m.Format == now.Format {
		return nil
	}
	return hintedError{
		err:  fmt.Errorf("%s has the %s export of VPC %q", dir, m.Format, m.VPC),
		hint: "--out, another directory for each VPC and format",
	}
}

// with returns m together with more files.
func (m manifest) with(files []string) manifest {
	m.Files = slices.Concat(m.Files, files)
	return m
}

// without returns those of files that are not m's.
func (m manifest) without(files []string) []string {
	mine := make(map[string]bool, len(m.Files))
	for _, name := range m.Files {
		mine[name] = true
	}
	return slices.DeleteFunc(slices.Clone(files), func(name string) bool { return mine[name] })
}

func (m manifest) write(dir string) error {
	slices.Sort(m.Files)
	m.Files = slices.Compact(m.Files)
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return renameio.WriteFile(filepath.Join(dir, manifestName), append(text, '\n'), 0o644)
}

// removeFiles removes files of dir, and returns how many there were.
func removeFiles(dir string, names []string) (int, error) {
	removed := 0
	for _, name := range names {
		err := os.Remove(filepath.Join(dir, name))
		switch {
		case err == nil:
			removed++
		case !errors.Is(err, fs.ErrNotExist):
			return removed, err
		}
	}
	return removed, nil
}
