//go:build !unix

package exportdir

import (
	"errors"
	"os"
	"path/filepath"
)

// replaceFile writes a file of a directory beside the old one, and then over it: what
// Windows has that comes nearest to a rename that is atomic.
func replaceFile(dir, name string, text []byte) error {
	file, err := os.CreateTemp(dir, "."+name+"*")
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}
