// Package wholefile writes files that are replaced whole or not at all, however the
// writing ends.
package wholefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// newFile is the mode of a file that was not there.
const newFile = 0o644

// Replace writes a file, or puts a text in the place of what one has, and leaves its
// mode. Of a symbolic link it is the file to which it leads.
func Replace(path string, text []byte) error {
	target, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		return write(path, text, newFile)
	}
	if err != nil {
		return err
	}
	info, err := os.Stat(target)
	if err != nil {
		return err
	}
	return write(target, text, info.Mode().Perm())
}

// Create writes a file that is not there. The error is [fs.ErrExist] for one that is.
func Create(path string, text []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, newFile)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}
