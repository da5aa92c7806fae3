package exportdir

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// lockEvery is how often a lock that somebody else has is asked for.
const lockEvery = 50 * time.Millisecond

// lock locks a directory for one export to write, or for several to compare, and
// returns what unlocks it. It waits for those who have it, and says so once. The
// lock is the system's, and goes with the process: nothing is left of it.
func lock(ctx context.Context, path string, how int, log io.Writer) (unlock func(), err error) {
	dir, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	unlock = func() { _ = dir.Close() } // it was read at most
	ticker := time.NewTicker(lockEvery)
	defer ticker.Stop()
	for waiting := false; ; waiting = true {
		err := unix.Flock(int(dir.Fd()), how|unix.LOCK_NB)
		switch {
		case err == nil, isUnlockable(err):
			return unlock, nil
		case !errors.Is(err, unix.EWOULDBLOCK):
			unlock()
			return nil, fmt.Errorf("locking %s: %w", path, err)
		case !waiting:
			fmt.Fprintf(log, "note: another export is writing into %s: waiting for it\n", path)
		}
		select {
		case <-ctx.Done():
			unlock()
			return nil, fmt.Errorf("waiting for another export into %s: %w", path, context.Cause(ctx))
		case <-ticker.C:
		}
	}
}

// isUnlockable reports whether a file system, such as one of a network, has no locks
// for directories. There those who export must see to it themselves.
func isUnlockable(err error) bool {
	return errors.Is(err, unix.EBADF) || errors.Is(err, unix.ENOLCK) || errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.ENOSYS)
}
