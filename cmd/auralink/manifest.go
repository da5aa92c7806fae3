package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/renameio/v2"

	"github.com/auralink/auralink/zones"
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

// adopt lists the files of an export whose manifest was lost, by what they say
// of themselves.
func (m *manifest) adopt(dir string, now manifest) error {
	if m.VPC != "" {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !entry.Type().IsRegular() || filepath.Ext(entry.Name()) != ".zone" {
			continue
		}
		head, err := readHead(filepath.Join(dir, entry.Name()))
		if err != nil {
			return err
		}
		if vpc, ours := zones.WrittenFor(head); ours {
			m.Format, m.VPC = now.Format, vpc
			m.Files = append(m.Files, entry.Name())
			if vpc != now.VPC {
				return nil // which checkSame refuses
			}
		}
	}
	return nil
}

// readHead returns the beginning of a file, in which it would say that it is
// ours.
func readHead(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, 1024))
}

// checkForeign refuses to overwrite a file that no export has written.
func (m manifest) checkForeign(dir string, names []string) error {
	for _, name := range m.without(names) {
		path := filepath.Join(dir, name)
		switch _, err := os.Lstat(path); {
		case err == nil:
			return hintedError{
				err:  fmt.Errorf("%s is there already, and not auralink's", path),
				hint: "move it away, or choose another directory with --out",
			}
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
	}
	return nil
}

// removeFiles removes files of dir, if they are there.
func removeFiles(dir string, names []string) error {
	for _, name := range names {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
