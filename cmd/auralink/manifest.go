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

	"github.com/auralink/auralink/zones/formats"
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
	hint := "remove it: an export knows its files by what they say of themselves"
	if err := json.Unmarshal(text, &m); err != nil {
		return manifest{}, hintedError{err: fmt.Errorf("reading %s: %w", path, err), hint: hint}
	}
	for _, name := range m.Files {
		if name != filepath.Base(name) || !filepath.IsLocal(name) || name == "." {
			err := fmt.Errorf("reading %s: %q is not the name of a file in this directory", path, name)
			return manifest{}, hintedError{err: err, hint: hint}
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

func (m manifest) write(dir string) error {
	slices.Sort(m.Files)
	m.Files = slices.Compact(m.Files)
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return renameio.WriteFile(filepath.Join(dir, manifestName), append(text, '\n'), 0o644, renameio.WithTempDir(dir))
}

// adopt lists the files of an export whose manifest was lost, by what they say
// of themselves.
func (m *manifest) adopt(dir string, now manifest) error {
	if m.VPC != "" {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !entry.Type().IsRegular() {
			continue
		}
		head, err := readHead(filepath.Join(dir, entry.Name()))
		if err != nil {
			return err
		}
		if vpc, ours := formats.WrittenFor(head); ours {
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

// owns reports whether a file is there, and whether an export for this VPC has
// written it.
func (m manifest) owns(path string) (there, ours bool, err error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, false, nil
	case err != nil:
		return false, false, err
	case !info.Mode().IsRegular():
		return true, false, nil
	}
	head, err := readHead(path)
	if err != nil {
		return true, false, err
	}
	vpc, ours := formats.WrittenFor(head)
	return true, ours && vpc == m.VPC, nil
}

// checkForeign refuses to overwrite a file that no export has written.
func (m manifest) checkForeign(dir string) error {
	for _, name := range m.Files {
		path := filepath.Join(dir, name)
		there, ours, err := m.owns(path)
		if err != nil {
			return err
		}
		if there && !ours {
			return hintedError{
				err:  fmt.Errorf("%s is there already, and not auralink's", path),
				hint: "move it away, or choose another directory with --out",
			}
		}
	}
	return nil
}

// others returns those of files that are not m's, but that an export for the
// same VPC has written.
func (m manifest) others(dir string, files []string) ([]string, error) {
	mine := make(map[string]bool, len(m.Files))
	for _, name := range m.Files {
		mine[name] = true
	}
	var others []string
	for _, name := range files {
		if mine[name] {
			continue
		}
		_, ours, err := m.owns(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		if ours {
			others = append(others, name)
		}
	}
	return others, nil
}
