package existing

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/auralink/auralink/internal/exportdir"
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
