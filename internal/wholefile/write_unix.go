//go:build unix

package wholefile

import (
	"io/fs"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// Write writes a file beside the old one, and then over it. Its mode is that of a new
// file.
func Write(path string, text []byte) error {
	return renameio.WriteFile(path, text, newFile, renameio.WithTempDir(filepath.Dir(path)))
}

// write is Write with a mode, whatever the process's umask.
func write(path string, text []byte, mode fs.FileMode) error {
	return renameio.WriteFile(path, text, mode, renameio.WithTempDir(filepath.Dir(path)), renameio.IgnoreUmask())
}
