//go:build unix

package exportdir

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// tryLock takes the lock of a directory, or returns errLocked. A file system, such as
// one of a network, may have no locks for directories: there those who export must see
// to it themselves.
func tryLock(dir *os.File, how share) error {
	flag := unix.LOCK_EX
	if how == together {
		flag = unix.LOCK_SH
	}
	err := unix.Flock(int(dir.Fd()), flag|unix.LOCK_NB)
	switch {
	case errors.Is(err, unix.EWOULDBLOCK):
		return errLocked
	case errors.Is(err, unix.EBADF), errors.Is(err, unix.ENOLCK), errors.Is(err, unix.EOPNOTSUPP), errors.Is(err, unix.ENOSYS):
		return nil
	default:
		return err
	}
}
