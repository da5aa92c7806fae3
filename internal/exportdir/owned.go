package exportdir

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/zones/formats"
)

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
func (m Manifest) owns(path string) (there, ours bool, err error) {
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
func (m Manifest) checkForeign(dir string) error {
	for _, name := range m.Files {
		path := filepath.Join(dir, name)
		there, ours, err := m.owns(path)
		if err != nil {
			return err
		}
		if there && !ours {
			return hint.Add(fmt.Errorf("%s is there already, and not auralink's", path), "move it away, or choose another directory with --out")
		}
	}
	return nil
}

// others returns those of files that are not m's, but that an export for the
// same VPC has written.
func (m Manifest) others(dir string, files []string) ([]string, error) {
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
