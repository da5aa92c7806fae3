package existing

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/auralink/auralink/internal/exportdir"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/all"
)

// ManifestOver returns the manifest of the export that a directory or a file is of;
// the zero manifest, if of none.
func ManifestOver(path string) (exportdir.Manifest, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil: // a URL, or a file; whether that can be read is said later
		return exportdir.Manifest{}, nil
	case info.IsDir():
		return exportdir.ReadManifest(path)
	}
	m, err := exportdir.ReadManifest(filepath.Dir(path))
	if err != nil || !slices.Contains(m.Files, filepath.Base(path)) {
		return exportdir.Manifest{}, nil // somebody's file, whatever is beside it
	}
	return m, nil
}

// readExport reads what an export has written.
func (o Options) readExport(b *holdings.Builder, dir string, m exportdir.Manifest) error {
	readable := false
	for _, name := range m.Files {
		read := exportdir.ReaderOf(m.Format, name)
		if read == nil {
			continue
		}
		readable = true
		// A file that is gone has no records any more.
		if _, err := o.readFile(b, filepath.Join(dir, name), read); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if written, _ := all.Named(m.Format); !readable && len(m.Files) > 0 && !written.CanReadBack() {
		return hint.Add(fmt.Errorf("%s has an export in the format %s, which cannot be read back", dir, m.Format),
			"auralink export --check compares the files themselves")
	}
	return nil
}
