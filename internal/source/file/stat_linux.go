package file

import (
	"os"
	"syscall"

	"github.com/auralink/auralink/internal/source/rest"
)

// statOf returns what matters of a file's state.
func statOf(info os.FileInfo, err error) (rest.Stat, error) {
	if err != nil {
		return rest.Stat{}, err
	}
	stat := rest.Stat{Size: info.Size(), Mtime: info.ModTime().UnixNano()}
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		stat.Dev, stat.Ino, stat.Ctime = uint64(s.Dev), s.Ino, s.Ctim.Nano() //nolint:unconvert // Dev is a uint32 on some architectures
	}
	return stat, nil
}
