//go:build unix

package exportdir

import (
	"path/filepath"

	"github.com/google/renameio/v2"
)

// replaceFile writes a file of a directory whole, or not at all.
func replaceFile(dir, name string, text []byte) error {
	return renameio.WriteFile(filepath.Join(dir, name), text, 0o644, renameio.WithTempDir(dir))
}
