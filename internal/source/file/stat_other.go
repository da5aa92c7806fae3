//go:build !linux

package file

import (
	"os"

	"github.com/auralink/auralink/internal/source/rest"
)

// statOf returns what matters of a file's state, as far as all systems have it.
func statOf(info os.FileInfo, err error) (rest.Stat, error) {
	if err != nil {
		return rest.Stat{}, err
	}
	mtime := info.ModTime().UnixNano()
	return rest.Stat{Size: info.Size(), Mtime: mtime, Ctime: mtime}, nil
}

// writerOf cannot be told.
func writerOf(string) rest.Writer { return rest.UnknownWriter }

func newWatch(string) watch { return newLooks() }
