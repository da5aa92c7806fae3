package file

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"

	"github.com/auralink/auralink/internal/source/rest"
)

// writerOf asks the system for a read lease on a file, which it grants if nobody
// has the file open for writing, and gives it back at once. Only the file's owner,
// or who has CAP_LEASE, may ask; some file systems have none.
func writerOf(path string) rest.Writer {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return rest.UnknownWriter
	}
	file := os.NewFile(uintptr(fd), path)
	defer file.Close()
	_, err = unix.FcntlInt(uintptr(fd), unix.F_SETLEASE, unix.F_RDLCK)
	switch {
	case errors.Is(err, unix.EAGAIN):
		return rest.SomeWriter
	case err != nil:
		return rest.UnknownWriter
	}
	_, _ = unix.FcntlInt(uintptr(fd), unix.F_SETLEASE, unix.F_UNLCK) // as closing it would
	return rest.NoWriter
}
